import { chiSquaredAbove } from './distributions';

/**
 * Patton's (2011) quasi-likelihood loss, y/F − ln(y/F) − 1: zero for the right variance, and ranks forecasts as the
 * true variance would although y is only a noisy proxy of it. `y` must be positive.
 */
export function qlike(y: number, forecast: number): number {
  const ratio = y / forecast;
  return ratio - Math.log(ratio) - 1;
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index] ?? 0;
  return sum / values.length;
}

/** Long-run variance by Newey and West (1987): Bartlett's weights over `lags` autocovariances. */
export function neweyWest(values: ArrayLike<number>, lags: number): number {
  const centre = mean(values);
  const n = values.length;
  let variance = 0;
  for (let lag = 0; lag <= Math.min(lags, n - 1); lag++) {
    let sum = 0;
    for (let index = lag; index < n; index++) {
      sum += ((values[index] ?? 0) - centre) * ((values[index - lag] ?? 0) - centre);
    }
    variance += ((lag === 0 ? 1 : 2 * (1 - lag / (lags + 1))) * sum) / n;
  }
  return variance;
}

/**
 * Diebold and Mariano's (1995) t of the difference of two losses: below −1.96 the first forecast is the better one.
 * The lags must reach over the horizon, since forecasts of overlapping spans err together. NaN where losses are equal.
 */
export function dieboldMariano(one: ArrayLike<number>, other: ArrayLike<number>, lags: number): number {
  const difference = Float64Array.from({ length: one.length }, (_, index) => (one[index] ?? 0) - (other[index] ?? 0));
  return mean(difference) / Math.sqrt(neweyWest(difference, lags) / difference.length);
}

export interface MincerZarnowitz {
  readonly intercept: number;
  readonly slope: number;
  readonly r2: number;
  /** Of the Wald test that intercept is 0 and slope 1, with errors robust to overlap. */
  readonly p: number;
}

/** Mincer and Zarnowitz's (1969) regression y = a + b·F. Variances are scaled by the mean of y, so `intercept` is relative. */
export function mincerZarnowitz(y: ArrayLike<number>, forecast: ArrayLike<number>, lags: number): MincerZarnowitz {
  const n = y.length;
  const scale = mean(y);
  const [my, mf] = [1, mean(forecast) / scale];
  let [sff, sfy, syy] = [0, 0, 0];
  for (let index = 0; index < n; index++) {
    const f = (forecast[index] ?? 0) / scale - mf;
    const v = (y[index] ?? 0) / scale - my;
    sff += f * f;
    sfy += f * v;
    syy += v * v;
  }
  const slope = sfy / sff;
  const intercept = my - slope * mf;
  const error = (index: number): number =>
    (y[index] ?? 0) / scale - intercept - (slope * (forecast[index] ?? 0)) / scale;
  const first = Float64Array.from({ length: n }, (_, index) => error(index));
  const second = Float64Array.from({ length: n }, (_, index) => (error(index) * (forecast[index] ?? 0)) / scale);
  // (b−b₀)'X'X · (n·Ω)⁻¹ · X'X(b−b₀): the sandwich, whose middle is the long-run covariance of the scores.
  const [da, db] = [intercept, slope - 1];
  const ga = da + db * mf;
  const gb = da * mf + db * (sff / n + mf * mf);
  const s11 = neweyWest(first, lags);
  const s22 = neweyWest(second, lags);
  const sum = neweyWest(
    first.map((value, index) => value + (second[index] ?? 0)),
    lags,
  );
  const s12 = (sum - s11 - s22) / 2;
  const wald = (n * (ga * ga * s22 - 2 * ga * gb * s12 + gb * gb * s11)) / (s11 * s22 - s12 * s12);
  return { intercept, slope, r2: (sfy * sfy) / (sff * syy), p: chiSquaredAbove(wald, 2) };
}
