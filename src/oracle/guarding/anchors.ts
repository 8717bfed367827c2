import type { VerdictRows } from '../aggregation/verdict-rows';
import type { LegValue } from '../conversion/leg-value';
import { priceRange, type PriceRange } from '../conversion/price-range';
import type { Slots } from '../observation/slots';
import type { OraclePlan, SourcePlan } from '../plan';
import { expiry, freshness, spokenAt } from '../screening/freshness';
import type { EpochMs } from '../units/time';
import { verdictCode } from '../verdict';
import { deviationBps, weighTestimony, type Testimony, type Witness } from './testimony';

const USABLE = verdictCode('used');
const WITNESS = verdictCode('witness');
const LEG_HALTED = verdictCode('legHalted');
const OUT_OF_RANGE = verdictCode('outOfRange');
const FROZEN = verdictCode('frozen');

const NOBODY: Hearing = { testimony: weighTestimony([], NaN), expiresAt: Infinity };

/** The testimony of an instant, and when the first of those who gave it will be no witness any more. */
export interface Hearing {
  readonly testimony: Testimony;
  readonly expiresAt: EpochMs;
}

/** Where the sources of venues, and what converts them, are to be read and judged. */
export interface Testified {
  readonly slots: Slots;
  readonly legValues: readonly (LegValue | undefined)[];
  readonly verdicts: VerdictRows;
}

/** Witnesses that never move a price: what chains answered, and the sources that venues lend as anchors. */
export class Anchors {
  private readonly ofChains: readonly (readonly number[])[];
  private readonly ofVenues: readonly (readonly number[])[];
  private readonly ranges: readonly PriceRange[];
  private readonly value: Float64Array;
  private readonly updatedAt: Float64Array;

  constructor(
    private readonly plan: OraclePlan,
    private readonly heard: Testified,
  ) {
    this.value = new Float64Array(plan.anchors.length).fill(NaN);
    this.updatedAt = new Float64Array(plan.anchors.length).fill(NaN);
    this.ranges = plan.feeds.map(({ decimals }) => priceRange(decimals));
    this.ofChains = plan.feeds.map((_, feed) => indicesWhere(plan.anchors, (anchor) => anchor.feed === feed));
    this.ofVenues = plan.feeds.map((_, feed) =>
      indicesWhere(plan.sources, (source) => source.feed === feed && source.anchor !== undefined),
    );
  }

  /** Takes a chain's answer; an older one than it gave before is ignored. Returns the feed it speaks about. */
  observe(anchor: number, value: number, updatedAt: EpochMs): number {
    const plan = this.plan.anchors[anchor];
    if (plan === undefined)
      throw new RangeError(`anchor ${anchor} is not among the ${this.plan.anchors.length} of the plan`);
    if (!(updatedAt < (this.updatedAt[anchor] ?? NaN))) {
      this.value[anchor] = value;
      this.updatedAt[anchor] = updatedAt;
    }
    return plan.feed;
  }

  /** What the feed's anchors say of a price, NaN where there is none; those of venues are given their verdicts. */
  hear(feed: number, price: number, at: EpochMs): Hearing {
    const chains = this.ofChains[feed] ?? [];
    const venues = this.ofVenues[feed] ?? [];
    if (chains.length + venues.length === 0) return NOBODY;
    const witnesses: Witness[] = [];
    let expiresAt = Infinity;
    for (const anchor of chains) {
      const { upstream, maxDeviationBps, maxAgeMs } = this.plan.anchors[anchor] as OraclePlan['anchors'][number];
      const value = this.value[anchor] as number;
      const expiresWitnessAt = (this.updatedAt[anchor] as number) + maxAgeMs;
      if (!(at < expiresWitnessAt && Number.isFinite(value))) continue;
      witnesses.push({ upstream, value, maxDeviationBps });
      expiresAt = Math.min(expiresAt, expiresWitnessAt);
    }
    for (const source of venues) {
      const { upstream, maxAgeMs, maxQuietMs = Infinity, anchor } = this.plan.sources[source] as SourcePlan;
      const value = this.ask(source, at);
      if (Number.isNaN(value) || anchor === undefined) continue;
      const witness = { upstream, value, maxDeviationBps: anchor.maxDeviationBps };
      const { receivedAt, eventAt, changedAt } = this.heard.slots;
      const staleAt = expiry(receivedAt[source] as number, eventAt[source] as number, maxAgeMs);
      witnesses.push(witness);
      expiresAt = Math.min(expiresAt, staleAt, (changedAt[source] as number) + maxQuietMs);
      this.heard.verdicts.add(source, WITNESS, deviationBps(witness, price), anchor.maxDeviationBps);
    }
    return { testimony: weighTestimony(witnesses, price), expiresAt };
  }

  /** What a source says in the feed's currency; NaN, with the verdict that tells why, where it is no witness. */
  private ask(source: number, at: EpochMs): number {
    const { slots, legValues } = this.heard;
    const { feed, leg, maxAgeMs, maxQuietMs = Infinity } = this.plan.sources[source] as SourcePlan;
    const code = slots.code[source] as number;
    if (code !== USABLE)
      return this.refuse(source, code, slots.measured[source] as number, slots.limit[source] as number);
    const legValue = leg === undefined ? undefined : legValues[leg];
    if (leg !== undefined && legValue === undefined) {
      return this.refuse(source, LEG_HALTED, slots.price[source] as number, NaN);
    }
    const value = (slots.price[source] as number) * (legValue?.price ?? 1);
    const { min, max } = this.ranges[feed] as PriceRange;
    if (!(value >= min && value < max)) return this.refuse(source, OUT_OF_RANGE, value, value < min ? min : max);
    const receivedAt = slots.receivedAt[source] as number;
    const eventAt = slots.eventAt[source] as number;
    const fresh = freshness(at, receivedAt, eventAt, maxAgeMs);
    if (fresh !== USABLE) return this.refuse(source, fresh, at - spokenAt(receivedAt, eventAt), maxAgeMs);
    const quietMs = at - (slots.changedAt[source] as number);
    return quietMs < maxQuietMs ? value : this.refuse(source, FROZEN, quietMs, maxQuietMs);
  }

  private refuse(source: number, code: number, measured: number, limit: number): number {
    this.heard.verdicts.add(source, code, measured, limit);
    return NaN;
  }
}

function indicesWhere<Item>(items: readonly Item[], holds: (item: Item) => boolean): readonly number[] {
  return items.flatMap((item, index) => (holds(item) ? [index] : []));
}
