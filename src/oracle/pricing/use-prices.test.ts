import fc from 'fast-check';
import type { Consensus } from '../aggregation/consensus';
import { usePrices } from './use-prices';

const band = (low: number, price: number, high: number): Consensus => ({ price, low, high, agreed: true });

describe('usePrices', () => {
  it('rounds the price to the nearest unit and the band outwards, never inwards', () => {
    expect(usePrices(band(99.991, 100.006, 100.021), 2, undefined, false)).toEqual({
      price: 10_001,
      low: 9_999,
      high: 10_003,
      collateral: undefined,
      liability: undefined,
    });
  });

  it.each([
    ['a stable price below the band: collateral counts at it', 9_000, 9_000, 10_100],
    ['a stable price within the band: the band counts', 10_000, 9_900, 10_100],
    ['a stable price above the band: debts count at it', 11_000, 9_900, 11_000],
  ])('takes the worse of band and stable price for new risk; %s', (_reason, stable, collateral, liability) => {
    expect(usePrices(band(99, 100, 101), 2, stable, false)).toMatchObject({ collateral, liability });
  });

  it.each([
    ['a market below what it redeems for: collateral counts at the market', 104, 106, 9_900, 10_600],
    ['a market above what it redeems for: collateral counts at the redemption', 94, 96, 9_400, 10_100],
    ['a redemption within the band: the band counts', 99.5, 100.5, 9_900, 10_100],
    ['a redemption wider than the band counts on both sides', 94.001, 105.001, 9_400, 10_501],
  ])('takes the worse of market and redemption for new risk; %s', (_reason, low, high, collateral, liability) => {
    const prices = usePrices(band(99, 100, 101), 2, 10_000, false, { low, high });
    expect(prices).toEqual({ price: 10_000, low: 9_900, high: 10_100, collateral, liability });
  });

  it('counts nothing for new risk before the stable price is known, whatever it redeems for', () => {
    const prices = usePrices(band(99, 100, 101), 2, undefined, false, { low: 99, high: 101 });
    expect(prices).toMatchObject({ collateral: undefined, liability: undefined });
  });

  it('doubles the band about the price where an anchor stands apart, and leaves the price', () => {
    expect(usePrices(band(99, 100, 102), 2, undefined, true)).toMatchObject({
      low: 9_800,
      price: 10_000,
      high: 10_400,
    });
  });

  it.each([
    ['a band wider than the price still ends above zero', band(-50, 100, 250), 1, 25_000],
    ['a band wider than any integer ends at the largest exact one', band(1, 100, 1e300), 100, Number.MAX_SAFE_INTEGER],
  ])('%s', (_reason, consensus, low, high) => {
    expect(usePrices(consensus, 2, undefined, false)).toMatchObject({ low, price: 10_000, high });
  });

  it('never narrows the band and never leaves the price outside', () => {
    const arbitrary = fc.record({
      price: fc.double({ min: 0.01, max: 1e9, noNaN: true }),
      below: fc.double({ min: 0, max: 0.9, noNaN: true }),
      above: fc.double({ min: 0, max: 2, noNaN: true }),
      apart: fc.boolean(),
    });
    fc.assert(
      fc.property(arbitrary, ({ price, below, above, apart }) => {
        const consensus = band(price * (1 - below), price, price * (1 + above));
        const found = usePrices(consensus, 4, undefined, apart);
        expect(found.low).toBeLessThanOrEqual(Math.max(1, consensus.low * 1e4 * (1 + 1e-15)));
        expect(found.high).toBeGreaterThanOrEqual(consensus.high * 1e4 * (1 - 1e-15));
        expect(found.low).toBeLessThanOrEqual(found.price);
        expect(found.high).toBeGreaterThanOrEqual(found.price);
      }),
    );
  });
});
