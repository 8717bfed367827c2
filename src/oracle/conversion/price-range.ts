import { powerOfTen } from '../units/decimal';

/** Prices that can be published, in units of the feed's quote currency: `min` and above, below `max`. */
export interface PriceRange {
  readonly min: number;
  readonly max: number;
}

/** From one unit of the last decimal to a tenth of 2^53 of them, so that the published integers stay exact. */
export function priceRange(decimals: number): PriceRange {
  const units = powerOfTen(decimals);
  return { min: 1 / units, max: Number.MAX_SAFE_INTEGER / 10 / units };
}
