import fc from 'fast-check';
import { cappedWeights } from './capped-weights';
import { effectiveWeights } from './effective-weights';

const voter = fc.record({
  prior: fc.double({ min: 0.1, max: 100, noNaN: true }),
  depth: fc.oneof(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), fc.constant(NaN)),
  trust: fc.double({ min: 0, max: 1, noNaN: true }),
});
const voters = fc.array(voter, { minLength: 1, maxLength: 16 });
const SLACK = 1e-9;

const sum = (weights: readonly number[]): number => weights.reduce((total, weight) => total + weight, 0);
const evenly = (depths: readonly number[], trust = 1): number[] =>
  effectiveWeights(depths.map((depth) => ({ prior: 1, depth, trust })));

describe('effectiveWeights', () => {
  it.each([
    ['nobody has none', [], []],
    ['nothing measured leaves the priors', [NaN, NaN], [1, 1]],
    ['one who alone is measured is measured against nobody', [7, NaN, NaN], [1, 1, 1]],
    ['equal books weigh the same, in whatever unit', [1e6, 1e6, 1e6], [1, 1, 1]],
    ['weight follows depth', [1, 1, 2], [0.75, 0.75, 1.5]],
    ['an unknown depth leaves its prior', [1, 3, NaN], [0.5, 1.5, 1]],
    ['no book takes another below a third', [1, 1e12], [1 / 3, 5 / 3]],
    ['no book makes more than three times', [1, 1, 1, 1, 1, 1, 1, 1, 1, 1e12], [...Array<number>(9).fill(7 / 9), 3]],
  ])('%s', (_reason, depths, weights) => {
    const found = evenly(depths);
    expect(found).toHaveLength(weights.length);
    found.forEach((weight, index) => expect(weight).toBeCloseTo(weights[index]!, 9));
  });

  it('goes from prior to measured as trust grows', () => {
    expect(evenly([1, 3], 0)).toEqual([1, 1]);
    const half = evenly([1, 3], 0.5);
    expect(half[1]).toBeCloseTo(1.25, 9);
    expect(half[0]).toBeCloseTo(0.75, 9);
  });

  it('keeps the sum, so that nobody gains but from somebody', () => {
    fc.assert(
      fc.property(voters, (all) => {
        expect(sum(effectiveWeights(all)) / sum(all.map(({ prior }) => prior))).toBeCloseTo(1, 9);
      }),
    );
  });

  it('lets no share leave a third to three times of what is configured', () => {
    fc.assert(
      fc.property(voters, (all) => {
        effectiveWeights(all).forEach((weight, index) => {
          const times = weight / all[index]!.prior;
          expect(times).toBeGreaterThanOrEqual(1 / 3 - SLACK);
          expect(times).toBeLessThanOrEqual(3 + SLACK);
        });
      }),
    );
  });

  it('is monotone: more depth never weighs less, nor lets another weigh more', () => {
    fc.assert(
      fc.property(voters, fc.nat(), fc.double({ min: 1, max: 1e6, noNaN: true }), (all, pick, times) => {
        const which = pick % all.length;
        const deeper = all.map((each, index) => (index === which ? { ...each, depth: each.depth * times } : each));
        const before = effectiveWeights(all);
        effectiveWeights(deeper).forEach((weight, index) => {
          if (index === which) expect(weight).toBeGreaterThanOrEqual(before[index]! * (1 - SLACK));
          else expect(weight).toBeLessThanOrEqual(before[index]! * (1 + SLACK));
        });
      }),
    );
  });

  it('does not care in which order voters stand', () => {
    const shuffled = voters.chain((all) => {
      const order = fc.shuffledSubarray([...all.keys()], { minLength: all.length });
      return fc.tuple(fc.constant(all), order);
    });
    fc.assert(
      fc.property(shuffled, ([all, order]) => {
        const inOrder = effectiveWeights(all);
        const permuted = effectiveWeights(order.map((index) => all[index]!));
        permuted.forEach((weight, row) => expect(weight / inOrder[order[row]!]!).toBeCloseTo(1, 9));
      }),
    );
  });

  it('does not care about the unit of depth', () => {
    fc.assert(
      fc.property(voters, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (all, unit) => {
        const before = effectiveWeights(all);
        const inUnit = effectiveWeights(all.map((each) => ({ ...each, depth: each.depth * unit })));
        inUnit.forEach((weight, index) => expect(weight / before[index]!).toBeCloseTo(1, 6));
      }),
    );
  });

  it('takes nobody over the cap, whatever sizes he shows and whatever he takes from the others', () => {
    fc.assert(
      fc.property(voters, fc.nat(), (all, pick) => {
        const which = pick % all.length;
        const attacked = all.map((each, index) => ({ ...each, depth: index === which ? 1e15 : 1e-15, trust: 1 }));
        const cap = Math.max(0.25, 1 / all.length);
        expect(cappedWeights(effectiveWeights(attacked))[which]).toBeLessThanOrEqual(cap + 1e-12);
      }),
    );
  });
});
