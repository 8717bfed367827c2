import type { EpochMs } from '../units/time';

/**
 * The risk figures of a cut. Numbers are float64 here and rounded once, where they are published. A figure without a
 * basis is absent, never zero.
 */
export const RISK_HORIZONS = ['1m', '5m', '1h', '1d', '10d'] as const;

/** Losses of log price at one level: what is exceeded so rarely, and the mean of what lies beyond. */
export interface Tail {
  readonly valueAtRisk: number;
  readonly expectedShortfall: number;
}

export interface HorizonRisk {
  /** Standard deviation of the log price over the horizon. */
  readonly sigma: number | undefined;
  /** Outcomes behind the tails; of spans that overlap, as many as do not. */
  readonly observations: number;
  /**
   * Of those that hold the asset, by `TAIL_LEVELS` up to the last that has a basis, so perhaps fewer; undefined where none
   * has.
   */
  readonly fall: readonly Tail[] | undefined;
  /** As `fall`, of those that owe it. */
  readonly rise: readonly Tail[] | undefined;
}

/** Shares of the value, 0..1. */
export interface Haircut {
  readonly raw: number;
  readonly smoothed: number;
}

export interface FeedRisk {
  readonly feed: number;
  /** The price moved by more than its diffusion explains within the last grid step. */
  readonly jumped: boolean;
  /** Too little history, gaps, a halted or frozen feed: figures rest on less than they should. */
  readonly isDegraded: boolean;
  /** One for each of `RISK_HORIZONS`. */
  readonly horizons: readonly HorizonRisk[];
  /** Of the mixture's experts at one hour, in their order; sum 1. */
  readonly weights: readonly number[] | undefined;
  readonly haircut: Haircut | undefined;
  /** What it takes to move the price by 1 % for a minute, in the quote currency, as of the last minute that ended. */
  readonly costToMove?: number | undefined;
  /** Why it is degraded; absent where it is not. */
  readonly flaws?: readonly RiskFlaw[];
  /** What the last hour was, where `horizons` say what is to come; absent without a basis. */
  readonly realised?: RealisedRisk;
  /** What options imply, as of this cut; absent where nothing fresh and credible is said. */
  readonly implied?: ImpliedRisk;
}

/**
 * `noPrice`: nothing is published now. `tooLittleHistory`: a horizon has no figure. `gaps`: more than a tenth of the last
 * hour had no price. `frozen`: the price has not moved for an hour. `impliedOutOfBounds`: what was said of implied volatility
 * cannot be, or not yet.
 */
export type RiskFlaw = 'noPrice' | 'tooLittleHistory' | 'gaps' | 'frozen' | 'impliedOutOfBounds';

/** What a market of options expects, under the measure that it prices by. */
export interface ImpliedWord {
  /** Annual, 0.8 is 80 %; of the thirty days to come. */
  readonly volatility: number;
  readonly observedAt: EpochMs;
}

export interface ImpliedRisk extends ImpliedWord {
  /** What it counts for in σ of a day and of ten, 0..1; the experts of prices share the rest. */
  readonly dayWeight: number;
  readonly tenDayWeight: number;
}

/** Standard deviations of the log price over an hour. */
export interface RealisedRisk {
  /** By two scales, which noise does not bias (TSRV). */
  readonly sigma: number;
  /** Of it what diffusion explains: without jumps (MedRV). */
  readonly diffusive: number | undefined;
}

export interface Dependence {
  /** Feeds with a basis, ascending. */
  readonly feeds: readonly number[];
  /** Row-major, n × n; positive semidefinite, unit diagonal. */
  readonly correlation: Float64Array;
  /** As `correlation`, of simultaneous losses. */
  readonly stress: Float64Array;
  readonly observations: number;
}

/** All that is known of risk as of a cut of the risk grid. */
export interface Risk {
  /** The number of the cut. */
  readonly asOf: number;
  readonly modelVersion: number;
  /** In the order of feeds. */
  readonly feeds: readonly FeedRisk[];
  readonly dependence: Dependence | undefined;
}
