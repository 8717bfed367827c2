import type { Memory } from './memory';

/** The slow scale, in steps: what Zhang, Mykland and Aït-Sahalia (2005) call K. */
const SLOW = 300;
/** Time constant of both sums, in steps. */
const TAU = 3_600;
/** With less weight than this behind the slow scale there is no basis: a quarter of an hour. */
const MIN_WEIGHT = 900;

const DECAY = Math.exp(-1 / TAU);

/**
 * The two scales realised variance of a log price on a grid, which noise does not bias: what all steps show, noise
 * most of all, is taken off what steps of K show. Both are ratios of exponential sums, so a gap moves neither, and the
 * estimator's correction for its edges falls away. O(1) a step.
 */
export class TwoScaleVariance {
  /** By place modulo K. */
  private readonly ring: Float64Array;
  /** Σ of squares over one step and its weight, Σ over K and its weight; places in a row up to the last, without a gap. */
  private readonly sums: Float64Array;

  constructor(memory: Memory) {
    this.ring = memory.take(SLOW).fill(NaN);
    this.sums = memory.take(5);
  }

  /** Takes the log price at the next place; NaN at a gap. */
  observe(place: number, log: number): void {
    const { ring, sums } = this;
    const run = sums[4] ?? 0;
    if (!Number.isNaN(log)) {
      if (run >= 1) this.add(0, log - this.before(place, 1));
      if (run >= SLOW) this.add(2, log - this.before(place, SLOW));
    }
    ring[place % SLOW] = log;
    sums[4] = Number.isNaN(log) ? 0 : run + 1;
  }

  /** The log price `steps` before a place, at most K; NaN at a gap. */
  before(place: number, steps: number): number {
    return this.ring[(place + SLOW - steps) % SLOW] ?? NaN;
  }

  /** Per step; NaN without a basis. Noise may leave less than nothing: that is zero. */
  get variance(): number {
    const [fast = 0, fastWeight = 0, slow = 0, slowWeight = 0] = this.sums;
    if (slowWeight < MIN_WEIGHT) return NaN;
    return Math.max(0, (slow / slowWeight - fast / fastWeight) / (SLOW - 1));
  }

  private add(sum: number, change: number): void {
    this.sums[sum] = DECAY * (this.sums[sum] ?? 0) + change * change;
    this.sums[sum + 1] = DECAY * (this.sums[sum + 1] ?? 0) + 1;
  }
}
