import fc from 'fast-check';
import { EwmaVolatility } from './ewma-volatility';

const SECONDS_A_YEAR = 365 * 24 * 3_600;

function observing(prices: readonly number[], nominal = 0.8): EwmaVolatility {
  const volatility = new EwmaVolatility(nominal);
  for (const price of prices) volatility.observe(price);
  return volatility;
}

/** A price that goes up and down by the same log return every second. */
function swinging(logReturn: number, seconds: number): number[] {
  return Array.from({ length: seconds + 1 }, (_, second) => 100 * Math.exp((second % 2) * logReturn));
}

/** S = Σ e^(−age/τ)·r², T = Σ e^(−age/τ), both over all returns at once. */
function closedForm(prices: readonly number[]): { squares: number; seconds: number; count: number } {
  const returns = prices.slice(1).flatMap((price, index) => {
    const change = Math.log(price / prices[index]!);
    return Number.isNaN(change) ? [] : [change];
  });
  const weights = returns.map((_, index) => Math.exp(-(returns.length - 1 - index) / 1_800));
  return {
    squares: returns.reduce((sum, change, index) => sum + weights[index]! * change * change, 0),
    seconds: weights.reduce((sum, weight) => sum + weight, 0),
    count: returns.length,
  };
}

describe('EwmaVolatility', () => {
  it('starts with the nominal volatility for the band, and publishes none of its own', () => {
    const volatility = new EwmaVolatility(0.8);
    expect(volatility.perRootSecond).toBeCloseTo(0.8 / Math.sqrt(SECONDS_A_YEAR), 15);
    expect(volatility.annualPpm).toBeUndefined();
  });

  it('publishes from the sixtieth return on', () => {
    expect(observing(swinging(0.000_1, 59)).annualPpm).toBeUndefined();
    const volatility = observing(swinging(0.000_1, 60));
    expect(volatility.observations).toBe(60);
    expect(volatility.annualPpm).toBe(Math.round(0.000_1 * Math.sqrt(SECONDS_A_YEAR) * 1e6));
  });

  it('moves the band from the nominal to the measured volatility as returns come in', () => {
    const quiet = 0.8 / Math.sqrt(SECONDS_A_YEAR);
    expect(observing(swinging(0, 60)).perRootSecond).toBeCloseTo(quiet * Math.sqrt(60 / 120), 6);
    expect(observing(swinging(0, 7_200)).perRootSecond).toBeLessThan(quiet / 5);
    expect(observing(swinging(0, 7_200)).perRootSecond).toBeGreaterThan(0);
  });

  it('publishes none that the signed field does not hold', () => {
    expect(observing(swinging(0.5, 60)).annualPpm).toBe(Math.round(0.5 * Math.sqrt(SECONDS_A_YEAR) * 1e6));
    expect(observing(swinging(1, 60)).annualPpm).toBeUndefined();
  });

  it('agrees with the closed form, gaps included', () => {
    const price = fc.oneof({ weight: 8, arbitrary: fc.double({ min: 90, max: 110, noNaN: true }) }, fc.constant(NaN));
    fc.assert(
      fc.property(fc.array(price, { minLength: 1, maxLength: 400 }), (prices) => {
        const volatility = observing(prices);
        const { squares, seconds, count } = closedForm(prices);
        const prior = ((0.8 * 0.8) / SECONDS_A_YEAR) * 60;
        expect(volatility.observations).toBe(count);
        expect(volatility.perRootSecond).toBeCloseTo(Math.sqrt((squares + prior) / (seconds + 60)), 10);
        const ppm = Math.sqrt((squares / seconds) * SECONDS_A_YEAR) * 1e6;
        if (count < 60 || ppm > 0xffff_ffff) expect(volatility.annualPpm).toBeUndefined();
        else expect(Math.abs(volatility.annualPpm! - ppm)).toBeLessThan(1);
      }),
      { numRuns: 60 },
    );
  });

  it('lets a gap cost nothing: neither sum moves, and the jump over it is no return', () => {
    const before = observing(swinging(0.000_1, 100));
    const after = observing(swinging(0.000_1, 100));
    for (const price of [NaN, NaN, NaN, 250]) after.observe(price);
    expect(after.state()).toEqual({ ...before.state(), last: 250 });
  });

  it('is restored from its state', () => {
    const volatility = observing(swinging(0.000_1, 100));
    const restored = new EwmaVolatility(0.8);
    restored.restore(volatility.state());
    for (const one of [volatility, restored]) one.observe(101);
    expect(restored.state()).toEqual(volatility.state());
  });
});
