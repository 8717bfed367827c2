import fc from 'fast-check';
import { Random } from '../../lab/market/random';
import { HorizonTails, TAIL_LEVELS } from './horizon-tails';
import { Memory } from './memory';
import { SortedWindow } from './sorted-window';
import { paretoOf, tailOf } from './tail-estimate';

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
    const tails = new HorizonTails(new Memory(), 1, 500);
    walked(tails, 250, () => 1);
    expect(tails.valueAtRisk(0, 0)).toBeNaN();
    walked(tails, 2, () => 1);
    expect(tails.valueAtRisk(0, 0)).toBeGreaterThan(0);
    tails.observe(0, NaN);
    expect([tails.valueAtRisk(0, 0), tails.shortfall(0, 0)]).toEqual([NaN, NaN]);
  });

  it('finds the quantiles of normal returns and the means beyond them, on both sides', () => {
    const tails = new HorizonTails(new Memory(), 2, 20_000);
    walked(tails, 20_002, () => 1);
    NORMAL.forEach(([quantile, shortfall], level) => {
      for (const side of [0, 1]) {
        expect(Math.abs(tails.valueAtRisk(side, level) / quantile - 1)).toBeLessThan(0.05);
        expect(Math.abs(tails.shortfall(side, level) / shortfall - 1)).toBeLessThan(0.05);
      }
    });
  });

  it('keeps the promised rate when the variance is misjudged for good', () => {
    const [restless] = walked(new HorizonTails(new Memory(), 1, 2_000), 6_000, (bar) => (bar < 2_000 ? 1 : 2.5));
    expect(restless! / 5_750).toBeLessThan(0.06);
    expect(restless! / 5_750).toBeGreaterThan(0.045);
  });

  describe('after a breach', () => {
    const quiet = (bars: number, steps = 1): HorizonTails => {
      const tails = new HorizonTails(new Memory(), steps, 1_000);
      walked(tails, 1_200, () => 1);
      for (let bar = 0; bar < bars; bar++) tails.observe(0, 1);
      return tails;
    };
    const risks = (tails: HorizonTails): number[] => [0, 1].map((side) => tails.valueAtRisk(side, 2));

    it('lengthens the tail of its own side, the more the worse it was, and forgets within a day of bars', () => {
      const rises = [2.5, 5, 20, 1_000].map((loss) => {
        const tails = quiet(40);
        const before = risks(tails);
        tails.observe(-loss, 1);
        return risks(tails).map((risk, side) => risk / before[side]!);
      });
      const [small, large, huge, absurd] = rises.map(([fall]) => fall!);
      expect(small).toBeGreaterThan(1.15);
      expect(large).toBeGreaterThan(small!);
      expect(huge).toBeLessThan(2.5);
      expect(absurd).toBeCloseTo(huge!, 10);
      for (const [, rise] of rises) expect(rise).toBeCloseTo(1, 2);

      const tails = quiet(40);
      const [before] = risks(tails);
      tails.observe(-5, 1);
      for (let bar = 0; bar < 24; bar++) tails.observe(0, 1);
      expect(risks(tails)[0]! / before!).toBeCloseTo(1, 1);
    });

    it('stays as it is where spans overlap, and over a gap', () => {
      const overlapping = quiet(40, 2);
      const before = risks(overlapping);
      overlapping.observe(-5, 1);
      expect(risks(overlapping)[0]! / before[0]!).toBeCloseTo(1, 1);

      const [one, other] = [quiet(40), quiet(40)];
      for (const tails of [one, other]) tails.observe(-5, 1);
      other.observe(NaN, 1);
      expect(risks(other)).toEqual(risks(one));
    });

    it('parts breaches that would draw one another: of every eight a second, were the tail as long as ever', () => {
      const [random, tails] = [new Random(11), new HorizonTails(new Memory(), 1, 2_000)];
      let [isFever, wasHit, hits, pairs] = [false, false, 0, 0];
      for (let bar = 0; bar < 40_000; bar++) {
        // Ten bars on average, which the forecast of 1 does not see.
        isFever = random.uniform() < (isFever ? 0.9 : 0.01);
        const return_ = (isFever ? 3 : 1) * random.normal();
        const isHit = -return_ > tails.valueAtRisk(0, 0);
        if (isHit) hits++;
        if (isHit && wasHit) pairs++;
        wasHit = isHit;
        tails.observe(return_, 1);
      }
      expect(hits / 40_000).toBeCloseTo(0.05, 2);
      expect(pairs / hits).toBeLessThan(0.08);
    });
  });

  it('never promises less at a higher level, nor less beyond than at the edge', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0.1, max: 5, noNaN: true }), (seed, later) => {
        const tails = new HorizonTails(new Memory(), 1, 400);
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

  it.each([1, 3])('goes on after a restart to the last bit, over %d bars', (steps) => {
    const [memory, other] = [new Memory(), new Memory()];
    const [tails, restored] = [new HorizonTails(memory, steps, 400), new HorizonTails(other, steps, 400)];
    walked(tails, 600, () => 1);
    other.restore(memory.save());
    for (const one of [tails, restored]) walked(one, 50, () => 2, 4);
    expect(other.save()).toEqual(memory.save());
    expect(restored.valueAtRisk(0, 3)).toBe(tails.valueAtRisk(0, 3));
  });
});

describe('tailOf', () => {
  it('goes on beyond what was seen as a Pareto tail does', () => {
    const random = new Random(6);
    // P(loss > x) = x⁻⁴ for x ≥ 1: shape ¼, quantile α^−¼, shortfall 4/3 of it.
    const losses = Float64Array.from({ length: 20_000 }, () => random.uniform() ** -0.25).sort();
    const loss = (i: number): number => losses[losses.length - 1 - i]!;
    const tail = tailOf(losses.length, loss, 1);
    for (const alpha of [0.02, 0.005, 0.001, 0.0001]) {
      const { quantile, shortfall } = tail(alpha);
      expect(Math.abs(quantile / alpha ** -0.25 - 1)).toBeLessThan(0.08);
      expect(Math.abs(shortfall / ((4 / 3) * alpha ** -0.25) - 1)).toBeLessThan(0.15);
    }
  });

  it('takes the shape for the usual one where few losses stand alone, and the size from what was seen', () => {
    // The quantiles of shape 0 themselves: alone they say 0, as one span in all they say next to nothing.
    const [size, loss] = [4_000, (i: number): number => -Math.log((i + 0.5) / 4_000)];
    const [alone, overlapping] = [tailOf(size, loss, 1), tailOf(size, loss, 1_000_000)];
    const [edge, scale] = [-Math.log(0.15), 1 - 0.2];
    expect(alone(0.005).quantile).toBeCloseTo(-Math.log(0.005), 1);
    expect(overlapping(0.005).quantile).toBeCloseTo(edge + (scale * ((0.15 / 0.005) ** 0.2 - 1)) / 0.2, 1);
  });

  it('has no tail beyond losses that are all the same', () => {
    expect(tailOf(400, () => 2, 1)(0.001)).toEqual({ quantile: 2, shortfall: 2 });
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
