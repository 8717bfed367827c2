import { LeastSquares } from '../../oracle/risk/least-squares';
import { Memory } from '../../oracle/risk/memory';
import { chiSquaredAbove } from './distributions';
import { mean } from './volatility-scores';
import type { Likelihood } from './coverage-tests';

const LAGS = 4;
const WIDTH = LAGS + 2;

/**
 * Engle and Manganelli's (2004) dynamic quantile: hit − p regressed on a constant, its own last four values and the
 * value at risk. All coefficients are zero where breaches come as if drawn. NaN where nothing was breached.
 */
export function dynamicQuantile(hits: readonly boolean[], valueAtRisk: ArrayLike<number>, p: number): Likelihood {
  const squares = new LeastSquares(new Memory(), WIDTH);
  const scale = mean(valueAtRisk);
  const excess = hits.map((hit) => (hit ? 1 - p : -p));
  const row = new Float64Array(WIDTH);
  const fill = (index: number): void => {
    row[0] = 1;
    for (let lag = 1; lag <= LAGS; lag++) row[lag] = excess[index - lag] ?? 0;
    row[WIDTH - 1] = (valueAtRisk[index] ?? 0) / scale;
  };
  for (let index = LAGS; index < hits.length; index++) {
    fill(index);
    squares.add(row, excess[index] ?? 0);
  }
  const coefficients = new Float64Array(WIDTH);
  if (!squares.solve(coefficients)) return { ratio: NaN, p: NaN };
  let fitted = 0;
  for (let index = LAGS; index < hits.length; index++) {
    fill(index);
    const value = row.reduce((sum, x, place) => sum + x * (coefficients[place] ?? 0), 0);
    fitted += value * value;
  }
  const ratio = fitted / (p * (1 - p));
  return { ratio, p: chiSquaredAbove(ratio, WIDTH) };
}
