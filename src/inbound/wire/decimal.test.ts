import fc from 'fast-check';
import { DECIMAL, decimalAt } from './decimal';

describe('decimalAt', () => {
  it.each([
    ['0', 0],
    ['65083.66000000', 65083.66],
    ['-497.7', -497.7],
    ['0.00000637', 0.00000637],
    ['007.50', 7.5],
    // More digits than 2^53 has: rounded once, not twice.
    ['9007199254740993', 9007199254740992],
    ['0.1234567890123456789012345', 0.1234567890123456789012345],
    ['1234567890123456789.987654321', 1234567890123456789.987654321],
  ])('reads %s as the float64 nearest to it', (text, value) => {
    expect(decimalAt(text, 0, text.length)).toBe(value);
  });

  it('is infinite where the digits are more than float64 can hold', () => {
    expect(decimalAt('9'.repeat(400), 0, 400)).toBe(Infinity);
  });

  it('gives what Number gives, wherever in a text the decimal stands', () => {
    const digits = fc.stringMatching(/^\d{1,24}$/);
    const decimals = fc
      .tuple(fc.constantFrom('', '-'), digits, fc.option(digits, { nil: undefined }))
      .map(([sign, whole, rest]) => sign + whole + (rest === undefined ? '' : `.${rest}`));
    fc.assert(
      fc.property(fc.string(), decimals, fc.string(), (before, decimal, after) => {
        expect(decimal).toMatch(new RegExp(`^${DECIMAL}$`));
        const from = before.length;
        expect(decimalAt(before + decimal + after, from, from + decimal.length)).toBe(Number(decimal));
      }),
      { numRuns: 5_000 },
    );
  });
});
