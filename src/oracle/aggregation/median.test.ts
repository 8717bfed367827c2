import fc from 'fast-check';
import {
  lowerMedianOfSorted,
  medianOfSorted,
  sort,
  sortPairs,
  weightedMedianOfIntervals,
  weightedMedianOfSorted,
} from './median';

const numbers = fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 31 });

describe('medians', () => {
  it.each([
    ['of one vote is that vote', [5], 5, 5],
    ['of two is their mean; the lower one is a vote that was cast', [5, 7], 6, 5],
    ['of three is the middle one', [5, 7, 100], 7, 7],
    ['of four is the mean of the middle two', [1, 5, 7, 100], 6, 5],
    ['of none is no number', [], NaN, NaN],
  ])('the median %s', (_reason, sorted, median, lower) => {
    expect(medianOfSorted(Float64Array.from(sorted), sorted.length)).toBe(median);
    expect(lowerMedianOfSorted(Float64Array.from(sorted), sorted.length)).toBe(lower);
  });

  it('do not overflow between two large votes', () => {
    expect(medianOfSorted(Float64Array.of(1.5e308, 1.7e308), 2)).toBe(1.6e308);
  });

  it('read only as many elements as they are told', () => {
    expect(medianOfSorted(Float64Array.of(1, 2, 3, 99), 3)).toBe(2);
    expect(weightedMedianOfSorted(Float64Array.of(1, 2, 99), Float64Array.of(1, 2, 99), 2)).toBe(2);
  });
});

describe('weighted median', () => {
  it.each([
    ['follows the weight, not the count', [1, 2, 3], [0.6, 0.2, 0.2], 1],
    ['is the value at which half is passed', [1, 2, 3], [0.3, 0.3, 0.4], 2],
    ['is the mean of two where half is reached exactly between them', [1, 2, 3], [0.25, 0.25, 0.5], 2.5],
    ['takes a sum that misses half by a rounding for half', [1, 2, 3, 4], [0.1, 0.4 - 1e-17, 0.3, 0.2], 2.5],
    ['equals the equal-count median where weights are equal', [1, 2, 4, 9], [0.25, 0.25, 0.25, 0.25], 3],
    ['needs no normalised weights', [1, 2, 3], [3, 1, 1], 1],
    ['is the only value', [7], [1], 7],
    ['of none is no number', [], [], NaN],
  ])('%s', (_reason, sorted, weights, median) => {
    const found = weightedMedianOfSorted(Float64Array.from(sorted), Float64Array.from(weights), sorted.length);
    expect(found).toBe(median);
  });

  it('equals the equal-count median for any number of equal weights', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const sorted = Float64Array.from(values).sort();
        const weights = new Float64Array(values.length).fill(1 / values.length);
        const median = weightedMedianOfSorted(sorted, weights, values.length);
        expect(median).toBe(medianOfSorted(sorted, values.length));
      }),
    );
  });
});

describe('weighted median of intervals', () => {
  function medianOf(
    votes: readonly (readonly [value: number, reach: number, weight: number])[],
    tieBreak = NaN,
  ): number {
    const column = (place: 0 | 1 | 2): Float64Array => Float64Array.from(votes, (vote) => vote[place]);
    const intervals = { count: votes.length, value: column(0), reach: column(1), weight: column(2) };
    return weightedMedianOfIntervals(intervals, tieBreak, new Float64Array(2 * votes.length));
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

describe('sorting of scratch columns', () => {
  it('sorts what counts and leaves the rest alone', () => {
    const values = Float64Array.of(3, 1, 2, -9);
    sort(values, 3);
    expect([...values]).toEqual([1, 2, 3, -9]);
  });

  it('agrees with the sort of the language, and carries each companion along', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const keys = Float64Array.from(values);
        const companions = Float64Array.from(values, (value) => -value);
        sortPairs(keys, companions, values.length);
        expect([...keys]).toEqual([...Float64Array.from(values).sort()]);
        expect([...companions]).toEqual([...keys].map((key) => -key));
      }),
    );
  });
});
