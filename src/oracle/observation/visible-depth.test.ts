import { visibleDepth } from './visible-depth';

describe('visibleDepth', () => {
  it.each([
    ['the best level, spread over the spread', 100, 102, 5, 5, 4, 125],
    ['the thinner of the two sides, for either can be pushed through', 100, 100, 9, 2, 1, 200],
    ['no more than a basis point holds, however narrow the spread', 100, 100, 2, 2, 0.01, 200],
  ])('is %s', (_reason, bid, ask, bidSize, askSize, spread, depth) => {
    expect(visibleDepth(bid, ask, bidSize, askSize, spread)).toBe(depth);
  });

  it.each([
    ['no size', undefined, 1],
    ['a size of one side only', 1, undefined],
    ['a size of zero', 1, 0],
    ['a negative size', -1, 1],
    ['a size that is no number', NaN, 1],
    ['an infinite size on both sides', Infinity, Infinity],
  ])('is unknown where there is %s', (_reason, bidSize, askSize) => {
    expect(visibleDepth(100, 100, bidSize, askSize, 1)).toBeNaN();
  });
});
