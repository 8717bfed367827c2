import { LeastSquares } from './least-squares';
import type { Memory } from './memory';

/** Weight, in rows, of where the coefficients begin. */
const PRIOR_ROWS = 25;
/** How far one outcome may exceed its forecast, as a multiple, before it counts as that much. */
const MAX_SURPRISE = 5;

/**
 * ln F = b'x, learnt from ratios y/F: least QLIKE over all rows so far, one Newton step a row. (QLIKE is the likelihood of
 * the gamma family, whose weights under a log link are all one: so each step is a row of plain least squares.)
 */
export class LogRegression {
  readonly coefficients: Float64Array;
  private readonly squares: LeastSquares;

  constructor(memory: Memory, begin: readonly number[], forgetting: number) {
    this.coefficients = memory.take(begin.length);
    this.coefficients.set(begin);
    this.squares = new LeastSquares(memory, begin.length, forgetting);
    begin.forEach((coefficient, index) => this.squares.draw(index, PRIOR_ROWS, coefficient));
  }

  value(row: Float64Array): number {
    let sum = 0;
    for (let index = 0; index < row.length; index++) sum += (row[index] ?? 0) * (this.coefficients[index] ?? 0);
    return Math.exp(sum);
  }

  learn(row: Float64Array, y: number): void {
    const forecast = this.value(row);
    this.squares.add(row, Math.log(forecast) + Math.min(MAX_SURPRISE, y / forecast) - 1);
    this.squares.solve(this.coefficients);
  }
}
