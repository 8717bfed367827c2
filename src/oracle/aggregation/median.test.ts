import fc from 'fast-check';
import { copySorted, lowerMedianOfSorted, medianOfSorted, sort, sortPairs, weightedMedianOfSorted } from './median';

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

describe('sorting of scratch columns', () => {
  it('sorts what counts and leaves the rest alone', () => {
    const values = Float64Array.of(3, 1, 2, -9);
    sort(values, 3);
    expect([...values]).toEqual([1, 2, 3, -9]);
  });

  it('leaves a column as it is that it sorts into another', () => {
    const values = Float64Array.of(3, 1, 2);
    const sorted = new Float64Array(3);
    copySorted(values, sorted, 3);
    expect([...values, ...sorted]).toEqual([3, 1, 2, 1, 2, 3]);
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
