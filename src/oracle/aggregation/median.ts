/**
 * Medians over the first `count` elements of scratch arrays that the caller owns. Votes are few (one per upstream), so
 * insertion sort beats anything cleverer and allocates nothing.
 */

/** Weights come from divisions: a sum within a few ulps of half is half. */
const SLACK = 1e-12;

/** Sorts keys ascending in place, and `companion` with them. */
export function sortPairs(keys: Float64Array, companion: Float64Array, count: number): void {
  for (let i = 1; i < count; i++) {
    const key = keys[i] as number;
    const value = companion[i] as number;
    let j = i - 1;
    for (; j >= 0 && (keys[j] as number) > key; j--) {
      keys[j + 1] = keys[j] as number;
      companion[j + 1] = companion[j] as number;
    }
    keys[j + 1] = key;
    companion[j + 1] = value;
  }
}

/** Sorts ascending in place. */
export function sort(keys: Float64Array, count: number): void {
  for (let i = 1; i < count; i++) {
    const key = keys[i] as number;
    let j = i - 1;
    for (; j >= 0 && (keys[j] as number) > key; j--) keys[j + 1] = keys[j] as number;
    keys[j + 1] = key;
  }
}

/** The equal-count median of sorted values: the mean of the two middle ones where their number is even. NaN of none. */
export function medianOfSorted(sorted: Float64Array, count: number): number {
  if (count === 0) return NaN;
  const upper = count >> 1;
  const high = sorted[upper] as number;
  if (count % 2 === 1) return high;
  const low = sorted[upper - 1] as number;
  return low + (high - low) / 2;
}

/** The lower median: always one of the values that were given. NaN of none. */
export function lowerMedianOfSorted(sorted: Float64Array, count: number): number {
  return count === 0 ? NaN : (sorted[(count - 1) >> 1] as number);
}

/**
 * The value at which half of the weight is reached; where it is reached exactly between two values, their mean.
 * `weights` go with `sorted` and need not sum to one. NaN of none.
 */
export function weightedMedianOfSorted(sorted: Float64Array, weights: Float64Array, count: number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += weights[i] as number;
  const half = total / 2;
  let below = 0;
  for (let i = 0; i < count; i++) {
    below += weights[i] as number;
    const value = sorted[i] as number;
    if (i + 1 < count && Math.abs(below - half) <= total * SLACK) {
      return value + ((sorted[i + 1] as number) - value) / 2;
    }
    if (below >= half) return value;
  }
  return NaN;
}

/** Votes that are unsure: each spreads its weight evenly over `value ± reach`. A vote without reach is a point. */
export interface Intervals {
  readonly count: number;
  readonly value: Float64Array;
  readonly reach: Float64Array;
  readonly weight: Float64Array;
}

/**
 * Where half of the weight of all intervals lies below. Where that holds all along a gap between them, the weights decide
 * nothing, and it is the gap's nearest point to `tieBreak`: its middle where that is NaN. If all are points, this is
 * their weighted median. `ends` is
 * scratch for two numbers a vote. NaN of none.
 */
export function weightedMedianOfIntervals(votes: Intervals, tieBreak: number, ends: Float64Array): number {
  const { count, value, reach, weight } = votes;
  let total = 0;
  for (let i = 0; i < count; i++) {
    total += weight[i] as number;
    ends[2 * i] = (value[i] as number) - (reach[i] as number);
    ends[2 * i + 1] = (value[i] as number) + (reach[i] as number);
  }
  sort(ends, 2 * count);
  const half = total / 2;
  const slack = total * SLACK;

  let low = -1;
  let high = 2 * count - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (weightUpTo(ends[middle] as number, votes, true) >= half - slack) high = middle;
    else low = middle;
  }
  if (high < 0) return NaN;
  const end = ends[high] as number;
  if (Math.abs(weightUpTo(end, votes, true) - half) <= slack) {
    const next = flatUntil(end, votes, ends, half + slack);
    return Number.isNaN(tieBreak) ? end + (next - end) / 2 : Math.min(Math.max(end, tieBreak), next);
  }
  if (low < 0) return end;
  const start = ends[low] as number;
  const before = weightUpTo(start, votes, true);
  const upTo = weightUpTo(end, votes, false);
  return upTo < half ? end : start + ((half - before) / (upTo - before)) * (end - start);
}

/** Where the gap ends in which no weight lies above `end`; `end` itself where there is none. */
function flatUntil(end: number, votes: Intervals, ends: Float64Array, most: number): number {
  for (let i = 0; i < 2 * votes.count; i++) {
    const next = ends[i] as number;
    if (next > end) return weightUpTo(next, votes, false) <= most ? next : end;
  }
  return end;
}

/** The weight below `limit`, and at it if that is asked for. */
function weightUpTo(limit: number, { count, value, reach, weight }: Intervals, isInclusive: boolean): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const start = (value[i] as number) - (reach[i] as number);
    const width = 2 * (reach[i] as number);
    if (limit > start + width || (isInclusive && limit === start + width)) sum += weight[i] as number;
    else if (limit > start && width > 0) sum += ((limit - start) / width) * (weight[i] as number);
  }
  return sum;
}
