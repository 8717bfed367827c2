import type { Ballot, Outcome } from './aggregation/ballot';
import { reachConsensus, type Consensus } from './aggregation/consensus';
import { halfWidth, MAD_TO_SIGMA } from './aggregation/half-width';
import { Roster } from './aggregation/roster';
import type { LegValue } from './conversion/leg-value';
import type { FeedPast } from './feed-past';
import type { Anchors } from './guarding/anchors';
import { guardAge, guardAgreement, guardNative, guardQuorum } from './guarding/guard';
import { HALTING, NO_REASONS, reasonBit, type ReasonSet } from './guarding/reasons';
import type { FeedPlan, OraclePlan } from './plan';
import { decideStatus, type StatusDecision } from './pricing/status';
import { usePrices } from './pricing/use-prices';
import type { ReportPrices } from './report';
import { fromMantissa } from './units/decimal';
import { SECOND_MS, type EpochMs } from './units/time';

const WIDE_BAND = reasonBit('wideBand');
const LEG_DEGRADED = reasonBit('legDegraded');
const LEG_HALTED = reasonBit('legHalted');
const ANCHOR_APART = reasonBit('anchorApart');
const OPERATOR_HALT = reasonBit('operatorHalt');

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

  constructor(
    plan: OraclePlan,
    private readonly index: number,
    private readonly ballot: Ballot,
    private readonly anchors: Anchors,
    private readonly past: FeedPast,
  ) {
    this.feed = plan.feeds[index] as FeedPlan;
    this.roster = new Roster(plan, index);
  }

  appraise(at: EpochMs, isHaltedByOperator: boolean): Appraisal {
    const { feed, past } = this;
    const outcome = this.ballot.hold(this.roster, at);
    const consensus = this.consensus(outcome, at);
    const apart = this.anchors.apart(this.index, consensus.price, at);
    const reasons =
      this.reasons(outcome, consensus, at) | (isHaltedByOperator ? OPERATOR_HALT : 0) | (apart ? ANCHOR_APART : 0);

    const graceEndsAt = past.memory.resumedAt(at) + feed.policy.graceMs;
    const decision = decideStatus(reasons, past.isWarm(), at < graceEndsAt);
    const prices = reasons & HALTING ? undefined : usePrices(consensus, feed.decimals, past.stable(), apart);
    return {
      decision,
      prices,
      observedAt: prices === undefined ? undefined : Math.floor(outcome.tally.spokenAt),
      sources: { used: outcome.usedSources, upstreams: outcome.tally.count },
      dispersionBps: dispersionBps(outcome, consensus),
      legValue: prices === undefined ? undefined : legValue(prices, feed.decimals, decision.status === 'degraded'),
      dueAt: this.dueAt(outcome, consensus, decision, graceEndsAt, at),
    };
  }

  private consensus({ tally, legsHalfWidth }: Outcome, at: EpochMs): Consensus {
    const width = halfWidth({
      price: tally.weightedMedian,
      mad: tally.mad,
      votes: tally.count,
      medianSpreadBps: tally.medianSpreadBps,
      ageMs: at - tally.spokenAt,
      sigmaPerRootSecond: this.past.sigmaPerRootSecond,
      legsHalfWidth,
    });
    return reachConsensus(tally.equalMedian, tally.weightedMedian, {
      halfWidth: width,
      tolerance: (tally.weightedMedian * this.feed.policy.medianToleranceBps) / 10_000,
      lastAgreed: this.past.memory.lastAgreed,
    });
  }

  private reasons(outcome: Outcome, consensus: Consensus, at: EpochMs): ReasonSet {
    const { policy } = this.feed;
    const { tally } = outcome;
    const legs = (outcome.legHalted ? LEG_HALTED : NO_REASONS) | (outcome.legDegraded ? LEG_DEGRADED : NO_REASONS);
    const quorum = guardQuorum(tally, outcome.freshShare, policy) | guardNative(tally, policy) | legs;
    if (tally.count === 0) return quorum;
    const since = this.past.memory.disagreeSince(at);
    const width = ((consensus.high - consensus.low) / 2 / consensus.price) * 10_000;
    return (
      quorum |
      guardAge(tally, at, policy) |
      guardAgreement(consensus.agreed, since, at, policy) |
      (width > policy.wideBandBps ? WIDE_BAND : NO_REASONS)
    );
  }

  private dueAt(
    outcome: Outcome,
    consensus: Consensus,
    decision: StatusDecision,
    graceEndsAt: EpochMs,
    at: EpochMs,
  ): EpochMs {
    const { policy } = this.feed;
    if (outcome.tally.count === 0) return Infinity;
    const tooOldAt = outcome.tally.spokenAt + policy.maxAgeMs;
    const lastsAt = consensus.agreed ? Infinity : this.past.memory.disagreeSince(at) + policy.disagreementHaltMs;
    const warmAt = decision.status === 'warming' ? (Math.floor(at / SECOND_MS) + 1) * SECOND_MS : Infinity;
    const anchorsExpireAt = this.anchors.expiresAt(this.index, at);
    const lapsesAt = Math.min(outcome.expiresAt, anchorsExpireAt, warmAt);
    return Math.min(lapsesAt, after(tooOldAt, at), after(lastsAt, at), after(graceEndsAt, at));
  }
}

/** An instant that lies ahead; one that has passed will not come again. */
function after(instant: EpochMs, at: EpochMs): EpochMs {
  return instant > at ? instant : Infinity;
}

function dispersionBps({ tally }: Outcome, { price }: Consensus): number {
  if (tally.count === 0) return 0;
  return Math.round(((MAD_TO_SIGMA * tally.mad) / price) * 1_000_000) / 100;
}

/** From the rounded figures, so that whoever reads the leg's report can repeat the conversion. */
function legValue({ price, low, high }: ReportPrices, decimals: number, isDegraded: boolean): LegValue {
  return { price: fromMantissa(price, decimals), relativeHalfWidth: (high - low) / 2 / price, isDegraded };
}
