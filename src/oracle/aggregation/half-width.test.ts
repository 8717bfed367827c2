import { halfWidth, type Uncertainty } from './half-width';

const CERTAIN: Uncertainty = {
  price: 100,
  mad: 0,
  votes: 4,
  medianSpreadBps: 0,
  ageMs: 0,
  sigmaPerRootSecond: 0,
  legsHalfWidth: 0,
};

describe('halfWidth', () => {
  it.each([
    ['without any doubt there is no band', {}, 0],
    // 2.58 · 1.4826 · 0.1 · √(π/8)
    ['scatter among four votes counts as the standard error of their median', { mad: 0.1 }, 0.239_703_10],
    // 2.58 · 1.4826 · 0.1 · √(π/32)
    ['four times the votes halve it', { mad: 0.1, votes: 16 }, 0.119_851_55],
    // 2.58 · 100 · 0.001 · √4
    [
      'a price of four seconds ago may have moved by two σ of a second',
      { sigmaPerRootSecond: 0.001, ageMs: 4_000 },
      0.516,
    ],
    ['half of the median spread stands on each side', { medianSpreadBps: 10 }, 0.05],
    ['an error of the legs is common to all votes and passes whole', { legsHalfWidth: 0.002 }, 0.2],
    // 2.58 · √(0.0929082² + 0.2²) + 0.05 + 0.2
    [
      'independent errors add in squares, common ones as they are',
      { mad: 0.1, sigmaPerRootSecond: 0.001, ageMs: 4_000, medianSpreadBps: 10, legsHalfWidth: 0.002 },
      0.818_958_32,
    ],
  ])('%s', (_reason, doubts, width) => {
    expect(halfWidth({ ...CERTAIN, ...doubts })).toBeCloseTo(width, 7);
  });

  it('is no number without votes', () => {
    expect(halfWidth({ ...CERTAIN, price: NaN, mad: NaN, votes: 0 })).toBeNaN();
  });
});
