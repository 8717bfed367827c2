import type { FeedPlan } from '../../plan';

/** Calmer than this a year, an asset is held for its calm: a dollar's stand-in, or a currency. */
const CALM_VOLATILITY = 0.2;
/** How much of what was measured is left in stress. */
const MEASURED = 0.5;

/** By feed: those with the same number fall together. Assets in one currency do, and so do its stand-ins, by themselves. */
export function fallingTogether(feeds: readonly FeedPlan[]): readonly number[] {
  const groups = feeds.map(({ quote, policy }) => `${quote} ${policy.nominalVolatility < CALM_VOLATILITY}`);
  return groups.map((group) => groups.indexOf(group));
}

/**
 * Of a pair, κ·ρ + (1 − κ)·b, where b is 1 if the two fall together and else 0. The matrix of all b is a sum of s·sᵀ, so
 * that with the correlations their mixture is positive semidefinite.
 */
export function stressed(correlation: number, isTogether: boolean): number {
  return MEASURED * correlation + (isTogether ? 1 - MEASURED : 0);
}
