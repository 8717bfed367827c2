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
export class Clocks {
  /** Scratch. */
  private readonly ahead: Float64Array;

  constructor(
    private readonly plan: OraclePlan,
    private readonly slots: Slots,
    private readonly constituents: readonly Constituent[],
  ) {
    this.ahead = new Float64Array(constituents.length);
  }

  read(at: EpochMs): ClockReading {
    const { slots, ahead } = this;
    let count = 0;
    let expiresAt = Infinity;
    for (const { sources } of this.constituents) {
      const newest = this.newestOf(sources);
      const receivedAt = slots.receivedAt[newest] as number;
      const until = receivedAt + (this.plan.sources[newest]?.maxAgeMs ?? 0);
      const aheadMs = receivedAt - (slots.eventAt[newest] as number);
      if (!(at < until) || Number.isNaN(aheadMs)) continue;
      expiresAt = Math.min(expiresAt, until);
      ahead[count++] = aheadMs;
    }
    if (count < MIN_CLOCKS) return { aheadMs: NaN, expiresAt };
    sort(ahead, count);
    return { aheadMs: medianOfSorted(ahead, count), expiresAt };
  }

  private newestOf(sources: readonly number[]): number {
    const { receivedAt } = this.slots;
    let newest = sources[0] as number;
    for (const source of sources) {
      if ((receivedAt[source] as number) > (receivedAt[newest] as number)) newest = source;
    }
    return newest;
  }
}

/** Where the venues' clocks agree against this machine's, no age that it measures means anything. */
export function guardClock({ aheadMs }: ClockReading, policy: FeedPolicy): ReasonSet {
  return Math.abs(aheadMs) > policy.maxClockMs ? CLOCK_APART : NO_REASONS;
}
