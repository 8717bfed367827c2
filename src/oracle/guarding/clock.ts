import { medianOfSorted, sort } from '../aggregation/median';
import type { Constituent } from '../aggregation/roster';
import type { Slots } from '../observation/slots';
import type { FeedPolicy, OraclePlan } from '../plan';
import type { EpochMs } from '../units/time';
import { NO_REASONS, reasonBit, type ReasonSet } from './reasons';

const CLOCK_APART = reasonBit('clockApart');

/** With fewer clocks than this one wrong clock would be a majority, or half of one. */
const MIN_CLOCKS = 3;

/** This machine's clock against those of the venues. */
export interface ClockReading {
  /** Median over upstreams of receive time less event time; NaN where too few give one. Ahead of them is positive. */
  readonly aheadMs: number;
  /** When the first of the readings will be too old to count. */
  readonly expiresAt: EpochMs;
}

/**
 * Reads the venues' clocks off what they said last, refused or not: to a clock that is slow, all quotes come from the
 * future and are refused for it.
 */
export function readClocks(
  slots: Slots,
  sources: OraclePlan['sources'],
  constituents: readonly Constituent[],
  at: EpochMs,
): ClockReading {
  let expiresAt = Infinity;
  const readings = constituents.flatMap(({ sources: own }) => {
    const newest = own.reduce((best, source) =>
      (slots.receivedAt[source] as number) > (slots.receivedAt[best] as number) ? source : best,
    );
    const receivedAt = slots.receivedAt[newest] as number;
    const ahead = receivedAt - (slots.eventAt[newest] as number);
    const until = receivedAt + (sources[newest]?.maxAgeMs ?? 0);
    if (!(at < until) || Number.isNaN(ahead)) return [];
    expiresAt = Math.min(expiresAt, until);
    return [ahead];
  });
  if (readings.length < MIN_CLOCKS) return { aheadMs: NaN, expiresAt };
  const sorted = Float64Array.from(readings);
  sort(sorted, sorted.length);
  return { aheadMs: medianOfSorted(sorted, sorted.length), expiresAt };
}

/** Where the venues' clocks agree against this machine's, no age that it measures means anything. */
export function guardClock({ aheadMs }: ClockReading, policy: FeedPolicy): ReasonSet {
  return Math.abs(aheadMs) > policy.maxClockMs ? CLOCK_APART : NO_REASONS;
}
