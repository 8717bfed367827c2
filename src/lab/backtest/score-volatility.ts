import { HOUR_MS } from '../../oracle/units/time';
import { modelConfidenceSet } from './model-confidence-set';
import { dieboldMariano, mean, mincerZarnowitz, qlike } from './volatility-scores';
import type { HorizonRun } from './walk-forward';

export interface VolatilityRow {
  readonly asset: string;
  readonly horizon: string;
  readonly model: string;
  readonly n: number;
  readonly qlike: number;
  /** Relative to the squared mean of what was realised. */
  readonly mse: number;
  /** t of the loss against the rival's: negative is better. Absent for the rival itself. */
  readonly dmVsGarch?: number;
  readonly dmVsEwma?: number;
  readonly mzIntercept: number;
  readonly mzSlope: number;
  readonly mzP: number;
  /** In the 90 % model confidence set where above 0.1. */
  readonly mcsP: number;
  readonly inMcs90: boolean;
}

/** Realised variance below this part of its mean counts as that much: a logarithm of zero is no loss. */
const REALISED_FLOOR = 1e-4;
const RESAMPLES = 5_000;
const SEED = 20_220_101;
const DAY_MS = 24 * HOUR_MS;

/** Scores of all models of one asset and horizon. Lags and blocks reach over two horizons, and over a day. */
export function scoreVolatility({ asset, horizon, steps, volatility }: HorizonRun): VolatilityRow[] {
  const { models, realised, forecasts } = volatility;
  const centre = mean(realised);
  const floor = REALISED_FLOOR * centre;
  const losses = forecasts.map((series) =>
    Float64Array.from(series, (forecast, index) => qlike(Math.max(floor, realised[index] ?? 0), forecast)),
  );
  const lags = Math.min(
    Math.floor(realised.length / 4),
    Math.max(2 * steps, Math.round((steps * DAY_MS) / horizon.ms)),
  );
  const mcs = modelConfidenceSet(losses, { block: lags, resamples: RESAMPLES, seed: SEED });
  const against = (model: number, rival: string): number | undefined => {
    const other = models.indexOf(rival);
    const [one, two] = [losses[model], losses[other]];
    return model === other || one === undefined || two === undefined ? undefined : dieboldMariano(one, two, lags);
  };
  return models.map((model, index) => {
    const series = forecasts[index] ?? [];
    const { intercept, slope, p } = mincerZarnowitz(realised, series, lags);
    const [dmVsGarch, dmVsEwma] = [against(index, 'garch'), against(index, 'ewma')];
    const squares = series.map((forecast, place) => square((forecast - (realised[place] ?? 0)) / centre));
    return {
      asset,
      horizon: horizon.name,
      model,
      n: realised.length,
      qlike: mean(losses[index] ?? []),
      mse: mean(squares),
      ...(dmVsGarch === undefined ? {} : { dmVsGarch }),
      ...(dmVsEwma === undefined ? {} : { dmVsEwma }),
      mzIntercept: intercept,
      mzSlope: slope,
      mzP: p,
      mcsP: mcs[index] ?? NaN,
      inMcs90: (mcs[index] ?? 0) > 0.1,
    };
  });
}

function square(x: number): number {
  return x * x;
}
