import type { EpochMs } from './units/time';
import type { Verdict } from './verdict';

/**
 * What a source says, in float64 and in the instrument's own units. A field the venue does not give is undefined:
 * an event time is never invented.
 */
export interface Quote {
  readonly bid: number | undefined;
  readonly ask: number | undefined;
  readonly bidSize: number | undefined;
  readonly askSize: number | undefined;
  /** Price of the last trade. */
  readonly last: number | undefined;
  readonly eventAt: EpochMs | undefined;
  /** Never decreases on one connection; a quote whose sequence goes back is ignored. */
  readonly sequence: number | undefined;
}

/** h ← omega + alpha·(r − mu)² + beta·h, of the returns' own unit. */
export interface GarchParameters {
  readonly mu: number;
  readonly omega: number;
  readonly alpha: number;
  readonly beta: number;
}

/** A feed's GARCH of hourly returns, fitted elsewhere. */
export interface Fit {
  readonly feed: number;
  readonly parameters: GarchParameters;
}

/** Everything that can reach the oracle. Inputs of one `advance` form a set across sources, ordered within one. */
export type OracleInput =
  | { readonly kind: 'quote'; readonly source: number; readonly quote: Quote }
  /** A connection opened or closed: what these sources said before is no evidence any more. */
  | { readonly kind: 'disconnect'; readonly sources: readonly number[] }
  /** What a reader read before is no evidence any more; a source is given the verdict. */
  | { readonly kind: 'dismissSource'; readonly source: number; readonly verdict: Verdict }
  | { readonly kind: 'dismissAnchor'; readonly anchor: number }
  /** Units of the underlying asset that one unit of a wrapped one redeems for; `updatedAt` is of the block it was read in. */
  | { readonly kind: 'redemption'; readonly redemption: number; readonly value: number; readonly updatedAt: EpochMs }
  /** Annual, 0.8 is 80 %. */
  | { readonly kind: 'implied'; readonly implied: number; readonly volatility: number; readonly observedAt: EpochMs }
  | { readonly kind: 'dismissImplied'; readonly implied: number }
  | { readonly kind: 'anchor'; readonly anchor: number; readonly value: number; readonly updatedAt: EpochMs }
  /** Of a feed's fits the last that was said takes effect, at the first cut of this number or a later one. */
  | ({ readonly kind: 'fit'; readonly effectiveCut: number } & Fit)
  | { readonly kind: 'operator'; readonly action: 'halt' | 'resume'; readonly feed: number };
