import type { EpochMs } from './units/time';

/** The position in this list is the code in the signed bytes: it only ever grows at its end. */
export const STATUSES = ['halted', 'warming', 'grace', 'degraded', 'ok'] as const;
export type Status = (typeof STATUSES)[number];

/** Bit i of the signed permits byte is PERMITS[i]. */
export const PERMITS = ['open', 'withdraw', 'liquidate', 'repay', 'topUp'] as const;
export type Permit = (typeof PERMITS)[number];

/** Bit i of the signed reasons word is REASONS[i]: at most 32, growing at the end. */
export const REASONS = [
  'tooFewUpstreams',
  'thinUpstreams',
  'thinWeight',
  'tooFewNative',
  'nativeGap',
  'wideBand',
  'mediansDisagree',
  'legDegraded',
  'legHalted',
  'anchorApart',
  'operatorHalt',
  'warmingUp',
  'resuming',
  'tooOld',
  'disagreementLasts',
  'outliers',
  'leading',
  'weightLost',
  'anchorsAgainst',
  'unwitnessed',
  'pathlessJump',
  'rateOutOfBounds',
  'twapApart',
  'marketClosed',
  'clockApart',
  'redemptionOutOfBounds',
  'pegGap',
  'redemptionUnknown',
  'observersApart',
  'anchorsDisagree',
  'dissent',
] as const;
export type Reason = (typeof REASONS)[number];

/**
 * One feed as it is published: prices are whole numbers of 10^-decimals, safe integers in memory and int64 in the
 * signed bytes. A halted report has none of them. Sets are listed in the order of REASONS and PERMITS.
 */
export interface Report {
  readonly feed: number;
  /** Counts this feed's reports, from 1. */
  readonly sequence: number;
  /** The cut at which the report last changed. */
  readonly cut: number;
  /** The (lower) median of the times at which the used sources spoke; absent where there is no price. */
  readonly observedAt: EpochMs | undefined;
  readonly status: Status;
  readonly reasons: readonly Reason[];
  readonly permits: readonly Permit[];
  /** Absent when halted. */
  readonly prices: ReportPrices | undefined;
  readonly sources: { readonly used: number; readonly upstreams: number };
  /** Median absolute deviation of the upstreams' votes about their median, relative to the price, scaled by 1.4826. */
  readonly dispersionBps: number;
}

export interface ReportPrices {
  readonly price: number;
  readonly low: number;
  readonly high: number;
  /** What an asset counts for new risk: min(low, stable, redemption). Absent until the stable price is known. */
  readonly collateral: number | undefined;
  /** What a debt counts for new risk: max(high, stable, redemption). Absent until the stable price is known. */
  readonly liability: number | undefined;
}

/** TWAP windows in the order of the signed bytes. */
export const TWAP_WINDOWS = ['1m', '5m', '30m', '1h'] as const;
export type TwapWindow = (typeof TWAP_WINDOWS)[number];

/** A feed's slower figures, refreshed on a grid of one second. A figure not yet known is absent, never zero. */
export interface Figures {
  readonly feed: number;
  /** The cut at which they were last refreshed. */
  readonly cut: number;
  /** One per TWAP_WINDOWS. `coverageBps` is the share of the window that had a price; below 9,000 the TWAP is absent. */
  readonly twaps: readonly Twap[];
  /** Exponential average of the price with τ = 1 h, in 10^-decimals: the stable price. */
  readonly stable: number | undefined;
  /** Annualised, in parts per million: 800,000 is 80 % a year. */
  readonly volatilityPpm: number | undefined;
  /** One-second returns behind the volatility. */
  readonly observations: number;
}

export interface Twap {
  readonly price: number | undefined;
  readonly coverageBps: number;
}
