import fc from 'fast-check';
import { bandHalfWidth, medianGap } from './half-width';
import type { Tally } from './votes';

const QUIET: Tally = {
  count: 4,
  equalMedian: 100,
  weightedMedian: 100,
  mad: 0,
  deviation: 0,
  medianSpreadBps: 0,
  spokenAt: 1_000,
  ageMs: 0,
  concentration: 0.25,
  native: 4,
  nativeGapBps: NaN,
};
const NOTHING = { sigmaPerRootSecond: 0, scatter: NaN, legsHalfWidth: 0 };

describe('bandHalfWidth', () => {
  it.each([
    ['without any doubt there is no band', {}, {}, 0],
    // 2.576 · 1.4826 · 0.1 · √(√(π/2)/4)
    ['scatter among four votes counts as the standard error of their median', { deviation: 0.1 }, {}, 0.213_783],
    ['four times the votes halve it', { deviation: 0.1, concentration: 1 / 16 }, {}, 0.106_891],
    // 2.576 · 0.1 · √(0.75 · √(π/2)/4)
    ['votes that happen to coincide are not surer than usual', {}, { scatter: 0.001 }, 0.124_876],
    // 2.576 · √(√(π/2)/4 · (0.25 · 0.14826² + 0.75 · 0.1²))
    ['the scatter seen now is steadied by the usual', { deviation: 0.1 }, { scatter: 0.001 }, 0.164_376],
    ['a price of four seconds ago may have moved by two σ', { ageMs: 4_000 }, { sigmaPerRootSecond: 0.001 }, 0.515_2],
    ['an error of the legs is common to all votes and passes whole', {}, { legsHalfWidth: 0.002 }, 0.2],
    ['where all books show the same, the price may be anywhere between', { medianSpreadBps: 10 }, {}, 0.05],
    // √(0.213783² + 0.5152² + 0.2²)
    [
      'independent errors add in squares',
      { deviation: 0.1, ageMs: 4_000, medianSpreadBps: 10 },
      { sigmaPerRootSecond: 0.001, legsHalfWidth: 0.002 },
      0.592_565,
    ],
  ])('%s', (_reason, tally, by, width) => {
    expect(bandHalfWidth({ ...QUIET, ...tally }, { ...NOTHING, ...by })).toBeCloseTo(width, 5);
  });

  it('only widens with age, whatever else is in doubt', () => {
    const doubt = fc.double({ min: 0, max: 1, noNaN: true });
    const ageMs = fc.double({ min: 0, max: 10_000, noNaN: true });
    fc.assert(
      fc.property(doubt, doubt, doubt, ageMs, ageMs, (deviation, scatter, legsHalfWidth, age, more) => {
        const by = { sigmaPerRootSecond: 0.001, scatter, legsHalfWidth };
        const width = (then: number): number => bandHalfWidth({ ...QUIET, deviation, ageMs: then }, by);
        expect(width(age + more)).toBeGreaterThanOrEqual(width(age));
      }),
    );
  });

  it('is no number without votes', () => {
    const none = { ...QUIET, count: 0, weightedMedian: NaN, deviation: NaN, mad: NaN };
    expect(bandHalfWidth(none, NOTHING)).toBeNaN();
    expect(medianGap(none, NOTHING)).toBeNaN();
  });
});

describe('medianGap', () => {
  // 2.576 · 1.4826 · 0.1 · √(π/8)
  it('is what the median of as many votes errs by, as they scatter about it now', () => {
    expect(medianGap({ ...QUIET, mad: 0.1 }, { ...NOTHING, scatter: 0.5 })).toBeCloseTo(0.239_331, 5);
  });

  it('allows for what the votes themselves leave open', () => {
    expect(medianGap({ ...QUIET, medianSpreadBps: 10 }, NOTHING)).toBeCloseTo(0.05, 9);
  });
});
