/** Prices of one interval. A bar with a single price has it four times. */
export interface Bar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

const GARMAN_KLASS = 2 * Math.LN2 - 1;

/**
 * Variance of the interval's log price by Garman and Klass (1980): the least noisy of the estimators from a bar, for a
 * price without drift.
 */
export function garmanKlass({ open, high, low, close }: Bar): number {
  const range = Math.log(high / low);
  const change = Math.log(close / open);
  return 0.5 * range * range - GARMAN_KLASS * change * change;
}

/** Variance of the interval's log price by Rogers and Satchell (1991): unbiased whatever the drift. */
export function rogersSatchell({ open, high, low, close }: Bar): number {
  return Math.log(high / close) * Math.log(high / open) + Math.log(low / close) * Math.log(low / open);
}
