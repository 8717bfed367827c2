/** What two medians of the same votes are held against. Prices in float64. */
export interface Agreement {
  /** Half the width of the band. */
  readonly halfWidth: number;
  /** How far the medians may stand apart by chance. */
  readonly medianGap: number;
  /** The medians of quiet votes that nearly coincide are no dispute: up to this, whatever the votes. */
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
  const { halfWidth, medianGap, tolerance, lastAgreed } = by;
  const gap = Math.abs(equalMedian - weightedMedian);
  const agreed = gap <= Math.max(medianGap, tolerance);
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

/** Beyond this widening of the band there must be more than one venue's word. */
const MOST_ALONE = 1.75;

/** News of one side that most of the others have not contradicted yet (`screening/screen.ts`). */
export interface Tidings {
  readonly price: number;
  readonly isShared: boolean;
}

/**
 * The band as far as news reaches that nobody has had the time to contradict: the price stays where it is, and after a
 * true jump the band holds the truth until the rest have followed. What one venue alone can say widens the band to no
 * more than twice its width.
 */
export function reachNews(
  consensus: Consensus,
  halfWidth: number,
  below: Tidings | undefined,
  above: Tidings | undefined,
): Consensus {
  if (below === undefined && above === undefined) return consensus;
  const alone = [below, above].filter((news) => news?.isShared === false).length;
  const more = (2 * halfWidth * (MOST_ALONE - 1)) / alone;
  const low = below === undefined ? Infinity : below.price - halfWidth;
  const high = above === undefined ? -Infinity : above.price + halfWidth;
  return {
    ...consensus,
    low: Math.min(consensus.low, below?.isShared === false ? Math.max(low, consensus.low - more) : low),
    high: Math.max(consensus.high, above?.isShared === false ? Math.min(high, consensus.high + more) : high),
  };
}
