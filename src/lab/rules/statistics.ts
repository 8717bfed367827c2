/** The middle one, or the mean of the two middle ones; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}

export interface Weighted {
  readonly value: number;
  readonly weight: number;
}

/** The smallest value at which half of the weight is reached; exactly half lies between it and the next. */
export function weightedMedian(votes: readonly Weighted[]): number | undefined {
  const sorted = votes.filter(({ weight }) => weight > 0).sort((a, b) => a.value - b.value);
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let reached = 0;
  for (const [index, { value, weight }] of sorted.entries()) {
    reached += weight;
    if (reached > half) return value;
    if (reached === half) return (value + (sorted[index + 1]?.value ?? value)) / 2;
  }
  return undefined;
}

export function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Each value at most this share away from the middle. */
export function clamped(values: readonly number[], middle: number, share: number): number[] {
  return values.map((value) => Math.min(middle * (1 + share), Math.max(middle * (1 - share), value)));
}
