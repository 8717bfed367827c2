import type { EpochMs } from '../../oracle/units/time';
import type { Captured } from '../attacks/scenario';

/** How often the rules are asked. */
export const SAMPLE_MS = 20;

/** What was true while a run lasted: one entry per sample. */
export interface Tape {
  readonly startAt: EpochMs;
  readonly count: number;
  readonly at: Float64Array;
  readonly truth: Float64Array;
  /** How far back the truth lies that most of the honest weight shows, in milliseconds. */
  readonly majorityLagMs: Float64Array;
  /** 1 where the honest and fresh venues are a majority by count and by weight. */
  readonly honestQuorum: Uint8Array;
  /** 1 where they are a majority by neither. */
  readonly quorumLost: Uint8Array;
  /** What each venue's book last said, in USD at the true rate; NaN before it spoke. One column per venue. */
  readonly venues: readonly Float64Array[];
}

export const HALTED = 0;
export const DEGRADED = 1;
export const OK = 2;

/** What one rule published: one entry per sample, NaN where it published nothing. */
export interface Track {
  readonly rule: string;
  readonly price: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly status: Uint8Array;
  readonly permits: Uint8Array;
  readonly flagged: Uint8Array;
}

/** One scenario of one seed, as it went. */
export interface Run {
  readonly scenario: string;
  readonly seed: number;
  readonly captured: Captured;
  readonly tape: Tape;
  readonly tracks: readonly Track[];
}

export function newTrack(rule: string, count: number): Track {
  return {
    rule,
    price: new Float64Array(count),
    low: new Float64Array(count),
    high: new Float64Array(count),
    status: new Uint8Array(count),
    permits: new Uint8Array(count),
    flagged: new Uint8Array(count),
  };
}

/** Distance of a price from the truth, in basis points of the truth, with its sign. */
export function errorBps(price: number, truth: number): number {
  return ((price - truth) / truth) * 10_000;
}
