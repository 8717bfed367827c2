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
  /** Outcomes behind the tails. */
  readonly observations: number;
  /** By `TAIL_LEVELS`, of those that hold the asset; undefined without a basis. */
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
