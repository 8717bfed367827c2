import fc from 'fast-check';
import { IntervalMedian } from './interval-median';
import { weightedMedianOfSorted } from './median';

describe('weighted median of intervals', () => {
  function medianOf(
    votes: readonly (readonly [value: number, reach: number, weight: number])[],
    tieBreak = NaN,
  ): number {
    const column = (place: 0 | 1 | 2): Float64Array => Float64Array.from(votes, (vote) => vote[place]);
    const intervals = { count: votes.length, value: column(0), reach: column(1), share: column(2) };
    return new IntervalMedian(votes.length).of(intervals, tieBreak);
  }

  it.each([
    ['of one is its middle', [[5, 2, 1]], 5],
    [
      'lies where half of all weight is below',
      [
        [5, 2, 1],
        [9, 2, 3],
      ],
      8.333_333,
    ],
    [
      'is the mean of two that overlap and weigh the same',
      [
        [5, 2, 1],
        [6, 2, 1],
      ],
      5.5,
    ],
    [
      'is a point where the middle is held by one',
      [
        [5, 1, 1],
        [6, 0, 2],
        [7, 1, 1],
      ],
      6,
    ],
    [
      'lies between points and intervals',
      [
        [5, 0, 1],
        [6, 1, 1],
        [7, 0, 1],
      ],
      6,
    ],
    [
      'is the middle of the gap where half is reached before it',
      [
        [1, 1, 1],
        [9, 1, 1],
      ],
      5,
    ],
    [
      'needs no order',
      [
        [9, 2, 3],
        [5, 2, 1],
      ],
      8.333_333,
    ],
  ] as const)('%s', (_reason, votes, median) => {
    expect(medianOf(votes)).toBeCloseTo(median, 6);
  });

  it.each([
    ['before it', 1, 2],
    ['in it', 4, 4],
    ['after it', 10, 8],
  ])('is the point of a gap that is nearest to what breaks the tie: %s', (_reason, tieBreak, median) => {
    expect(
      medianOf(
        [
          [1, 1, 1],
          [9, 1, 1],
        ],
        tieBreak,
      ),
    ).toBe(median);
  });

  it('of none is no number', () => {
    expect(medianOf([])).toBeNaN();
  });

  it('equals the weighted median of points where nothing is left open', () => {
    const point = fc.tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 12 }), (points) => {
        const sorted = points.toSorted(([a], [b]) => a - b);
        const values = Float64Array.from(sorted, ([value]) => value);
        const weights = Float64Array.from(sorted, ([, weight]) => weight);
        const found = medianOf(points.map(([value, weight]) => [value, 0, weight] as const));
        expect(found).toBeCloseTo(weightedMedianOfSorted(values, weights, points.length), 9);
      }),
    );
  });

  it('stays within what the greater part of the weight leaves open, whatever the rest says', () => {
    const vote = (value: fc.Arbitrary<number>) =>
      fc.tuple(value, fc.double({ min: 0, max: 3, noNaN: true }), fc.double({ min: 0.1, max: 1, noNaN: true }));
    const honest = fc.array(vote(fc.double({ min: 99, max: 101, noNaN: true })), { minLength: 1, maxLength: 6 });
    const liars = fc.array(vote(fc.constantFrom(1e-9, 50, 102, 1e9)), { maxLength: 6 });
    fc.assert(
      fc.property(honest, liars, (good, bad) => {
        const weight = (votes: readonly (readonly number[])[]): number =>
          votes.reduce((sum, [, , own]) => sum + own!, 0);
        fc.pre(weight(good) > weight(bad) * 1.000_001);
        const found = medianOf([...bad, ...good]);
        expect(found).toBeGreaterThanOrEqual(Math.min(...good.map(([value, reach]) => value - reach)) - 1e-9);
        expect(found).toBeLessThanOrEqual(Math.max(...good.map(([value, reach]) => value + reach)) + 1e-9);
      }),
    );
  });
});
