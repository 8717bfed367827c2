/** One price and its band, out of two medians. Prices in float64, not yet rounded. */
export interface Consensus {
  readonly price: number;
  readonly low: number;
  readonly high: number;
  /** False where the two medians stand further apart than the band's half-width. */
  readonly agreed: boolean;
}

/**
 * While the medians agree, the weighted one is the price. Where they do not, someone may hold a majority by count or
 * by weight, and which of the two cannot be told from the votes: the median nearer the last price on which both
 * agreed is taken (NaN: none yet, then the weighted), and the band covers both.
 */
export function reachConsensus(
  equalMedian: number,
  weightedMedian: number,
  halfWidth: number,
  lastAgreed: number,
): Consensus {
  const agreed = Math.abs(equalMedian - weightedMedian) <= halfWidth;
  const equalIsNearer = Math.abs(equalMedian - lastAgreed) < Math.abs(weightedMedian - lastAgreed);
  const price = !agreed && equalIsNearer ? equalMedian : weightedMedian;
  if (agreed) return { price, low: price - halfWidth, high: price + halfWidth, agreed };
  return {
    price,
    low: Math.min(equalMedian, weightedMedian) - halfWidth,
    high: Math.max(equalMedian, weightedMedian) + halfWidth,
    agreed,
  };
}
