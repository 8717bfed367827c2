import type { LegValue } from '../conversion/leg-value';
import type { AcceptedRate, RateStanding } from './rate-standing';
import type { OraclePlan, RedemptionPlan } from '../plan';
import { HOUR_MS, YEAR_MS, type EpochMs } from '../units/time';
import { NO_REASONS, reasonBit, type ReasonSet } from './reasons';

const OUT_OF_BOUNDS = reasonBit('redemptionOutOfBounds');
const UNKNOWN = reasonBit('redemptionUnknown');
const PEG_GAP = reasonBit('pegGap');
const LEG_HALTED = reasonBit('legHalted');
const LEG_DEGRADED = reasonBit('legDegraded');

/** Rates are written in steps, most of them once a day: a step may use up the growth of so long at once. */
const BURST_MS = 24 * HOUR_MS;
/** The first rate, which has no past to be held against, is within this factor of the nominal one. */
const FIRST_FACTOR = 2;

/** What one unit of a wrapped asset redeems for, in the feed's currency, and what is to be said of it. */
export interface Redemption {
  /** Absent where the feed has no redemption, or none that is known. */
  readonly value: { readonly low: number; readonly high: number } | undefined;
  readonly reasons: ReasonSet;
}

const NONE: Redemption = { value: undefined, reasons: NO_REASONS };

/**
 * Redemption rates under growth bounds. A rate that fell, or grew faster than it can, is refused as it is: the one
 * accepted before stands and ages, and nothing is put between the two. A cap that clamps has cost more than the faults
 * it was for (docs/adr/0012-growth-bounds-refuse.md).
 */
export class Redemptions {
  /** By feed. */
  private readonly plans: readonly (RedemptionPlan | undefined)[];
  private readonly standings: (RateStanding | undefined)[];
  /** By feed: what was read since the last cut, NaN for nothing. */
  private readonly rate: Float64Array;
  private readonly readAt: Float64Array;

  constructor(
    private readonly plan: OraclePlan,
    private readonly legValues: readonly (LegValue | undefined)[],
  ) {
    this.plans = plan.feeds.map((_, feed) => plan.redemptions.find((redemption) => redemption.feed === feed));
    this.standings = plan.feeds.map(() => undefined);
    this.rate = new Float64Array(plan.feeds.length).fill(NaN);
    this.readAt = new Float64Array(plan.feeds.length).fill(NaN);
  }

  /** Takes what a reader read; it is judged at the next cut. Returns the feed it speaks about. */
  observe(redemption: number, rate: number, readAt: EpochMs): number {
    const plan = this.plan.redemptions[redemption];
    if (plan === undefined)
      throw new RangeError(`redemption ${redemption} is not among the ${this.plan.redemptions.length} of the plan`);
    this.rate[plan.feed] = rate;
    this.readAt[plan.feed] = readAt;
    return plan.feed;
  }

  /** At a cut: judges what was read since the last one. Returns the standings that changed, in the order of feeds. */
  judge(): RateStanding[] {
    const changed: RateStanding[] = [];
    this.plans.forEach((plan, feed) => {
      const rate = this.rate[feed] as number;
      if (plan === undefined || Number.isNaN(rate)) return;
      const standing = judged(plan, this.standings[feed], rate, this.readAt[feed] as number);
      this.rate[feed] = NaN;
      if (standing === this.standings[feed]) return;
      this.standings[feed] = standing;
      changed.push(standing);
    });
    return changed;
  }

  /** Takes a standing that was published before. */
  absorb(standing: RateStanding): void {
    this.standings[standing.feed] = standing;
  }

  standing(feed: number): RateStanding | undefined {
    return this.standings[feed];
  }

  /** The redemption value of a feed whose market price is `market`, by the underlying's price of this very cut. */
  appraise(feed: number, market: number, at: EpochMs): Redemption {
    const plan = this.plans[feed];
    if (plan === undefined) return NONE;
    const standing = this.standings[feed];
    const underlying = this.legValues[plan.underlying];
    const reasons =
      (standing?.refused === undefined ? NO_REASONS : OUT_OF_BOUNDS) |
      (underlying === undefined ? LEG_HALTED : NO_REASONS) |
      (underlying?.isDegraded === true ? LEG_DEGRADED : NO_REASONS);
    const accepted = standing?.accepted;
    if (accepted === undefined || underlying === undefined || !(at < accepted.readAt + plan.maxAgeMs)) {
      return { value: undefined, reasons: reasons | UNKNOWN };
    }
    const price = accepted.rate * underlying.price;
    const halfWidth = price * underlying.relativeHalfWidth;
    const gapBps = (Math.abs(market - price) / price) * 10_000;
    return {
      value: { low: price - halfWidth, high: price + halfWidth },
      reasons: reasons | (gapBps > plan.maxPegGapBps ? PEG_GAP : NO_REASONS),
    };
  }

  /** When the accepted rate of a feed will be too old: +Infinity if there is none, or it already is. */
  expiresAt(feed: number, at: EpochMs): EpochMs {
    const expiry = (this.standings[feed]?.accepted?.readAt ?? NaN) + (this.plans[feed]?.maxAgeMs ?? NaN);
    return expiry > at ? expiry : Infinity;
  }
}

/** The standing after one more reading; the very same where it says nothing new. */
function judged(plan: RedemptionPlan, before: RateStanding | undefined, rate: number, readAt: EpochMs): RateStanding {
  const accepted = before?.accepted;
  if (before !== undefined && accepted !== undefined) {
    // A node that lags answers with the past, which refutes nothing.
    if (readAt < accepted.readAt) return before;
    if (readAt === accepted.readAt && rate === accepted.rate && before.refused === undefined) return before;
  }
  if (!isWithinBounds(plan, accepted, rate, readAt)) {
    return before?.refused === rate ? before : { feed: plan.feed, accepted, refused: rate };
  }
  return { feed: plan.feed, accepted: accept(plan, accepted, rate, readAt), refused: undefined };
}

function isWithinBounds(
  { nominalRate, maxFall, maxGrowthPerYear }: RedemptionPlan,
  accepted: AcceptedRate | undefined,
  rate: number,
  readAt: EpochMs,
): boolean {
  if (accepted === undefined) return rate >= nominalRate / FIRST_FACTOR && rate <= nominalRate * FIRST_FACTOR;
  return rate >= accepted.highest * (1 - maxFall) && rate <= ceilingAt(accepted, maxGrowthPerYear, readAt);
}

/** What the rate may be by now: growth that was not used is kept until the rate changes. */
function ceilingAt({ rate, ceiling, changedAt }: AcceptedRate, maxGrowthPerYear: number, at: EpochMs): number {
  return ceiling + (rate * maxGrowthPerYear * Math.max(0, at - changedAt)) / YEAR_MS;
}

function accept(
  { maxGrowthPerYear }: RedemptionPlan,
  before: AcceptedRate | undefined,
  rate: number,
  readAt: EpochMs,
): AcceptedRate {
  if (before?.rate === rate) return { ...before, readAt };
  const burst = rate * (1 + (maxGrowthPerYear * BURST_MS) / YEAR_MS);
  return {
    rate,
    readAt,
    changedAt: readAt,
    highest: Math.max(rate, before?.highest ?? rate),
    ceiling: before === undefined ? burst : Math.min(burst, ceilingAt(before, maxGrowthPerYear, readAt)),
  };
}
