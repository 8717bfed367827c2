import type { Taker } from './memory';

/** What was said at each of the last `steps` bars, until the bar comes that shows whether it was right. */
export class Origins {
  private readonly rows: Float64Array;
  private readonly count: Float64Array;

  constructor(
    memory: Taker,
    private readonly steps: number,
    private readonly width: number,
  ) {
    this.rows = memory.take(steps * width);
    this.count = memory.take(1);
  }

  /** The row of `steps` bars ago, to be read before the next is issued in its place. */
  due(): Float64Array | undefined {
    return (this.count[0] ?? 0) < this.steps ? undefined : this.place();
  }

  /** Once a bar, gaps included. */
  issue(row: Float64Array): void {
    this.place().set(row);
    this.count[0] = (this.count[0] ?? 0) + 1;
  }

  private place(): Float64Array {
    const offset = ((this.count[0] ?? 0) % this.steps) * this.width;
    return this.rows.subarray(offset, offset + this.width);
  }
}
