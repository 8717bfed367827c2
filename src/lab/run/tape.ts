import type { EpochMs } from '../../oracle/units/time';
import { REASONS, type Reason } from '../../oracle/report';
import type { Captured } from '../attacks/scenario';
import type { Asset } from './listings';

/** How often the rules are asked. */
export const SAMPLE_MS = 20;

/** What was true while a run lasted: one entry per sample. */
export interface Tape {
  readonly startAt: EpochMs;
  readonly count: number;
  readonly at: Float64Array;
  /** Of the asset that is judged. */
  readonly truth: Float64Array;
  /** How far back the truth lies that most of the honest weight shows, in milliseconds. */
  readonly majorityLagMs: Float64Array;
  /** 1 where the honest and fresh venues are a majority by count and by weight. */
  readonly honestQuorum: Uint8Array;
  /** 1 where they are a majority by neither. */
  readonly quorumLost: Uint8Array;
  /** What each venue's book last said, in USD at the true rate; NaN before it spoke. One column per venue. */
  readonly venues: readonly Float64Array[];
  /** What accounts hold, the judged asset first, and what each is really worth. */
  readonly holdings: readonly { readonly asset: Asset; readonly truth: Float64Array }[];
}

export const HALTED = 0;
export const DEGRADED = 1;
export const OK = 2;

/** What one rule published of one asset: one entry per sample, NaN where it published nothing. */
export interface PriceTrack {
  readonly price: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly permits: Uint8Array;
}

/** What one rule published of the asset that is judged. */
export interface Track extends PriceTrack {
  readonly rule: string;
  readonly status: Uint8Array;
  readonly flagged: Uint8Array;
  /** Bit i is REASONS[i]. */
  readonly reasons: Uint32Array;
  /** What one unit counts as collateral. */
  readonly collateral: Float64Array;
  /** Of the tape's holdings, in their order; the first is this track. */
  readonly holdings: readonly PriceTrack[];
}

/** One scenario of one seed, as it went. */
export interface Run {
  readonly scenario: string;
  readonly seed: number;
  readonly captured: Captured;
  readonly tape: Tape;
  readonly tracks: readonly Track[];
}

export function newPriceTrack(count: number): PriceTrack {
  return {
    price: new Float64Array(count),
    low: new Float64Array(count),
    high: new Float64Array(count),
    permits: new Uint8Array(count),
  };
}

/** `others` are what accounts hold besides the judged asset. */
export function newTrack(rule: string, count: number, others = 0): Track {
  const own = newPriceTrack(count);
  return {
    ...own,
    rule,
    status: new Uint8Array(count),
    flagged: new Uint8Array(count),
    reasons: new Uint32Array(count),
    collateral: new Float64Array(count),
    holdings: [own, ...Array.from({ length: others }, () => newPriceTrack(count))],
  };
}

/** Distance of a price from the truth, in basis points of the truth, with its sign. */
export function errorBps(price: number, truth: number): number {
  return ((price - truth) / truth) * 10_000;
}

export function reasonMask(reasons: readonly Reason[]): number {
  return reasons.reduce((mask, reason) => mask | (1 << REASONS.indexOf(reason)), 0) >>> 0;
}
