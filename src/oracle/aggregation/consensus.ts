/** What two medians of the same votes are held against. Prices in float64. */
export interface Agreement {
  readonly halfWidth: number;
  /** The medians of quiet votes that nearly coincide are no dispute: up to this, whatever the half-width. */
  readonly tolerance: number;
  /** The last price on which both agreed; NaN before there was one. */
  readonly lastAgreed: number;
}

/** One price and its band, out of two medians. Prices in float64, not yet rounded. */
export interface Consensus {
  readonly price: number;
  readonly low: number;
  readonly high: number;
  /** False where the two medians stand further apart than the band's half-width and the tolerance. */
  readonly agreed: boolean;
}

/**
 * While the medians agree, the weighted one is the price. Where they do not, someone may hold a majority by count or
 * by weight, and which of the two cannot be told from the votes: the median nearer the last price on which both
 * agreed is taken (none yet: the weighted). Once they stand further apart than the half-width, the band covers both.
 */
export function reachConsensus(equalMedian: number, weightedMedian: number, by: Agreement): Consensus {
  const { halfWidth, tolerance, lastAgreed } = by;
  const gap = Math.abs(equalMedian - weightedMedian);
  const agreed = gap <= Math.max(halfWidth, tolerance);
  const equalIsNearer = Math.abs(equalMedian - lastAgreed) < Math.abs(weightedMedian - lastAgreed);
  const price = !agreed && equalIsNearer ? equalMedian : weightedMedian;
  if (gap <= halfWidth) return { price, low: price - halfWidth, high: price + halfWidth, agreed };
  return {
    price,
    low: Math.min(equalMedian, weightedMedian) - halfWidth,
    high: Math.max(equalMedian, weightedMedian) + halfWidth,
    agreed,
  };
}
