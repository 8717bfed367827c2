import type { EpochMs } from '../../oracle/units/time';

/** Where time comes from; nothing outside this folder reads the machine's clock or arms its timers. */
export interface Clock {
  /** Never less than what an earlier call returned. */
  now(): EpochMs;
}

export interface Timers {
  /**
   * Calls `fire` once, never before `arm` has returned, after `delayMs` (at or below zero: as soon as possible).
   * Timers armed together fire by their delays, those of equal delay in the order in which they were armed.
   */
  arm(delayMs: number, fire: () => void): CancelTimer;
}

/** Without effect once the timer has fired; may be called twice. */
export type CancelTimer = () => void;
