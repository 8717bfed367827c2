import type { FeedPolicy } from '../plan';
import type { EpochMs } from '../units/time';
import { distance, reach } from './pace';
import { NO_REASONS, reasonBit, type ReasonSet } from './reasons';

const PATHLESS_JUMP = reasonBit('pathlessJump');
const RESUMING = reasonBit('resuming');

/** A tripped breaker lets go when what allows it has lasted so long. */
export const SETTLE_MS = 3_000;

/** What the breaker remembers of the reports before. */
export interface BreakerMemory {
  /** The last price on which both medians agreed, and when it was published; NaN before there was one. */
  readonly lastAgreed: number;
  readonly lastAgreedAt: EpochMs;
  readonly isTripped: boolean;
  /** When what allows it to let go, as seen now, began. */
  settlingSince(now: EpochMs): EpochMs;
}

export interface Step {
  /** NaN where there is no vote. */
  readonly price: number;
  readonly agreed: boolean;
  /** Whether the anchors hold the price for right. */
  readonly confirmed: boolean;
  /** Whether another guard halts the feed anyway. */
  readonly isHalted: boolean;
  readonly sigmaPerRootSecond: number;
  /** The average of an hour (the stable price); NaN before there is one. */
  readonly stable: number;
}

/**
 * A crash has a path; another asset under the same name, a split or a redenomination has none. A price that leaves the
 * last agreed one by more than a market moves in one step trips the breaker. It stays tripped, however long the new
 * price stands, until the price is back within half of the limit or the anchors confirm it, for `SETTLE_MS` (said by
 * `resuming`); or until an operator resumes the feed, or the configuration names a new version of the asset. To where a
 * price has been on the average of an hour it needs no path: a pump that ends is no redenomination.
 */
export function guardJump(step: Step, memory: BreakerMemory, at: EpochMs, policy: FeedPolicy): ReasonSet {
  const { price, agreed, confirmed, isHalted, sigmaPerRootSecond, stable } = step;
  const jump = distance(price, memory.lastAgreed);
  const isBack = distance(price, stable) <= policy.maxJumpBps / 20_000;
  if (!memory.isTripped) {
    const limit = reach(policy.maxJumpBps, sigmaPerRootSecond, at - memory.lastAgreedAt);
    return jump > limit && !isBack && !isHalted ? PATHLESS_JUMP : NO_REASONS;
  }
  const mayLetGo = agreed && (confirmed || isBack || jump <= policy.maxJumpBps / 20_000);
  if (!mayLetGo) return PATHLESS_JUMP;
  const isSettled = at - memory.settlingSince(at) >= SETTLE_MS;
  return isSettled && !isHalted ? NO_REASONS : PATHLESS_JUMP | RESUMING;
}

/** When a breaker that may let go will do so; Infinity where it may not. */
export function settlesAt(reasons: ReasonSet, memory: BreakerMemory, at: EpochMs): EpochMs {
  const isSettling = (reasons & PATHLESS_JUMP) !== 0 && (reasons & RESUMING) !== 0;
  return isSettling ? memory.settlingSince(at) + SETTLE_MS : Infinity;
}
