import fc from 'fast-check';
import { priceOfTick } from './price-of-tick';

describe(priceOfTick.name, () => {
  // 1.0001^tick to 15 digits, by decimal arithmetic of 50 digits.
  test.each([
    ['no tick', 0, 0, 1],
    ['one tick: a basis point', 1, 0, 1.0001],
    ['one tick down', -1, 0, 1 / 1.0001],
    ['ten thousand ticks', 10_000, 0, 2.718145926825225],
    ['WETH in USDC, whose decimals differ by twelve', -200_311, 12, 2000.0402896480883],
    ['the highest tick', 887_272, 0, 3.4025678683638809e38],
    ['the lowest tick', -887_272, 0, 2.9389568075855849e-39],
    ['between two ticks, as a mean is', 0.5, 0, 1.0000499987500624],
  ])('of %s', (_, tick, shift, price) => {
    expect(Number(priceOfTick(tick, shift)) / price).toBeCloseTo(1, 12);
  });

  test.each([887_273, -887_273, NaN, Infinity])('has none of tick %s', (tick) => {
    expect(priceOfTick(tick, 0)).toBeUndefined();
  });

  test('is a plain decimal, and that of the other side is its inverse', () => {
    const ticks = fc.double({ min: -887_272, max: 887_272, noNaN: true });
    fc.assert(
      fc.property(ticks, fc.integer({ min: -18, max: 18 }), (tick, shift) => {
        const price = priceOfTick(tick, shift);
        expect(price).toMatch(/^\d+(\.\d+)?$/);
        expect(Number(price) * Number(priceOfTick(-tick, -shift))).toBeCloseTo(1, 10);
      }),
    );
  });
});
