import type { Clock, Timers } from '../../platform/clock/clock';

/** Nest's token for the `StreamSettings`. */
export const STREAM_SETTINGS = Symbol('StreamSettings');

export interface StreamSettings {
  readonly limits: StreamLimits;
  readonly meter: StreamMeter;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** What the stream tells to be counted. */
export interface StreamMeter {
  /** A slow subscriber was spared a message. */
  conflated(): void;
  /** A connection is gone, with the code that either side gave (1006: none). */
  closed(code: number): void;
}

export const NO_METER: StreamMeter = { conflated: () => undefined, closed: () => undefined };

/** What one subscriber, or all together, may cost. */
export interface StreamLimits {
  readonly maxSubscribers: number;
  /** Feeds named in one request. */
  readonly maxFeeds: number;
  /** A larger message from a client is not read. */
  readonly maxMessageBytes: number;
  readonly maxRequestsPerSecond: number;
  /** After so many errors of its own making a client is disconnected. */
  readonly maxErrors: number;
  /** A subscriber with more than this unsent is slow: what changes is only marked until it has caught up. */
  readonly maxUnsentBytes: number;
  /** A slow subscriber that does not catch up within this time is disconnected. */
  readonly hopelessAfterMs: number;
  readonly heartbeatMs: number;
  /** A subscriber that has not answered one ping when the next is due is gone. */
  readonly pingMs: number;
  /** How long a disconnected client may take to answer, at shutdown included. */
  readonly closeTimeoutMs: number;
}

export const DEFAULT_LIMITS: StreamLimits = {
  maxSubscribers: 10_000,
  maxFeeds: 1_000,
  maxMessageBytes: 64 * 1024,
  maxRequestsPerSecond: 50,
  maxErrors: 20,
  maxUnsentBytes: 256 * 1024,
  hopelessAfterMs: 10_000,
  heartbeatMs: 1_000,
  pingMs: 15_000,
  closeTimeoutMs: 2_000,
};
