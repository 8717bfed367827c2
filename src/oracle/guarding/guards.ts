import type { Outcome } from '../aggregation/ballot';
import type { Consensus } from '../aggregation/consensus';
import type { FeedPolicy } from '../plan';
import { SECOND_MS, type EpochMs } from '../units/time';
import { guardJump, settlesAt, type BreakerMemory } from './breaker';
import { guardClock, type ClockReading } from './clock';
import { guardAge, guardAgreement, guardNative, guardQuorum, guardWidth, isThin } from './guard';
import { guardHours, hoursChangeAt } from './market-hours';
import { believedSigma, distance } from './pace';
import { guardRate, type Hold, type RateMemory } from './rate';
import { halts, NO_REASONS, reasonBit, type ReasonSet } from './reasons';
import { anchorsHaltAt, confirms, guardAnchors, isCorroborated, type Testimony } from './testimony';
import { guardTwap } from './twap';

const LEG_DEGRADED = reasonBit('legDegraded');
const LEG_HALTED = reasonBit('legHalted');
const OF_THE_PAST = reasonBit('rateOutOfBounds') | reasonBit('twapApart');

/** What guards compare the present with: all of it a function of earlier reports. */
export interface Remembered {
  readonly memory: ReportMemory;
  /** Prices at the ends of the last seconds (`RATE_SECONDS`); NaN where there was none. */
  readonly lowest: number;
  readonly highest: number;
  readonly twap5m: number | undefined;
  /** The average of an hour; NaN before there is one. */
  readonly stable: number;
  readonly sigmaPerRootSecond: number;
}

interface ReportMemory extends BreakerMemory, RateMemory {
  /** The last price that no quorum of anchors contradicted; NaN before there was one. */
  readonly lastWitnessed: number;
  /** When a disagreement of the medians, or of the anchors with them, that is seen now began. */
  disagreeSince(now: EpochMs): EpochMs;
  anchorsDisagreeSince(now: EpochMs): EpochMs;
}

/** What was found about one feed at one instant. */
export interface Found {
  readonly outcome: Outcome;
  readonly consensus: Consensus;
  readonly testimony: Testimony;
  readonly clocks: ClockReading;
  /** Whether what the asset can be redeemed for agrees with its price. */
  readonly isRedeemable: boolean;
  /** Reasons that were found elsewhere. */
  readonly also: ReasonSet;
  /** Whether an operator has just resumed the feed: a tripped breaker lets go. */
  readonly isResumed: boolean;
}

export interface Guarded {
  readonly reasons: ReasonSet;
  /** When a guard that now holds its peace, or speaks, would do otherwise without new input. */
  readonly dueAt: EpochMs;
}

/** Asks every guard about one feed. None of them has another price to offer: they only say what is wrong with this one. */
export function guardFeed(found: Found, past: Remembered, at: EpochMs, policy: FeedPolicy): Guarded {
  const { outcome, consensus, testimony, clocks, isResumed } = found;
  const { memory, lowest, highest, twap5m, stable } = past;
  const hasPrice = outcome.tally.count > 0;
  const price = hasPrice ? consensus.price : NaN;
  const sigmaPerRootSecond = believedSigma(past.sigmaPerRootSecond, policy.nominalVolatility);
  const confirmed = confirms(testimony, policy);
  const anchors = { price, lastWitnessed: memory.lastWitnessed, since: memory.anchorsDisagreeSince(at) };
  const isNews = confirmed || found.isRedeemable || isCorroborated(testimony);
  const pace = { price, lowest, highest, isNews, sigmaPerRootSecond, holds: holdsPace(found, policy) };

  const ofNow =
    found.also |
    ofVotes(found, memory, at, policy) |
    guardAnchors(testimony, anchors, at, policy) |
    guardHours(policy.marketHours, at) |
    guardClock(clocks, policy);
  const ofPast = hasPrice
    ? guardRate(pace, memory, at, policy) | guardTwap(price, twap5m, sigmaPerRootSecond, policy)
    : NO_REASONS;
  const isHalted = halts(ofNow | ofPast);
  const step = { price, agreed: consensus.agreed, confirmed, isHalted, sigmaPerRootSecond, stable };
  const jump = memory.isTripped && isResumed ? NO_REASONS : guardJump(step, memory, at, policy);

  const dueAt = Math.min(
    after(hoursChangeAt(policy.marketHours, at), at),
    clocks.expiresAt,
    after(anchorsHaltAt(testimony, anchors, policy), at),
    after(settlesAt(jump, memory, at), at),
    after(agreementHaltsAt(found, memory, at, policy), at),
    isNearThePast(price, twap5m, ofPast, policy) ? nextSecond(at) : Infinity,
  );
  return { reasons: ofNow | ofPast | jump, dueAt };
}

/** Fewer voices than this confirm nothing to each other; no more than this can all be of one thin market. */
const FEW = 3;

/** What keeps a price that moved too fast disputed after it has stopped: those who should confirm it are missing. */
function holdsPace({ outcome, testimony }: Found, policy: FeedPolicy): Hold {
  if (isThin(outcome.freshShare) || outcome.tally.count < FEW) return 'tightly';
  return outcome.tally.count === FEW || testimony.fresh < policy.minAnchors ? 'on' : 'off';
}

function ofVotes({ outcome, consensus }: Found, memory: ReportMemory, at: EpochMs, policy: FeedPolicy): ReasonSet {
  const { tally, freshShare, legHalted, legDegraded } = outcome;
  const legs = (legHalted ? LEG_HALTED : NO_REASONS) | (legDegraded ? LEG_DEGRADED : NO_REASONS);
  const quorum = guardQuorum(tally, freshShare, policy) | guardNative(tally, policy) | legs;
  if (tally.count === 0) return quorum;
  return (
    quorum |
    guardAge(tally, at, policy) |
    guardAgreement(consensus.agreed, memory.disagreeSince(at), at, policy) |
    guardWidth(consensus, policy)
  );
}

function agreementHaltsAt(
  { outcome, consensus }: Found,
  memory: ReportMemory,
  at: EpochMs,
  policy: FeedPolicy,
): EpochMs {
  if (outcome.tally.count === 0 || consensus.agreed) return Infinity;
  return memory.disagreeSince(at) + policy.disagreementHaltMs;
}

/**
 * Guards that look back change their minds as seconds end. They are asked again at the next one while they speak, or
 * while the average is half way to its limit: in a second it moves by a three-hundredth of what its prices span.
 */
function isNearThePast(price: number, twap: number | undefined, reasons: ReasonSet, policy: FeedPolicy): boolean {
  if (reasons & OF_THE_PAST) return true;
  return twap !== undefined && distance(price, twap) > policy.maxTwapGapBps / 20_000;
}

function nextSecond(at: EpochMs): EpochMs {
  return (Math.floor(at / SECOND_MS) + 1) * SECOND_MS;
}

/** An instant that lies ahead; one that has passed will not come again. */
function after(instant: EpochMs, at: EpochMs): EpochMs {
  return instant > at ? instant : Infinity;
}
