/** A normal variable stays within this many standard deviations 99 times in 100. */
const Z_99 = 2.58;
/** MAD times this estimates the standard deviation of a normal sample. */
export const MAD_TO_SIGMA = 1.4826;

export interface Uncertainty {
  readonly price: number;
  readonly mad: number;
  readonly votes: number;
  readonly medianSpreadBps: number;
  /** Age of the price: of the median vote. */
  readonly ageMs: number;
  /** Standard deviation of the log price over one second. */
  readonly sigmaPerRootSecond: number;
  /** Relative half-widths of the legs in use, summed. */
  readonly legsHalfWidth: number;
}

/**
 * Half the width of a band that should contain the efficient price 99 times in 100 (docs/pricing.md): the standard error
 * of a median of n votes, √(π/2n)·σ, together with what the price may have moved since they were cast; then half the
 * median spread and the legs' own half-widths, which are errors common to all votes and so do not average out.
 */
export function halfWidth(of: Uncertainty): number {
  const spread = MAD_TO_SIGMA * of.mad;
  const ofMedian = (spread * spread * Math.PI) / (2 * of.votes);
  const drift = of.sigmaPerRootSecond * of.price;
  const ofAge = drift * drift * (of.ageMs / 1_000);
  const common = of.medianSpreadBps / 20_000 + of.legsHalfWidth;
  return Z_99 * Math.sqrt(ofMedian + ofAge) + of.price * common;
}
