import { believedSigma, distance, reach } from './pace';

describe('the pace of a market', () => {
  it('is measured alike in both directions', () => {
    expect(distance(100, 125)).toBeCloseTo(distance(125, 100), 15);
  });

  it('has no distance from a price that is absent', () => {
    expect(distance(100, NaN)).toBeNaN();
  });

  it('reaches at least the floor, and ten standard deviations', () => {
    expect(reach(400, 1e-4, 10_000)).toBe(0.04);
    expect(reach(400, 4e-3, 25_000)).toBeCloseTo(0.2, 12);
  });

  it('is believed up to three times the nominal volatility: one jump does not license the next', () => {
    const nominal = 0.8 / Math.sqrt(365 * 86_400);
    expect(believedSigma(nominal, 0.8)).toBe(nominal);
    expect(believedSigma(1, 0.8)).toBeCloseTo(3 * nominal, 12);
  });
});
