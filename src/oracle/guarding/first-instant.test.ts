import { firstInstant } from './first-instant';

describe('firstInstant', () => {
  it.each([
    ['is found to the tick', 4_321, 0, 10_000, 4_321],
    ['is never where it comes too late', 10_001, 0, 10_000, Infinity],
    ['may be the very end', 10_000, 0, 10_000, 10_000],
    ['is never in a time that is none', 0, 5, 5, Infinity],
  ])('%s', (_reason, from, start, end, expected) => {
    const found = firstInstant((at) => at >= from, start, end);
    if (expected === Infinity) expect(found).toBe(Infinity);
    else {
      expect(found).toBeGreaterThanOrEqual(expected);
      expect(found - expected).toBeLessThan(10);
    }
  });
});
