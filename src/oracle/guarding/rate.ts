import type { FeedPolicy } from '../plan';
import { SECOND_MS, type EpochMs } from '../units/time';
import { distance, reach } from './pace';
import { NO_REASONS, reasonBit, type ReasonSet } from './reasons';

const RATE_OUT_OF_BOUNDS = reasonBit('rateOutOfBounds');

/** The rate is that of so many seconds. */
export const RATE_SECONDS = 10;
/** While less than half of the weight is fresh, what is left may move by this part of what all together may. */
const THIN_PART = 8;

/** What the guard remembers of the reports before. */
export interface RateMemory {
  /** The last price that was not out of bounds, and when it was published; NaN before there was one. */
  readonly lastCalm: number;
  readonly lastCalmAt: EpochMs;
  readonly isOutOfBounds: boolean;
}

export interface Pace {
  readonly price: number;
  /** The lowest and the highest price at the ends of the last `RATE_SECONDS`; NaN where there was none. */
  readonly lowest: number;
  readonly highest: number;
  /** Whether the anchors hold the price for right: then it is news. */
  readonly confirmed: boolean;
  /** Whether less than half of the configured weight is fresh. */
  readonly isThin: boolean;
  readonly sigmaPerRootSecond: number;
}

/**
 * A price that moves faster than the market does is disputed while it does, unless the anchors went with it. Where
 * most voices fell silent the rest is allowed far less, and what it jumped to stays disputed until they are back, the
 * price is, or it has stood for so long that a market could have walked there. It never halts.
 */
export function guardRate(
  { price, lowest, highest, confirmed, isThin, sigmaPerRootSecond }: Pace,
  memory: RateMemory,
  at: EpochMs,
  policy: FeedPolicy,
): ReasonSet {
  if (confirmed) return NO_REASONS;
  const floorBps = isThin ? policy.maxRateBps / THIN_PART : policy.maxRateBps;
  const limit = reach(floorBps, sigmaPerRootSecond, RATE_SECONDS * SECOND_MS);
  if (distance(price, lowest) > limit || distance(price, highest) > limit) return RATE_OUT_OF_BOUNDS;
  if (!isThin || !memory.isOutOfBounds) return NO_REASONS;
  const walkable = reach(floorBps, sigmaPerRootSecond, at - memory.lastCalmAt);
  return distance(price, memory.lastCalm) > walkable ? RATE_OUT_OF_BOUNDS : NO_REASONS;
}
