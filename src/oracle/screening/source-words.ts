import type { LegValue } from '../conversion/leg-value';
import { priceRange, type PriceRange } from '../conversion/price-range';
import type { Slots } from '../observation/slots';
import type { OraclePlan } from '../plan';
import type { EpochMs } from '../units/time';
import { verdictCode } from '../verdict';
import { expiry, freshness, spokenAt } from './freshness';

const USED = verdictCode('used');
const LEG_HALTED = verdictCode('legHalted');
const OUT_OF_RANGE = verdictCode('outOfRange');
const FROZEN = verdictCode('frozen');

/** What the plan asks of one source's word. */
interface Terms {
  readonly leg: number | undefined;
  readonly range: PriceRange;
  readonly maxAgeMs: number;
  readonly maxQuietMs: number;
}

/**
 * What sources say in their feed's currency, or why they have no say: the same for one that votes and one that only
 * witnesses. The fields speak of the source that was judged last.
 */
export class SourceWords {
  /** Its price, converted; only where the verdict is `used`, as are the three after it. */
  price = NaN;
  leg: number | undefined;
  /** What one unit of its quote currency is worth. */
  rate = 1;
  /** When it will have no say any more. */
  expiresAt: EpochMs = Infinity;
  /** The evidence, where the verdict is another. */
  measured = NaN;
  limit = NaN;
  private readonly terms: readonly Terms[];

  constructor(
    plan: OraclePlan,
    private readonly slots: Slots,
    private readonly legValues: readonly (LegValue | undefined)[],
  ) {
    const ranges = plan.feeds.map(({ decimals }) => priceRange(decimals));
    this.terms = plan.sources.map(({ feed, leg, maxAgeMs, maxQuietMs = Infinity }) => ({
      leg,
      range: ranges[feed] as PriceRange,
      maxAgeMs,
      maxQuietMs,
    }));
  }

  /** The code of its verdict: the first fault found, or `used`. */
  judge(source: number, at: EpochMs): number {
    const { slots } = this;
    const code = slots.code[source] as number;
    if (code !== USED) return this.refuse(code, slots.measured[source] as number, slots.limit[source] as number);
    const { leg, range, maxAgeMs, maxQuietMs } = this.terms[source] as Terms;
    const legValue = leg === undefined ? undefined : this.legValues[leg];
    if (leg !== undefined && legValue === undefined) {
      return this.refuse(LEG_HALTED, slots.price[source] as number, NaN);
    }
    this.leg = leg;
    this.rate = legValue?.price ?? 1;
    const price = (slots.price[source] as number) * this.rate;
    this.price = price;
    if (!(price >= range.min && price < range.max)) {
      return this.refuse(OUT_OF_RANGE, price, price < range.min ? range.min : range.max);
    }
    const receivedAt = slots.receivedAt[source] as number;
    const eventAt = slots.eventAt[source] as number;
    const fresh = freshness(at, receivedAt, eventAt, maxAgeMs);
    if (fresh !== USED) return this.refuse(fresh, at - spokenAt(receivedAt, eventAt), maxAgeMs);
    const changedAt = slots.changedAt[source] as number;
    if (at - changedAt >= maxQuietMs) return this.refuse(FROZEN, at - changedAt, maxQuietMs);
    this.expiresAt = Math.min(expiry(receivedAt, eventAt, maxAgeMs), changedAt + maxQuietMs);
    return USED;
  }

  private refuse(code: number, measured: number, limit: number): number {
    this.measured = measured;
    this.limit = limit;
    return code;
  }
}
