import { halts, NO_REASONS, reasonBit, type ReasonSet } from '../guarding/reasons';
import { REASONS, type ReportPrices } from '../report';
import type { ObservedFeed } from './observed-feed';

const OBSERVERS_APART = reasonBit('observersApart');

/** What all signers of a set agree on beforehand. */
export interface CertifyingRules {
  /** So many signers sign a cut, and so many must see a price where it is certified. More than half of the set. */
  readonly threshold: number;
  /** A signer sees the price there if its own price, and each edge of its band, is no further off than this. */
  readonly toleranceBps: number;
}

/**
 * One feed as several signers see it: a pure function of the set of observations, whatever their order. The price is
 * their median, the edges of the band the outer medians of theirs, so that where less than half of them lie the truth
 * of the others bounds each figure. A signer whose own view is further off than the tolerance does not support the
 * outcome; with less than `threshold` supporters there is no price.
 */
export function combineFeed(observed: readonly ObservedFeed[], rules: CertifyingRules): ObservedFeed {
  const reasons = sharedReasons(observed);
  const priced = observed.flatMap(({ prices }) => (prices === undefined ? [] : [prices]));
  const prices = combinePrices(priced);
  const supporters =
    prices === undefined ? [] : observed.filter((one) => supports(one.prices, prices, rules.toleranceBps));
  const halted = prices === undefined || supporters.length < rules.threshold || halts(reasons);
  const witnesses = halted ? observed : supporters;
  return {
    reasons: halted && !halts(reasons) ? reasons | OBSERVERS_APART : reasons,
    prices: halted ? undefined : prices,
    observedAt: halted ? undefined : lowerMedian(supporters.map(({ observedAt }) => observedAt ?? 0)),
    sources: {
      used: lowerMedian(witnesses.map(({ sources }) => sources.used)),
      upstreams: lowerMedian(witnesses.map(({ sources }) => sources.upstreams)),
    },
    dispersionBps: upperMedian(witnesses.map(({ dispersionBps }) => dispersionBps)),
  };
}

/** A reason holds if at least half of the signers have it: in doubt against the feed. */
function sharedReasons(observed: readonly ObservedFeed[]): ReasonSet {
  let shared = NO_REASONS;
  for (const reason of REASONS) {
    const bit = reasonBit(reason);
    const count = observed.filter(({ reasons }) => (reasons & bit) !== 0).length;
    if (count > 0 && 2 * count >= observed.length) shared |= bit;
  }
  return shared;
}

function combinePrices(priced: readonly ReportPrices[]): ReportPrices | undefined {
  if (priced.length === 0) return undefined;
  const price = median(priced.map((prices) => prices.price));
  const low = Math.min(price, lowerMedian(priced.map((prices) => prices.low)));
  const high = Math.max(price, upperMedian(priced.map((prices) => prices.high)));
  const collaterals = priced.flatMap(({ collateral }) => (collateral === undefined ? [] : [collateral]));
  const liabilities = priced.flatMap(({ liability }) => (liability === undefined ? [] : [liability]));
  const known = collaterals.length > 0;
  return {
    price,
    low,
    high,
    collateral: known ? Math.min(low, lowerMedian(collaterals)) : undefined,
    liability: known ? Math.max(high, upperMedian(liabilities)) : undefined,
  };
}

/** Bands are measured less exactly than prices: an edge may be off by half of the band besides. */
function supports(own: ReportPrices | undefined, certified: ReportPrices, toleranceBps: number): boolean {
  if (own === undefined) return false;
  const tolerance = (certified.price * toleranceBps) / 10_000;
  const edgeTolerance = tolerance + (own.high - own.low) / 4;
  return (
    Math.abs(own.price - certified.price) <= tolerance &&
    Math.abs(own.low - certified.low) <= edgeTolerance &&
    Math.abs(own.high - certified.high) <= edgeTolerance
  );
}

/** Of whole numbers, at least one: a whole number between the two middle ones, or one of them. */
function median(values: readonly number[]): number {
  const low = lowerMedian(values);
  return low + Math.floor((upperMedian(values) - low) / 2);
}

function lowerMedian(values: readonly number[]): number {
  return sorted(values)[(values.length - 1) >> 1] ?? 0;
}

function upperMedian(values: readonly number[]): number {
  return sorted(values)[values.length >> 1] ?? 0;
}

function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
