import type { FeedPolicy } from '../plan';
import { SECOND_MS, type EpochMs } from '../units/time';
import { distance, reach } from './pace';
import { NO_REASONS, reasonBit, type ReasonSet } from './reasons';

const RATE_OUT_OF_BOUNDS = reasonBit('rateOutOfBounds');

/** The rate is that of so many seconds. */
export const RATE_SECONDS = 10;
/** What is held tightly may move by this part of what a whole market may. */
const THIN_PART = 8;

/** What the guard remembers of the reports before. */
export interface RateMemory {
  /** The last price that was not out of bounds, and when it was published; NaN before there was one. */
  readonly lastCalm: number;
  readonly lastCalmAt: EpochMs;
  readonly isOutOfBounds: boolean;
}

/**
 * Whether a price that moved too fast stays disputed once it stands: `on` where three voices say it, or the anchors that
 * the feed asks for are missing; `tightly`, so that far less is too fast, where fewer or less than half of the weight do.
 */
export type Hold = 'off' | 'on' | 'tightly';

export interface Pace {
  readonly price: number;
  /** The lowest and the highest price at the ends of the last `RATE_SECONDS`; NaN where there was none. */
  readonly lowest: number;
  readonly highest: number;
  /** Whether those who are asked besides the votes, anchors or a redemption, went with the price. */
  readonly isNews: boolean;
  readonly holds: Hold;
  readonly sigmaPerRootSecond: number;
}

/**
 * A price that moves faster than the market does is disputed while it does, unless the anchors went with it. Where
 * those who should confirm it are missing, what it jumped to stays disputed until they are there, the price is back,
 * or it has stood for so long that a market could have walked there. It never halts alone.
 */
export function guardRate(
  { price, lowest, highest, isNews, holds, sigmaPerRootSecond }: Pace,
  memory: RateMemory,
  at: EpochMs,
  policy: FeedPolicy,
): ReasonSet {
  if (isNews) return NO_REASONS;
  const floorBps = holds === 'tightly' ? policy.maxRateBps / THIN_PART : policy.maxRateBps;
  const limit = reach(floorBps, sigmaPerRootSecond, RATE_SECONDS * SECOND_MS);
  if (distance(price, lowest) > limit || distance(price, highest) > limit) return RATE_OUT_OF_BOUNDS;
  if (holds === 'off' || !memory.isOutOfBounds) return NO_REASONS;
  const walkable = reach(floorBps, sigmaPerRootSecond, at - memory.lastCalmAt);
  return distance(price, memory.lastCalm) > walkable ? RATE_OUT_OF_BOUNDS : NO_REASONS;
}
