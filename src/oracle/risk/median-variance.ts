import type { Memory } from './memory';
import { TrailingSums } from './trailing-sums';

/** π / (6 − 4√3 + π) */
const MED_RV = Math.PI / (6 - 4 * Math.sqrt(3) + Math.PI);

/**
 * Variance a bar that is due to diffusion, over the last bars: MedRV (Andersen, Dobrev and Schaumburg 2012). Of three
 * returns in a row the median size counts, so that one jump among them says nothing.
 */
export class MedianVariance {
  private readonly medians: TrailingSums;
  /** The last size but one, and the last. */
  private readonly sizes: Float64Array;

  /** `lengths` of the windows, in bars. */
  constructor(memory: Memory, lengths: readonly number[]) {
    this.medians = new TrailingSums(memory, lengths);
    this.sizes = memory.take(2);
  }

  /** Takes the size of the next return. */
  push(size: number): void {
    const [before = 0, last = 0] = this.sizes;
    const median = medianOf(before, last, size);
    this.medians.push(median * median);
    this.sizes[0] = last;
    this.sizes[1] = size;
  }

  /** NaN before the first return. */
  mean(window: number): number {
    return MED_RV * this.medians.mean(window);
  }
}

/** NaN where one of them is. */
export function medianOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
