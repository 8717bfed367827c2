import { MAX_DECIMALS, toMantissa } from '../units/decimal';
import { priceRange } from './price-range';

describe('priceRange', () => {
  it.each(Array.from({ length: MAX_DECIMALS + 1 }, (_, decimals) => decimals))(
    'with %s decimals begins at one unit and leaves room for a price ten times its end',
    (decimals) => {
      const { min, max } = priceRange(decimals);
      expect(toMantissa(min, decimals)).toBe(1);
      expect(Number.isSafeInteger(toMantissa(max * 9.99, decimals))).toBe(true);
    },
  );
});
