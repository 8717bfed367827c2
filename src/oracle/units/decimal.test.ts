import fc from 'fast-check';
import { formatMantissa, fromMantissa, powerOfTen, toMantissa } from './decimal';

describe('published integers', () => {
  it.each([
    ['are rounded to the nearest unit', 1.2349, 2, 123],
    ['are rounded up from the half', 1.125, 2, 113],
    ['need no decimals', 1.4, 0, 1],
    ['reach up to the largest exact integer', 90_071_992_547_409.91, 2, Number.MAX_SAFE_INTEGER],
  ])('%s', (_reason, value, decimals, mantissa) => {
    expect(toMantissa(value, decimals)).toBe(mantissa);
  });

  it.each([
    ['beyond 2^53 is not exact', 1e15, 2],
    ['no number is no price', NaN, 2],
    ['infinity is no price', Infinity, 2],
  ])('refuse what %s', (_reason, value, decimals) => {
    expect(() => toMantissa(value, decimals)).toThrow(RangeError);
  });

  it.each([-1, 0.5, 16, NaN])('have no power of ten for %s decimals', (decimals) => {
    expect(() => powerOfTen(decimals)).toThrow(`decimals ${decimals} is not a whole number within 0..15`);
  });

  it('survive the way into float64 and back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: Math.floor(Number.MAX_SAFE_INTEGER / 10) }),
        fc.nat({ max: 15 }),
        (mantissa, decimals) => {
          expect(toMantissa(fromMantissa(mantissa, decimals), decimals)).toBe(mantissa);
        },
      ),
    );
  });

  it.each([
    [12_345, 2, '123.45'],
    [5, 2, '0.05'],
    [5, 0, '5'],
    [-5, 2, '-0.05'],
    [9_007_199_254_740_993n, 3, '9007199254740.993'],
    [0, 4, '0.0000'],
  ])('%s with %s decimals reads %s', (mantissa, decimals, text) => {
    expect(formatMantissa(mantissa, decimals)).toBe(text);
  });
});
