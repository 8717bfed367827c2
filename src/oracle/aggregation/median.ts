/**
 * Medians over the first `count` elements of scratch arrays that the caller owns. Votes are few (one per upstream), so
 * insertion sort beats anything cleverer and allocates nothing.
 */

/** Weights come from divisions: a sum within a few ulps of half is half. */
export const SLACK = 1e-12;

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
  copySorted(keys, keys, count);
}

/** Leaves what `keys` hold in `target`, ascending. */
export function copySorted(keys: Float64Array, target: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const key = keys[i] as number;
    let j = i - 1;
    for (; j >= 0 && (target[j] as number) > key; j--) target[j + 1] = target[j] as number;
    target[j + 1] = key;
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
