import type { Tally } from './votes';

/** A normal variable stays within this many standard deviations 99 times in 100. */
const Z_99 = 2.576;
/** MAD times this estimates the standard deviation of a normal sample. */
export const MAD_TO_SIGMA = 1.4826;
/**
 * Variance of the median of votes against that of their mean: π/2 for points (of normal votes, asymptotically), 1 for
 * votes that spread wider than they scatter. Spread as books and age have it, they are in the middle between.
 */
const EFFICIENCY = Math.sqrt(Math.PI / 2);
/** Share of what is seen now in the scatter: of a handful of votes it says little, and the last minutes say more. */
const NOW = 0.25;

/** What the votes themselves do not tell. Prices relative. */
export interface Circumstances {
  /** Standard deviation of the log price over one second. */
  readonly sigmaPerRootSecond: number;
  /** Standard deviation of the votes in the last minutes; NaN before it is known. */
  readonly scatter: number;
  /** Half-widths of the legs in use, summed. */
  readonly legsHalfWidth: number;
}

/**
 * Half the width of a band that should contain the efficient price 99 times in 100 (docs/pricing.md): the standard error
 * of the votes' median together with what the price may have done since they were cast, and the legs' own half-widths,
 * whole: their error is common to all votes and does not average out. `waitedMs`: since the votes were counted.
 */
export function bandHalfWidth(tally: Tally, by: Circumstances, waitedMs = 0): number {
  const now = (MAD_TO_SIGMA * tally.deviation) / tally.weightedMedian;
  const scatter = Number.isNaN(by.scatter) ? now * now : NOW * now * now + (1 - NOW) * by.scatter * by.scatter;
  return tally.weightedMedian * relativeHalfWidth(tally, EFFICIENCY * scatter * tally.concentration, by, waitedMs);
}

/** How far the two medians of honest votes may stand apart: 99 times in 100 the equal one errs by no more. */
export function medianGap(tally: Tally, by: Circumstances, waitedMs = 0): number {
  const now = (MAD_TO_SIGMA * tally.mad) / tally.weightedMedian;
  return tally.weightedMedian * relativeHalfWidth(tally, (now * now * Math.PI) / (2 * tally.count), by, waitedMs);
}

/** Never less than half the median spread: where all books show the same ticks, nothing tells where between them. */
function relativeHalfWidth(tally: Tally, varianceOfVotes: number, by: Circumstances, waitedMs: number): number {
  const { sigmaPerRootSecond, legsHalfWidth } = by;
  const varianceOfAge = sigmaPerRootSecond * sigmaPerRootSecond * ((tally.ageMs + waitedMs) / 1_000);
  const doubt = Math.sqrt(Z_99 * Z_99 * (varianceOfVotes + varianceOfAge) + legsHalfWidth * legsHalfWidth);
  return Math.max(doubt, tally.medianSpreadBps / 20_000);
}
