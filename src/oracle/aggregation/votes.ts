import type { EpochMs } from '../units/time';
import {
  lowerMedianOfSorted,
  medianOfSorted,
  sort,
  sortPairs,
  weightedMedianOfIntervals,
  weightedMedianOfSorted,
  type Intervals,
} from './median';

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
  private readonly spokenAt: Float64Array;
  private readonly isNative: Uint8Array;
  private readonly reach: Float64Array;
  private readonly scratch: Float64Array;
  private readonly companion: Float64Array;
  private readonly ends: Float64Array;

  constructor(capacity: number) {
    this.value = new Float64Array(capacity);
    this.share = new Float64Array(capacity);
    this.spreadBps = new Float64Array(capacity);
    this.spokenAt = new Float64Array(capacity);
    this.saidAt = new Float64Array(capacity);
    this.isNative = new Uint8Array(capacity);
    this.reach = new Float64Array(capacity);
    this.scratch = new Float64Array(capacity);
    this.companion = new Float64Array(capacity);
    this.ends = new Float64Array(2 * capacity);
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
    const { count, scratch, companion } = this;
    const medianSpreadBps = this.medianOf(this.spreadBps);
    const spokenAt = lowerMedianOfSorted(this.sorted(this.spokenAt), count);
    const { ageMs, concentration } = this.ageByWeight(at);

    scratch.set(this.value);
    companion.set(this.share);
    sortPairs(scratch, companion, count);
    const centre = weightedMedianOfSorted(scratch, companion, count);
    const equalMedian = medianOfSorted(scratch, count);
    const weightedMedian = this.intervalMedian(at, sigmaPerRootSecond, lastAgreed);
    for (let row = 0; row < count; row++) scratch[row] = Math.abs((this.value[row] as number) - equalMedian);
    sort(scratch, count);
    const mad = medianOfSorted(scratch, count);
    for (let row = 0; row < count; row++) scratch[row] = Math.abs((this.value[row] as number) - centre);
    companion.set(this.share);
    sortPairs(scratch, companion, count);
    const deviation = weightedMedianOfSorted(scratch, companion, count);
    return {
      count,
      equalMedian,
      weightedMedian,
      mad,
      deviation,
      medianSpreadBps,
      spokenAt,
      ageMs,
      concentration,
      ...this.nativeGap(),
    };
  }

  /**
   * A vote leaves open what its book leaves open, half of its spread to either side, and what the price has done since:
   * together the even spread with that variance.
   */
  private intervalMedian(at: EpochMs, sigmaPerRootSecond: number, tieBreak: number): number {
    const votes: Intervals = { count: this.count, value: this.value, reach: this.reach, weight: this.share };
    for (let row = 0; row < this.count; row++) {
      const book = (this.spreadBps[row] as number) / 20_000;
      const ageMs = this.ageMs(row, at);
      const drift = (3 * sigmaPerRootSecond * sigmaPerRootSecond * ageMs) / 1_000;
      this.reach[row] = (this.value[row] as number) * Math.sqrt(book * book + drift);
    }
    return weightedMedianOfIntervals(votes, tieBreak, this.ends);
  }

  private ageMs(row: number, at: EpochMs): number {
    const spokenAt = this.spokenAt[row] as number;
    return Math.max(0, at - spokenAt + STANDING_PACE * (spokenAt - (this.saidAt[row] as number)));
  }

  private ageByWeight(at: EpochMs): { ageMs: number; concentration: number } {
    const { count, scratch, companion } = this;
    let left = 0;
    let concentration = 0;
    for (let row = 0; row < count; row++) {
      const share = this.share[row] as number;
      scratch[row] = this.ageMs(row, at);
      companion[row] = share;
      left += share;
      concentration += share * share;
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
    return { ageMs, concentration };
  }

  private sorted(column: Float64Array): Float64Array {
    this.scratch.set(column);
    sort(this.scratch, this.count);
    return this.scratch;
  }

  private medianOf(column: Float64Array): number {
    return medianOfSorted(this.sorted(column), this.count);
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
