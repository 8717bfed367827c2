import type { Memory } from './memory';

/** The last values, in order of size. A value costs a binary search and one move of memory. */
export class SortedWindow {
  private readonly ring: Float64Array;
  private readonly sorted: Float64Array;
  private readonly counter: Float64Array;

  constructor(memory: Memory, capacity: number) {
    this.ring = memory.take(capacity);
    this.sorted = memory.take(capacity);
    this.counter = memory.take(1);
  }

  get size(): number {
    return Math.min(this.counter[0] ?? 0, this.ring.length);
  }

  push(value: number): void {
    const { ring, sorted } = this;
    const place = (this.counter[0] ?? 0) % ring.length;
    let size = this.size;
    if (size === ring.length) {
      const leaving = this.firstNotBelow(ring[place] ?? 0, size);
      sorted.copyWithin(leaving, leaving + 1, size);
      size--;
    }
    const entering = this.firstNotBelow(value, size);
    sorted.copyWithin(entering + 1, entering, size);
    sorted[entering] = value;
    ring[place] = value;
    this.counter[0] = (this.counter[0] ?? 0) + 1;
  }

  /** The i-th smallest, from 0. */
  at(i: number): number {
    return this.sorted[i] ?? NaN;
  }

  private firstNotBelow(value: number, size: number): number {
    let [low, high] = [0, size];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.sorted[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
