/** A decimal as exchanges quote it in a string: no exponent, no sign but a minus, no blanks. */
export const DECIMAL = String.raw`-?\d+(?:\.\d+)?`;

const MINUS = 45;
const POINT = 46;
const ZERO = 48;

/** Powers of ten that float64 holds exactly: the whole range within which one division is correctly rounded. */
const EXACT_POWERS_OF_TEN = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
] as const;

/**
 * The float64 nearest to the decimal that stands in `text` from `from` up to `to`; the caller has matched it against
 * DECIMAL. Gives what `Number` gives, without cutting the piece out. A decimal beyond float64 is infinite.
 */
export function decimalAt(text: string, from: number, to: number): number {
  const negative = text.charCodeAt(from) === MINUS;
  let mantissa = 0;
  let at = negative ? from + 1 : from;
  for (; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === POINT) break;
    mantissa = mantissa * 10 + (code - ZERO);
  }
  const decimals = at < to ? to - at - 1 : 0;
  for (at++; at < to; at++) mantissa = mantissa * 10 + (text.charCodeAt(at) - ZERO);
  // A whole number below 2^53 and an exact power of ten: one rounding, so the quotient is the nearest float64.
  const power = EXACT_POWERS_OF_TEN[decimals];
  if (power === undefined || mantissa > Number.MAX_SAFE_INTEGER) return Number(text.slice(from, to));
  return negative ? -(mantissa / power) : mantissa / power;
}
