import type { FeedPolicy } from '../plan';
import { MINUTE_MS } from '../units/time';
import { distance, reach } from './pace';
import { NO_REASONS, reasonBit, type ReasonSet } from './reasons';

const TWAP_APART = reasonBit('twapApart');

/** A random walk's distance from its own average over T is that of a walk of T/3. */
const WALK_MS = (5 * MINUTE_MS) / 3;

/** Whether a price stands further from its average of five minutes than a market strays. It flags and widens only. */
export function guardTwap(
  price: number,
  twap: number | undefined,
  sigmaPerRootSecond: number,
  policy: FeedPolicy,
): ReasonSet {
  if (twap === undefined) return NO_REASONS;
  return distance(price, twap) > reach(policy.maxTwapGapBps, sigmaPerRootSecond, WALK_MS) ? TWAP_APART : NO_REASONS;
}
