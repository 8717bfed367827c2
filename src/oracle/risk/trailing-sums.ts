import type { Memory } from './memory';

/** Sums of the last values over windows of several lengths. O(1) a value, whatever the lengths. */
export class TrailingSums {
  private readonly ring: Float64Array;
  private readonly sums: Float64Array;
  private readonly count: Float64Array;

  constructor(
    memory: Memory,
    private readonly lengths: readonly number[],
  ) {
    this.ring = memory.take(Math.max(...lengths));
    this.sums = memory.take(lengths.length);
    this.count = memory.take(1);
  }

  push(value: number): void {
    const { ring, sums, lengths } = this;
    const count = this.count[0] ?? 0;
    const place = count % ring.length;
    for (let window = 0; window < lengths.length; window++) {
      const length = lengths[window] ?? 0;
      const oldest = count < length ? 0 : (ring[(count - length) % ring.length] ?? 0);
      // Rounding would leave less than nothing of a large value that went.
      sums[window] = Math.max(0, (sums[window] ?? 0) + value - oldest);
    }
    ring[place] = value;
    this.count[0] = count + 1;
    // Once a round the sums are taken anew, so that rounding never adds up.
    if (place === ring.length - 1) lengths.forEach((length, window) => (sums[window] = this.sumOfLast(length)));
  }

  /** Mean of the window's values so far; NaN before the first. */
  mean(window: number): number {
    return (this.sums[window] ?? 0) / Math.min(this.count[0] ?? 0, this.lengths[window] ?? 0);
  }

  /** Whether the window of this length has been filled once. */
  isFull(window: number): boolean {
    return (this.count[0] ?? 0) >= (this.lengths[window] ?? 0);
  }

  /** Only right after the ring has come round: its last values stand at its end. */
  private sumOfLast(length: number): number {
    let sum = 0;
    for (let place = this.ring.length - length; place < this.ring.length; place++) sum += this.ring[place] ?? 0;
    return sum;
  }
}
