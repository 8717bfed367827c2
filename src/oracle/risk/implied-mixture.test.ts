import fc from 'fast-check';
import { Random } from '../../lab/market/random';
import { DAY_MS, HOUR_MS } from '../units/time';
import { BarVariance } from './bar-variance';
import { Garch } from './garch';
import { HorizonVolatility } from './horizon-volatility';
import { ImpliedMixture } from './implied-mixture';
import { Memory } from './memory';

const DAY = 24;
const DAYS = 500;
const TEN_DAYS = 10 * DAY;
const PREMIUM = 1.3;

/** The hours' true variance: calm or restless for some weeks, without warning. */
function regimes(random: Random): Float64Array {
  let isCalm = true;
  return Float64Array.from({ length: DAYS * DAY + TEN_DAYS }, () => {
    if (random.uniform() < 1 / (20 * DAY)) isCalm = !isCalm;
    return isCalm ? 2e-5 : 10e-5;
  });
}

/** What an index may be like, from the true mean variance of the ten days to come and a noise that lasts for days. */
const INDICES = {
  informative: (truth: number) => PREMIUM * truth,
  misleading: (_truth: number, noise: number) => 5e-5 * Math.exp(noise),
  absurd: () => 1.5e-3,
};

/** For each index: by how much mean QLIKE over the second half is less with it, and what it counts for in the end. */
function scores(steps: number): Record<keyof typeof INDICES, { readonly gain: number; readonly weight: number }> {
  const [random, whim] = [new Random(1), new Random(2)];
  const variances = regimes(random);
  const plain = { ...modelOf(steps), index: () => NaN, loss: 0 };
  const listeners = Object.values(INDICES).map((index) => ({ ...modelOf(steps), index, loss: 0 }));
  let [close, noise] = [100, 0];
  for (let hour = 0; hour < DAYS * DAY; hour++) {
    const open = close;
    const path = Array.from({ length: 10 }, () => {
      return (close *= Math.exp(Math.sqrt((variances[hour] ?? 0) / 10) * random.normal()));
    });
    const bar = { open, high: Math.max(open, ...path), low: Math.min(open, ...path), close };
    noise = 0.99 * noise + 0.14 * whim.normal();
    const expected = mean(variances, hour + 1, TEN_DAYS);
    const truth = steps * mean(variances, hour + 1, steps);
    for (const each of [plain, ...listeners]) {
      each.bars.observe(hour * HOUR_MS, bar);
      each.volatility.observe((hour + 1) * HOUR_MS, each.index(expected, noise));
      if (hour >= (DAYS * DAY) / 2) each.loss += qlike(truth / each.volatility.variance);
    }
  }
  const found = listeners.map(({ loss, volatility }) => ({
    gain: 1 - loss / plain.loss,
    weight: volatility.impliedWeight,
  }));
  return Object.fromEntries(Object.keys(INDICES).map((name, place) => [name, found[place]])) as ReturnType<
    typeof scores
  >;
}

function modelOf(steps: number) {
  const memory = new Memory();
  const bars = new BarVariance(memory, HOUR_MS);
  return { bars, volatility: new HorizonVolatility(memory, steps, bars, new Garch(memory)) };
}

function mean(variances: Float64Array, from: number, count: number): number {
  return variances.subarray(from, from + count).reduce((sum, each) => sum + each, 0) / count;
}

function qlike(ratio: number): number {
  return ratio - Math.log(ratio) - 1;
}

/** The expert behind a forecast that was mixed with a base. */
function expertOf(forecast: number, base: number, weight: number): number {
  return base + (forecast - base) / weight;
}

describe(ImpliedMixture.name, () => {
  test.each([DAY, TEN_DAYS])('over %i hours listens to an index that knows, and forgets one that does not', (steps) => {
    const { informative, misleading, absurd } = scores(steps);
    expect(informative.gain).toBeGreaterThan(0.1);
    expect(informative.weight).toBeGreaterThan(1 / 11);
    for (const { gain, weight } of [misleading, absurd]) {
      expect(gain).toBeGreaterThan(-0.02);
      expect(weight).toBeLessThan(0.75 / 11);
    }
  });

  test('takes the index at its word at first, and by what came of it later', () => {
    const mixture = new ImpliedMixture(new Memory(), 1, DAY_MS);
    expect(expertOf(mixture.observe(NaN, 1, 4), 1, 1 / 11)).toBeCloseTo(4, 12);
    for (let day = 0; day < 30; day++) mixture.observe(2, 2, 4);
    const after = expertOf(mixture.observe(2, 2, 4), 2, mixture.weight);
    // As much history as prior, but for what is forgotten: half of what was said came.
    expect(after).toBeGreaterThan(2.9);
    expect(after).toBeLessThan(3.1);
  });

  test('while nothing is said the forecast is the one without it, and nothing is learnt', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ outcome: fc.double(), base: fc.double() })), (bars) => {
        const memory = new Memory();
        const mixture = new ImpliedMixture(memory.optional, 24, HOUR_MS);
        for (const { outcome, base } of bars) expect(mixture.observe(outcome, base, NaN)).toBe(base);
        expect(memory.save()).toHaveLength(0);
      }),
    );
  });

  test('an index that falls silent leaves the forecast of prices at once', () => {
    const mixture = new ImpliedMixture(new Memory(), 2, HOUR_MS);
    for (let hour = 0; hour < 9; hour++) mixture.observe(1, 1, 2);
    expect([mixture.observe(1, 1.25, NaN), mixture.observe(1, 1.5, NaN)]).toEqual([1.25, 1.5]);
    const before = mixture.weight;
    mixture.observe(1, 1, NaN);
    expect(mixture.weight).toBe(before);
  });
});
