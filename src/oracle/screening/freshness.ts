import type { EpochMs } from '../units/time';
import { verdictCode } from '../verdict';

const FRESH = verdictCode('used');
const STALE_RECEIVED = verdictCode('staleReceived');
const STALE_EVENT = verdictCode('staleEvent');

/**
 * Whether a word spoken at `eventAt` (NaN: the venue does not say) and heard at `receivedAt` still counts: the code of
 * `used`, or of the age that disqualifies it. It counts up to, and not at, the age of `maxAgeMs`.
 */
export function freshness(at: EpochMs, receivedAt: EpochMs, eventAt: EpochMs, maxAgeMs: number): number {
  if (at - receivedAt >= maxAgeMs) return STALE_RECEIVED;
  return at - eventAt >= maxAgeMs ? STALE_EVENT : FRESH;
}

/** The instant at which this word will have become stale. */
export function expiry(receivedAt: EpochMs, eventAt: EpochMs, maxAgeMs: number): EpochMs {
  return (eventAt < receivedAt ? eventAt : receivedAt) + maxAgeMs;
}

/** When the source spoke, as far as it says: never later than it was heard. */
export function spokenAt(receivedAt: EpochMs, eventAt: EpochMs): EpochMs {
  return eventAt < receivedAt ? eventAt : receivedAt;
}
