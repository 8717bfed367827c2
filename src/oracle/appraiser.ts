import type { Ballot, Outcome } from './aggregation/ballot';
import { reachConsensus, reachNews, type Consensus } from './aggregation/consensus';
import { bandHalfWidth, MAD_TO_SIGMA, medianGap } from './aggregation/half-width';
import { Roster } from './aggregation/roster';
import type { LegValue } from './conversion/leg-value';
import type { FeedPast } from './feed-past';
import type { Anchors } from './guarding/anchors';
import { Clocks } from './guarding/clock';
import { firstInstant } from './guarding/first-instant';
import { guardWidth } from './guarding/guard';
import { guardFeed } from './guarding/guards';
import { halts, NO_REASONS, reasonBit, type ReasonSet } from './guarding/reasons';
import type { Redemptions } from './guarding/redemption';
import type { Slots } from './observation/slots';
import type { FeedPlan, OraclePlan } from './plan';
import { decideStatus, type StatusDecision } from './pricing/status';
import { usePrices } from './pricing/use-prices';
import type { ReportPrices } from './report';
import { fromMantissa } from './units/decimal';
import { SECOND_MS, type EpochMs } from './units/time';

const WIDE_BAND = reasonBit('wideBand');
/** The price may be further from the truth than the votes suggest: the band doubles. */
const APART = reasonBit('anchorApart') | reasonBit('twapApart');
const OUTLIERS = reasonBit('outliers');
const DISSENT = reasonBit('dissent');
const LEADING = reasonBit('leading');
const OPERATOR_HALT = reasonBit('operatorHalt');

/** What operators have said of one feed. */
export interface OperatorWord {
  readonly isHalted: boolean;
  /** Since the last look at it. */
  readonly isResumed: boolean;
}

/** What one feed is found to be worth at one instant, before it is compared with the report that stands. */
export interface Appraisal {
  readonly decision: StatusDecision;
  readonly observedAt: EpochMs | undefined;
  readonly prices: ReportPrices | undefined;
  readonly sources: { readonly used: number; readonly upstreams: number };
  readonly dispersionBps: number;
  /** For the feeds that convert through this one. */
  readonly legValue: LegValue | undefined;
  /** When the same input would give another answer: a vote or an anchor expires, a disagreement has lasted, grace ends. */
  readonly dueAt: EpochMs;
}

/** Takes one feed through the stages, from the votes of its sources to its prices and what they permit. */
export class Appraiser {
  private readonly feed: FeedPlan;
  readonly roster: Roster;
  private readonly clocks: Clocks;

  constructor(
    plan: OraclePlan,
    private readonly index: number,
    slots: Slots,
    private readonly ballot: Ballot,
    private readonly anchors: Anchors,
    private readonly redemptions: Redemptions,
    private readonly past: FeedPast,
  ) {
    this.feed = plan.feeds[index] as FeedPlan;
    this.roster = new Roster(plan, index);
    this.clocks = new Clocks(plan, slots, this.roster.constituents);
  }

  appraise(at: EpochMs, operators: OperatorWord): Appraisal {
    const { feed, past } = this;
    const outcome = this.ballot.hold(this.roster, feed.policy, past.expectation(), at);
    const consensus = this.consensus(outcome, at);
    const price = outcome.tally.count === 0 ? NaN : consensus.price;
    const { testimony, expiresAt } = this.anchors.hear(this.index, price, at);
    const redemption = this.redemptions.appraise(this.index, consensus.price, at);
    const clocks = this.clocks.read(at);
    const also = redemption.reasons | reasonsOf(outcome) | (operators.isHalted ? OPERATOR_HALT : NO_REASONS);
    const isRedeemable = redemption.value !== undefined && redemption.reasons === NO_REASONS;
    const found = { outcome, consensus, testimony, clocks, isRedeemable, also, isResumed: operators.isResumed };
    const { reasons, dueAt } = guardFeed(found, past.remembered(), at, feed.policy);

    const graceEndsAt = past.memory.resumedAt(at) + feed.policy.graceMs;
    const decision = decideStatus(reasons, past.isWarm(), at < graceEndsAt);
    const isApart = (reasons & APART) !== 0;
    const prices = halts(reasons)
      ? undefined
      : usePrices(consensus, feed.decimals, past.stable(), isApart, redemption.value);
    return {
      decision,
      prices,
      observedAt: prices === undefined ? undefined : Math.floor(outcome.tally.spokenAt),
      sources: { used: outcome.usedSources, upstreams: outcome.tally.count },
      dispersionBps: dispersionBps(outcome, consensus),
      legValue: prices === undefined ? undefined : legValue(prices, feed.decimals, decision.status === 'degraded'),
      dueAt: this.dueAt(outcome, decision, { guardsDueAt: Math.min(dueAt, expiresAt), graceEndsAt, prices }, at),
    };
  }

  /** The votes were counted some time before `at`, or at it: nothing but their age is another then. */
  private consensus({ tally, circumstances, countedAt, below, above }: Outcome, at: EpochMs): Consensus {
    const waitedMs = at - countedAt;
    const halfWidth = bandHalfWidth(tally, circumstances, waitedMs);
    const consensus = reachConsensus(tally.equalMedian, tally.weightedMedian, {
      halfWidth,
      medianGap: medianGap(tally, circumstances, waitedMs),
      tolerance: (tally.weightedMedian * this.feed.policy.medianToleranceBps) / 10_000,
      lastAgreed: this.past.memory.lastAgreed,
    });
    return reachNews(consensus, halfWidth, below, above);
  }

  private dueAt(
    outcome: Outcome,
    { status, reasons }: StatusDecision,
    { guardsDueAt, graceEndsAt, prices }: Pick<Appraisal, 'prices'> & Record<'guardsDueAt' | 'graceEndsAt', EpochMs>,
    at: EpochMs,
  ): EpochMs {
    const secondAt =
      status === 'warming' || this.leansOnThePast(prices) ? (Math.floor(at / SECOND_MS) + 1) * SECOND_MS : Infinity;
    const rateExpiresAt = this.redemptions.expiresAt(this.index, at);
    const witnessed = Math.min(guardsDueAt, rateExpiresAt);
    if (outcome.tally.count === 0) return witnessed;
    const tooOldAt = after(outcome.tally.spokenAt + this.feed.policy.maxAgeMs, at);
    const lapsesAt = Math.min(witnessed, outcome.expiresAt, tooOldAt, secondAt, after(graceEndsAt, at));
    return reasons & WIDE_BAND
      ? lapsesAt
      : Math.min(lapsesAt, this.widensAt(outcome, at, Math.min(lapsesAt, tooOldAt)));
  }

  /**
   * Whether the stable price, which moves as seconds end, makes up what counts for new risk, or may do so when this one
   * ends: within the band it has no say, and moves towards the price that stands.
   */
  private leansOnThePast(prices: ReportPrices | undefined): boolean {
    if (prices?.collateral === undefined || prices.liability === undefined) return false;
    const { low, high } = this.past.stableBounds();
    return prices.collateral < prices.low || prices.liability > prices.high || low < prices.low || high > prices.high;
  }

  /** When age alone will have made the band too wide, if it does so before `until`. */
  private widensAt(outcome: Outcome, at: EpochMs, until: EpochMs): EpochMs {
    const isWide = (then: EpochMs): boolean =>
      guardWidth(this.consensus(outcome, then), this.feed.policy) !== NO_REASONS;
    return firstInstant(isWide, at, until);
  }
}

/** An instant that lies ahead; one that has passed will not come again. */
function after(instant: EpochMs, at: EpochMs): EpochMs {
  return instant > at ? instant : Infinity;
}

/** What the screening of the votes found. */
function reasonsOf({ hasOutliers, hasDissent, below, above }: Outcome): ReasonSet {
  const hasNews = below !== undefined || above !== undefined;
  const outliers = (hasOutliers ? OUTLIERS : NO_REASONS) | (hasDissent ? DISSENT : NO_REASONS);
  return outliers | (hasNews ? LEADING : NO_REASONS);
}

function dispersionBps({ tally }: Outcome, { price }: Consensus): number {
  if (tally.count === 0) return 0;
  return Math.round(((MAD_TO_SIGMA * tally.deviation) / price) * 1_000_000) / 100;
}

/** From the rounded figures, so that whoever reads the leg's report can repeat the conversion. */
function legValue({ price, low, high }: ReportPrices, decimals: number, isDegraded: boolean): LegValue {
  return { price: fromMantissa(price, decimals), relativeHalfWidth: (high - low) / 2 / price, isDegraded };
}
