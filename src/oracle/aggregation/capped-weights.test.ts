import fc from 'fast-check';
import { cappedWeights } from './capped-weights';

const raw = fc.array(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 31 });

describe('cappedWeights', () => {
  it.each([
    ['one upstream has it all', [7], [1]],
    ['two share alike, whatever their size: neither may outvote the other', [9, 1], [0.5, 0.5]],
    ['three share alike', [5, 3, 1], [1 / 3, 1 / 3, 1 / 3]],
    ['four share alike', [100, 3, 2, 1], [0.25, 0.25, 0.25, 0.25]],
    ['below the cap, shares are in proportion', [2, 2, 2, 2, 1, 1], [0.2, 0.2, 0.2, 0.2, 0.1, 0.1]],
    ['what a cap takes the others receive in proportion', [60, 20, 10, 10, 10], [0.25, 0.25, 1 / 6, 1 / 6, 1 / 6]],
    ['nobody has nothing', [], []],
  ])('%s', (_reason, weights, shares) => {
    const found = cappedWeights(weights);
    expect(found).toHaveLength(shares.length);
    found.forEach((share, index) => expect(share).toBeCloseTo(shares[index]!, 12));
  });

  it('sums to one', () => {
    fc.assert(
      fc.property(raw, (weights) => {
        expect(cappedWeights(weights).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      }),
    );
  });

  it('gives nobody more than max(25 %, 1/n)', () => {
    fc.assert(
      fc.property(raw, (weights) => {
        const cap = Math.max(0.25, 1 / weights.length) + 1e-12;
        for (const share of cappedWeights(weights)) expect(share).toBeLessThanOrEqual(cap);
      }),
    );
  });

  it('keeps the order: whoever weighs more never has the smaller share', () => {
    fc.assert(
      fc.property(raw, (weights) => {
        const byWeight = [...weights].sort((a, b) => a - b);
        const shares = cappedWeights(byWeight);
        shares.slice(1).forEach((share, index) => expect(share).toBeGreaterThanOrEqual(shares[index]! - 1e-12));
      }),
    );
  });

  it('gives everybody something', () => {
    fc.assert(
      fc.property(raw, (weights) => {
        for (const share of cappedWeights(weights)) expect(share).toBeGreaterThan(0);
      }),
    );
  });
});
