import fc from 'fast-check';
import { Random } from '../../lab/market/random';
import { HorizonTails, TAIL_LEVELS } from './horizon-tails';
import { Memory } from './memory';
import { SortedWindow } from './sorted-window';
import { estimateTail, paretoOf } from './tail-estimate';

/** Z of the standard normal, and the mean beyond it. */
const NORMAL = [
  [1.644854, 2.062713],
  [1.959964, 2.337803],
  [2.326348, 2.665214],
  [2.575829, 2.891949],
] as const;

function walked(tails: HorizonTails, bars: number, sigma: (bar: number) => number, seed = 1): number[] {
  const random = new Random(seed);
  const breaches = [0, 0, 0, 0];
  for (let bar = 0; bar < bars; bar++) {
    const return_ = sigma(bar) * random.normal();
    TAIL_LEVELS.forEach((_, level) => {
      if (-return_ > tails.valueAtRisk(0, level)) breaches[level]!++;
    });
    tails.observe(return_, 1);
  }
  return breaches;
}

describe('HorizonTails', () => {
  it('has no tail before 250 outcomes, and none without a variance', () => {
    const tails = new HorizonTails(new Memory(), 1, 500, 0);
    walked(tails, 250, () => 1);
    expect(tails.valueAtRisk(0, 0)).toBeNaN();
    walked(tails, 2, () => 1);
    expect(tails.valueAtRisk(0, 0)).toBeGreaterThan(0);
    tails.observe(0, NaN);
    expect([tails.valueAtRisk(0, 0), tails.shortfall(0, 0)]).toEqual([NaN, NaN]);
  });

  it('finds the quantiles of normal returns and the means beyond them, on both sides', () => {
    const tails = new HorizonTails(new Memory(), 1, 20_000, 0);
    walked(tails, 20_001, () => 1);
    NORMAL.forEach(([quantile, shortfall], level) => {
      for (const side of [0, 1]) {
        expect(Math.abs(tails.valueAtRisk(side, level) / quantile - 1)).toBeLessThan(0.05);
        expect(Math.abs(tails.shortfall(side, level) / shortfall - 1)).toBeLessThan(0.05);
      }
    });
  });

  it('keeps the promised rate when the variance is misjudged, where the plain simulation does not', () => {
    const restless = (bar: number): number => (bar < 2_000 ? 1 : 2.5);
    const rate = (gain: number): number =>
      walked(new HorizonTails(new Memory(), 1, 2_000, gain), 6_000, restless)[0]! / 5_750;
    expect(rate(0)).toBeGreaterThan(0.07);
    expect(rate(0.5)).toBeLessThan(0.06);
    expect(rate(0.5)).toBeGreaterThan(0.045);
  });

  it('never promises less at a higher level, nor less beyond than at the edge', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0.1, max: 5, noNaN: true }), (seed, later) => {
        const tails = new HorizonTails(new Memory(), 1, 400, 2);
        walked(tails, 700, (bar) => (bar < 400 ? 1 : later), seed);
        for (const side of [0, 1]) {
          for (let level = 0; level < TAIL_LEVELS.length; level++) {
            expect(tails.shortfall(side, level)).toBeGreaterThanOrEqual(tails.valueAtRisk(side, level));
            if (level > 0) {
              expect(tails.valueAtRisk(side, level)).toBeGreaterThanOrEqual(tails.valueAtRisk(side, level - 1));
            }
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('goes on after a restart to the last bit', () => {
    const [memory, other] = [new Memory(), new Memory()];
    const [tails, restored] = [new HorizonTails(memory, 3, 400, 1), new HorizonTails(other, 3, 400, 1)];
    walked(tails, 600, () => 1);
    other.restore(memory.save());
    for (const one of [tails, restored]) walked(one, 50, () => 2, 4);
    expect(other.save()).toEqual(memory.save());
    expect(restored.valueAtRisk(0, 3)).toBe(tails.valueAtRisk(0, 3));
  });
});

describe('estimateTail', () => {
  it('goes on beyond what was seen as a Pareto tail does', () => {
    const random = new Random(6);
    // P(loss > x) = x⁻⁴ for x ≥ 1: shape ¼, quantile α^−¼, shortfall 4/3 of it.
    const losses = Float64Array.from({ length: 20_000 }, () => random.uniform() ** -0.25).sort();
    const loss = (i: number): number => losses[losses.length - 1 - i]!;
    for (const alpha of [0.005, 0.001, 0.0001]) {
      const { quantile, shortfall } = estimateTail(losses.length, loss, alpha);
      expect(Math.abs(quantile / alpha ** -0.25 - 1)).toBeLessThan(0.08);
      expect(Math.abs(shortfall / ((4 / 3) * alpha ** -0.25) - 1)).toBeLessThan(0.15);
    }
  });

  it.each([
    ['exponential', 0, (u: number) => -2 * Math.log(u), 2],
    ['heavy', 0.3, (u: number) => (u ** -0.3 - 1) / 0.3, 1],
    ['bounded', -0.3, (u: number) => (u ** 0.3 - 1) / -0.3, 1],
  ])('finds shape and scale of %s exceedances', (_, shape, quantile, scale) => {
    const count = 5_000;
    const found = paretoOf(count, (i) => quantile((i + 0.5) / count));
    expect(found.shape).toBeCloseTo(shape, 1);
    expect(found.scale).toBeCloseTo(scale, 1);
  });
});

describe('SortedWindow', () => {
  it('holds the last values in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 60 }), (values) => {
        const window = new SortedWindow(new Memory(), 7);
        values.forEach((value) => window.push(value));
        const expected = values.slice(-7).sort((one, other) => one - other);
        expect(expected.map((_, index) => window.at(index))).toEqual(expected);
        expect(window.size).toBe(expected.length);
      }),
    );
  });
});
