/** Decimals a feed may publish with; 10^15 is the largest power of ten whose multiples by 9 stay exact in float64. */
export const MAX_DECIMALS = 15;

const POWERS_OF_TEN = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15] as const;

/** 10^decimals, from a table: `Math.pow` may differ between engines. Throws RangeError outside 0..15. */
export function powerOfTen(decimals: number): number {
  const power = POWERS_OF_TEN[decimals];
  if (power === undefined) throw new RangeError(`decimals ${decimals} is not a whole number within 0..${MAX_DECIMALS}`);
  return power;
}

/**
 * A price as the whole number of 10^-decimals units that is published, rounded half away from zero.
 * The result is a safe integer: start-up proves that ten times each feed's nominal price stays below 2^53.
 * Throws RangeError where it would not be, so that no inexact integer is ever signed.
 */
export function toMantissa(value: number, decimals: number): number {
  const mantissa = Math.round(value * powerOfTen(decimals));
  if (!Number.isSafeInteger(mantissa)) {
    throw new RangeError(`${value} at ${decimals} decimals does not fit 2^53; publish the feed with fewer decimals`);
  }
  return mantissa;
}

/** The float64 nearest to a published integer: what later cuts compute with, so that signers and replays agree. */
export function fromMantissa(mantissa: number, decimals: number): number {
  return mantissa / powerOfTen(decimals);
}

/** A published integer as an exact decimal string, all decimals written: (12345, 2) is "123.45". */
export function formatMantissa(mantissa: number | bigint, decimals: number): string {
  const negative = mantissa < 0;
  const digits = (negative ? -mantissa : mantissa).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const sign = negative ? '-' : '';
  return decimals === 0 ? sign + whole : `${sign}${whole}.${digits.slice(digits.length - decimals)}`;
}
