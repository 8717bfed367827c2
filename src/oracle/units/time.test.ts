import { cutInstant, cutNumberAt } from './time';

describe('cut numbers', () => {
  it.each([
    ['the beginning of a tick', 1_700_000_000_010, 170_000_000_001],
    ['a fraction before the next', 1_700_000_000_019.999, 170_000_000_001],
    ['the next', 1_700_000_000_020, 170_000_000_002],
  ])('count whole ticks: %s', (_reason, at, cut) => {
    expect(cutNumberAt(at)).toBe(cut);
    expect(cutInstant(cut)).toBeLessThanOrEqual(at);
    expect(cutNumberAt(cutInstant(cut))).toBe(cut);
  });
});
