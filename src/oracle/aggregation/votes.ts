import { lowerMedianOfSorted, medianOfSorted, sort, sortPairs, weightedMedianOfSorted } from './median';

/** What the votes of one feed say together. */
export interface Tally {
  readonly count: number;
  /** Every upstream counts the same. */
  readonly equalMedian: number;
  /** Every upstream counts by its capped share. */
  readonly weightedMedian: number;
  /**
   * Median absolute deviation about the equal median, not yet scaled. About any other point it would grow with the
   * distance between the two, and the medians could never be seen to disagree.
   */
  readonly mad: number;
  readonly medianSpreadBps: number;
  /** The lower median of the times at which the voters spoke. */
  readonly spokenAt: number;
  readonly native: number;
  /** Distance between the medians of native and converted votes; NaN unless both exist. */
  readonly nativeGapBps: number;
}

/** Scratch columns, one row per voting upstream, reused from feed to feed. */
export class Votes {
  count = 0;
  private readonly value: Float64Array;
  private readonly share: Float64Array;
  private readonly spreadBps: Float64Array;
  private readonly spokenAt: Float64Array;
  private readonly isNative: Uint8Array;
  private readonly scratch: Float64Array;

  constructor(capacity: number) {
    this.value = new Float64Array(capacity);
    this.share = new Float64Array(capacity);
    this.spreadBps = new Float64Array(capacity);
    this.spokenAt = new Float64Array(capacity);
    this.isNative = new Uint8Array(capacity);
    this.scratch = new Float64Array(capacity);
  }

  clear(): void {
    this.count = 0;
  }

  add(value: number, spreadBps: number, spokenAt: number, isNative: boolean): void {
    const row = this.count++;
    this.value[row] = value;
    this.spreadBps[row] = spreadBps;
    this.spokenAt[row] = spokenAt;
    this.isNative[row] = isNative ? 1 : 0;
  }

  /** Gives the row its share of the vote; known only once all voters are. */
  weigh(row: number, share: number): void {
    this.share[row] = share;
  }

  /** Reads the votes. It sorts the columns, so that no vote may be added before the next `clear`. */
  tally(): Tally {
    const { count, scratch } = this;
    const { native, nativeGapBps } = this.nativeGap();
    scratch.set(this.spreadBps);
    sort(scratch, count);
    const medianSpreadBps = medianOfSorted(scratch, count);
    scratch.set(this.spokenAt);
    sort(scratch, count);
    const spokenAt = lowerMedianOfSorted(scratch, count);

    sortPairs(this.value, this.share, count);
    const weightedMedian = weightedMedianOfSorted(this.value, this.share, count);
    const equalMedian = medianOfSorted(this.value, count);
    for (let row = 0; row < count; row++) scratch[row] = Math.abs((this.value[row] as number) - equalMedian);
    sort(scratch, count);
    return {
      count,
      equalMedian,
      weightedMedian,
      mad: medianOfSorted(scratch, count),
      medianSpreadBps,
      spokenAt,
      native,
      nativeGapBps,
    };
  }

  private nativeGap(): { native: number; nativeGapBps: number } {
    const ofNative = this.medianWhere(1);
    const ofConverted = this.medianWhere(0);
    const gap = Math.abs(ofNative.median - ofConverted.median) / ofNative.median;
    return { native: ofNative.count, nativeGapBps: gap * 10_000 };
  }

  private medianWhere(isNative: 0 | 1): { count: number; median: number } {
    let count = 0;
    for (let row = 0; row < this.count; row++) {
      if (this.isNative[row] === isNative) this.scratch[count++] = this.value[row] as number;
    }
    sort(this.scratch, count);
    return { count, median: medianOfSorted(this.scratch, count) };
  }
}
