import type { Consensus } from '../aggregation/consensus';
import type { ReportPrices } from '../report';
import { powerOfTen, toMantissa } from '../units/decimal';

/** An anchor that stands apart doubles the band: the price may be further from the truth than the votes suggest. */
const APART_WIDENING = 2;

/**
 * The prices of one report, rounded once: the band outwards, so that rounding never narrows it. What an asset counts
 * for new risk is the lowest of band, stable price and redemption value, what a debt counts the highest
 * (docs/pricing.md). `stable` is undefined until the feed is warm; then both are absent. `redemption` is undefined for
 * what is not redeemed for anything, and where its rate is not known.
 */
export function usePrices(
  consensus: Consensus,
  decimals: number,
  stable: number | undefined,
  apart: boolean,
  redemption?: { readonly low: number; readonly high: number },
): ReportPrices {
  const { price } = consensus;
  const widening = apart ? APART_WIDENING : 1;
  const low = outward(price - (price - consensus.low) * widening, decimals, Math.floor);
  const high = outward(price + (consensus.high - price) * widening, decimals, Math.ceil);
  const redeemedLow = redemption === undefined ? low : outward(redemption.low, decimals, Math.floor);
  const redeemedHigh = redemption === undefined ? high : outward(redemption.high, decimals, Math.ceil);
  return {
    price: toMantissa(price, decimals),
    low,
    high,
    collateral: stable === undefined ? undefined : Math.min(low, stable, redeemedLow),
    liability: stable === undefined ? undefined : Math.max(high, stable, redeemedHigh),
  };
}

/** A band wider than what can be published ends where that ends: at the smallest price and at the largest. */
function outward(edge: number, decimals: number, round: (value: number) => number): number {
  return Math.min(Math.max(1, round(edge * powerOfTen(decimals))), Number.MAX_SAFE_INTEGER);
}
