import type { Memory } from './memory';

/** The last returns, in the order in which they came. */
export class ReturnHistory {
  private readonly ring: Float64Array;
  private readonly counter: Float64Array;

  constructor(memory: Memory, capacity: number) {
    this.ring = memory.take(capacity);
    this.counter = memory.take(1);
  }

  push(return_: number): void {
    const count = this.counter[0] ?? 0;
    this.ring[count % this.ring.length] = return_;
    this.counter[0] = count + 1;
  }

  /** A copy, the oldest first. */
  values(): Float64Array {
    const { ring } = this;
    const count = this.counter[0] ?? 0;
    if (count <= ring.length) return ring.slice(0, count);
    const oldest = count % ring.length;
    const values = new Float64Array(ring.length);
    values.set(ring.subarray(oldest));
    values.set(ring.subarray(0, oldest), ring.length - oldest);
    return values;
  }
}
