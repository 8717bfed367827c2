import { LeastSquares } from './least-squares';
import type { Memory } from './memory';
import { Origins } from './origins';
import { TrailingSums } from './trailing-sums';

/**
 * Corsi's (2009) heterogeneous autoregression: the realised variance of the next `steps` bars by least squares on a
 * constant, the means over three windows, shortest first, and perhaps one regressor more (in HARQ, what the shortest mean
 * is worth). Each bar's forecast is learnt from when its span is over.
 */
export class Har {
  private readonly squares: LeastSquares;
  private readonly windows: TrailingSums;
  private readonly origins: Origins;
  private readonly coefficients: Float64Array;
  private readonly row: Float64Array;

  constructor(
    memory: Memory,
    steps: number,
    private readonly lengths: readonly number[],
    more: 0 | 1 = 0,
  ) {
    const width = lengths.length + 1 + more;
    this.squares = new LeastSquares(memory, width);
    this.windows = new TrailingSums(memory, lengths);
    this.origins = new Origins(memory, steps, width);
    this.coefficients = memory.take(width);
    this.row = new Float64Array(width);
  }

  /** `measure` of this bar, NaN at a gap; `target`, the realised variance of the last `steps`, NaN where one lacks. */
  observe(measure: number, target: number, more = 0): void {
    const due = this.origins.due();
    if (due?.[0] === 1 && !Number.isNaN(target)) this.squares.add(due, target);
    if (!Number.isNaN(measure)) this.windows.push(measure);
    this.row[0] = this.windows.isFull(this.lengths.length - 1) ? 1 : 0;
    for (let window = 0; window < this.lengths.length; window++) this.row[window + 1] = this.windows.mean(window);
    if (this.row.length > this.lengths.length + 1) this.row[this.lengths.length + 1] = more;
    this.origins.issue(this.row);
    if (due?.[0] === 1) this.squares.solve(this.coefficients);
  }

  /** Undefined until the longest window is full and the coefficients are known; may be negative: floor it. */
  get variance(): number | undefined {
    if (this.row[0] !== 1 || this.coefficients.every((coefficient) => coefficient === 0)) return undefined;
    let sum = 0;
    for (let index = 0; index < this.row.length; index++) {
      sum += (this.coefficients[index] ?? 0) * (this.row[index] ?? 0);
    }
    return sum;
  }
}
