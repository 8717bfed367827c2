import type { EpochMs } from '../units/time';
import { IntervalMedian } from './interval-median';
import { copySorted, lowerMedianOfSorted, medianOfSorted, sort, sortPairs, weightedMedianOfSorted } from './median';

/** A book that is said again and stands still ages at this pace: its venue stands by it, if it is still looking. */
const STANDING_PACE = 0.1;

/** What the votes of one feed say together. */
export interface Tally {
  readonly count: number;
  /** Every upstream counts the same. */
  readonly equalMedian: number;
  /** Every upstream counts by its capped share, spread over what it leaves open. The last agreed price breaks ties. */
  readonly weightedMedian: number;
  /**
   * Median absolute deviation about the equal median, not yet scaled. About any other point it would grow with the
   * distance between the two, and the medians could never be seen to disagree.
   */
  readonly mad: number;
  /** What half of the weight keeps within of the weighted median of the plain votes, not yet scaled. */
  readonly deviation: number;
  readonly medianSpreadBps: number;
  /** The lower median of the times at which the voters spoke. */
  readonly spokenAt: EpochMs;
  /** Age of the votes' mean by weight, as far as it adds variance: Σᵢⱼ wᵢwⱼ·min(ageᵢ, ageⱼ). */
  readonly ageMs: number;
  /** Σ wᵢ², one over the number of votes of equal weight that would be as many. */
  readonly concentration: number;
  readonly native: number;
  /** Distance between the medians of native and converted votes; NaN unless both exist. */
  readonly nativeGapBps: number;
}

/** What is known of a feed before its vote, all of it from earlier reports. */
export interface Expectation {
  /** Standard deviation of the log price over one second. */
  readonly sigmaPerRootSecond: number;
  /** Standard deviation of its votes in the last minutes, relative to the price; NaN before it is known. */
  readonly scatter: number;
  /** The last price on which both medians agreed; NaN before there was one. */
  readonly lastAgreed: number;
}

/** Scratch columns, one row per voting upstream, reused from feed to feed. */
export class Votes {
  count = 0;
  readonly value: Float64Array;
  readonly share: Float64Array;
  readonly spreadBps: Float64Array;
  /** When the voter last said something new. */
  readonly saidAt: Float64Array;
  /** How far to either side of its value a vote leaves the price open; known once it is read. */
  readonly reach: Float64Array;
  private readonly spokenAt: Float64Array;
  private readonly isNative: Uint8Array;
  private readonly intervalMedian: IntervalMedian;
  /** Values in ascending order, each with its share. */
  private readonly sorted: Float64Array;
  private readonly sortedShare: Float64Array;
  /** Any other column in ascending order, with shares where that is said. */
  private readonly scratch: Float64Array;
  private readonly companion: Float64Array;

  constructor(capacity: number) {
    this.value = new Float64Array(capacity);
    this.share = new Float64Array(capacity);
    this.spreadBps = new Float64Array(capacity);
    this.saidAt = new Float64Array(capacity);
    this.reach = new Float64Array(capacity);
    this.spokenAt = new Float64Array(capacity);
    this.isNative = new Uint8Array(capacity);
    this.intervalMedian = new IntervalMedian(capacity);
    this.sorted = new Float64Array(capacity);
    this.sortedShare = new Float64Array(capacity);
    this.scratch = new Float64Array(capacity);
    this.companion = new Float64Array(capacity);
  }

  clear(): void {
    this.count = 0;
  }

  add(value: number, spreadBps: number, spokenAt: EpochMs, saidAt: EpochMs, isNative: boolean): void {
    const row = this.count++;
    this.value[row] = value;
    this.spreadBps[row] = spreadBps;
    this.spokenAt[row] = spokenAt;
    this.saidAt[row] = saidAt;
    this.isNative[row] = isNative ? 1 : 0;
  }

  /** Gives the row its share of the vote; known only once all voters are. */
  weigh(row: number, share: number): void {
    this.share[row] = share;
  }

  /** Moves a row to a lower place, whose vote is gone. */
  move(from: number, to: number): void {
    this.value[to] = this.value[from] as number;
    this.share[to] = this.share[from] as number;
    this.spreadBps[to] = this.spreadBps[from] as number;
    this.spokenAt[to] = this.spokenAt[from] as number;
    this.saidAt[to] = this.saidAt[from] as number;
    this.isNative[to] = this.isNative[from] as number;
  }

  /** Reads the votes. */
  tally(
    at: EpochMs,
    { sigmaPerRootSecond, lastAgreed }: Pick<Expectation, 'sigmaPerRootSecond' | 'lastAgreed'>,
  ): Tally {
    const { count, sorted, sortedShare, scratch, companion } = this;
    this.sortValues();
    const equalMedian = medianOfSorted(sorted, count);
    this.sortDistances(equalMedian);
    const mad = medianOfSorted(scratch, count);
    this.sortDistances(weightedMedianOfSorted(sorted, sortedShare, count));
    const deviation = weightedMedianOfSorted(scratch, companion, count);
    copySorted(this.spreadBps, scratch, count);
    const medianSpreadBps = medianOfSorted(scratch, count);
    copySorted(this.spokenAt, scratch, count);
    const spokenAt = lowerMedianOfSorted(scratch, count);
    return {
      count,
      equalMedian,
      weightedMedian: this.weightedMedian(at, sigmaPerRootSecond, lastAgreed),
      mad,
      deviation,
      medianSpreadBps,
      spokenAt,
      ageMs: this.ageByWeight(at),
      concentration: this.concentration(),
      native: this.collect(1),
      nativeGapBps: this.nativeGapBps(),
    };
  }

  private sortValues(): void {
    const { count, sorted, sortedShare } = this;
    for (let row = 0; row < count; row++) {
      sorted[row] = this.value[row] as number;
      sortedShare[row] = this.share[row] as number;
    }
    sortPairs(sorted, sortedShare, count);
  }

  /** Leaves the distances of the sorted values from a point in the scratch, ascending, each with its share. */
  private sortDistances(point: number): void {
    const { count, sorted, sortedShare, scratch, companion } = this;
    let above = 0;
    while (above < count && (sorted[above] as number) < point) above++;
    let below = above - 1;
    for (let place = 0; place < count; place++) {
      const up = above < count ? (sorted[above] as number) - point : Infinity;
      const down = below >= 0 ? point - (sorted[below] as number) : Infinity;
      scratch[place] = Math.min(up, down);
      companion[place] = sortedShare[up < down ? above++ : below--] as number;
    }
  }

  /**
   * A vote leaves open what its book leaves open, half of its spread to either side, and what the price has done since:
   * together the even spread with that variance.
   */
  private weightedMedian(at: EpochMs, sigmaPerRootSecond: number, tieBreak: number): number {
    for (let row = 0; row < this.count; row++) {
      const book = (this.spreadBps[row] as number) / 20_000;
      const drift = (3 * sigmaPerRootSecond * sigmaPerRootSecond * this.ageMs(row, at)) / 1_000;
      this.reach[row] = (this.value[row] as number) * Math.sqrt(book * book + drift);
    }
    return this.intervalMedian.of(this, tieBreak);
  }

  private ageMs(row: number, at: EpochMs): number {
    const spokenAt = this.spokenAt[row] as number;
    return Math.max(0, at - spokenAt + STANDING_PACE * (spokenAt - (this.saidAt[row] as number)));
  }

  private ageByWeight(at: EpochMs): number {
    const { count, scratch, companion } = this;
    let left = 0;
    for (let row = 0; row < count; row++) {
      const share = this.share[row] as number;
      scratch[row] = this.ageMs(row, at);
      companion[row] = share;
      left += share;
    }
    sortPairs(scratch, companion, count);
    let ageMs = 0;
    let before = 0;
    for (let row = 0; row < count; row++) {
      const age = scratch[row] as number;
      ageMs += left * left * (age - before);
      left -= companion[row] as number;
      before = age;
    }
    return ageMs;
  }

  private concentration(): number {
    let sum = 0;
    for (let row = 0; row < this.count; row++) sum += (this.share[row] as number) * (this.share[row] as number);
    return sum;
  }

  private nativeGapBps(): number {
    const native = this.collect(1);
    if (native === 0 || native === this.count) return NaN;
    sort(this.scratch, native);
    const ofNative = medianOfSorted(this.scratch, native);
    const converted = this.collect(0);
    sort(this.scratch, converted);
    return (Math.abs(ofNative - medianOfSorted(this.scratch, converted)) / ofNative) * 10_000;
  }

  /** Leaves the values of native votes, or of the others, in the scratch; returns their number. */
  private collect(isNative: 0 | 1): number {
    let count = 0;
    for (let row = 0; row < this.count; row++) {
      if (this.isNative[row] === isNative) this.scratch[count++] = this.value[row] as number;
    }
    return count;
  }
}
