import type { Consensus } from '../aggregation/consensus';
import type { ReportPrices } from '../report';
import { powerOfTen, toMantissa } from '../units/decimal';

/** An anchor that stands apart doubles the band: the price may be further from the truth than the votes suggest. */
const APART_WIDENING = 2;

/**
 * The prices of one report, rounded once: the band outwards, so that rounding never narrows it. What an asset counts
 * for new risk is the lower of band and stable price, what a debt counts the higher (docs/pricing.md).
 * `stable` is undefined until the feed is warm; then both are absent.
 */
export function usePrices(
  consensus: Consensus,
  decimals: number,
  stable: number | undefined,
  apart: boolean,
): ReportPrices {
  const { price } = consensus;
  const widening = apart ? APART_WIDENING : 1;
  const low = outward(price - (price - consensus.low) * widening, decimals, Math.floor);
  const high = outward(price + (consensus.high - price) * widening, decimals, Math.ceil);
  return {
    price: toMantissa(price, decimals),
    low,
    high,
    collateral: stable === undefined ? undefined : Math.min(low, stable),
    liability: stable === undefined ? undefined : Math.max(high, stable),
  };
}

/** A band wider than what can be published ends where that ends: at the smallest price and at the largest. */
function outward(edge: number, decimals: number, round: (value: number) => number): number {
  return Math.min(Math.max(1, round(edge * powerOfTen(decimals))), Number.MAX_SAFE_INTEGER);
}
