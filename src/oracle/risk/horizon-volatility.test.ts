import fc from 'fast-check';
import { Random } from '../../lab/market/random';
import { HOUR_MS } from '../units/time';
import type { Bar } from './bar';
import { BarVariance } from './bar-variance';
import { ExpertWeights } from './expert-weights';
import { Garch } from './garch';
import { HorizonVolatility } from './horizon-volatility';
import { LogRegression } from './log-regression';
import { Memory } from './memory';
import { Origins } from './origins';
import { TrailingSums } from './trailing-sums';

const HOURLY = 1e-4;

interface Model {
  readonly memory: Memory;
  readonly bars: BarVariance;
  readonly volatility: HorizonVolatility;
}

function model(steps: number): Model {
  const memory = new Memory();
  const bars = new BarVariance(memory, HOUR_MS);
  return { memory, bars, volatility: new HorizonVolatility(memory, steps, bars, new Garch(memory)) };
}

/** Hours of a price of this variance, as bars of ten steps. */
function market(hours: number, variance: (hour: number) => number, seed = 1): Bar[] {
  const random = new Random(seed);
  let close = 100;
  return Array.from({ length: hours }, (_, hour) => {
    const prices = [close];
    for (let step = 0; step < 10; step++) {
      prices.push((prices.at(-1) ?? NaN) * Math.exp(Math.sqrt(variance(hour) / 10) * random.normal()));
    }
    const open = close;
    close = prices.at(-1) ?? NaN;
    return { open, high: Math.max(...prices), low: Math.min(...prices), close };
  });
}

function feed({ bars, volatility }: Model, market_: readonly (Bar | undefined)[], from = 0): void {
  market_.forEach((bar, index) => {
    bars.observe((from + index) * HOUR_MS, bar);
    volatility.observe((from + index + 1) * HOUR_MS);
  });
}

describe('HorizonVolatility', () => {
  it.each([1, 24])('knows the variance of the next %i hours of a steady market', (steps) => {
    const one = model(steps);
    feed(
      one,
      market(2_000, () => HOURLY),
    );
    expect(one.volatility.variance / (steps * HOURLY)).toBeGreaterThan(0.7);
    expect(one.volatility.variance / (steps * HOURLY)).toBeLessThan(1.4);
  });

  it('forecasts a restless hour before it comes', () => {
    const one = model(1);
    feed(
      one,
      market(24 * 120, (hour) => (hour % 24 === 14 ? 6 : 1) * HOURLY),
    );
    const before = market(15, () => HOURLY, 2);
    const forecasts = before.map((bar, hour) => {
      feed(one, [bar], 24 * 120 + hour);
      return one.volatility.variance;
    });
    // After the bar of hour 13 it speaks of hour 14.
    expect(forecasts[13]! / forecasts[5]!).toBeGreaterThan(2);
  });

  it('knows nothing before a return, and survives a gap and a dead market without a zero or a NaN', () => {
    const one = model(24);
    feed(one, [undefined, undefined]);
    expect(one.volatility.variance).toBeNaN();
    const flat = { open: 100, high: 100, low: 100, close: 100 };
    feed(one, [...market(800, () => HOURLY), undefined, undefined, ...Array.from({ length: 400 }, () => flat)], 2);
    expect(one.volatility.variance).toBeGreaterThan(0);
    feed(
      one,
      market(100, () => HOURLY, 3),
      1_204,
    );
    expect(one.volatility.variance / (24 * HOURLY)).toBeGreaterThan(0.05);
    expect(one.volatility.variance / (24 * HOURLY)).toBeLessThan(20);
  });

  it('goes on after a restart to the last bit', () => {
    const bars = market(1_200, (hour) => (1 + (hour % 7)) * HOURLY);
    const [through, first, second] = [model(24), model(24), model(24)];
    feed(through, bars);
    feed(first, bars.slice(0, 700));
    second.memory.restore(first.memory.save());
    feed(second, bars.slice(700), 700);
    expect(second.volatility.variance).toBe(through.volatility.variance);
    expect(second.memory.save()).toEqual(through.memory.save());
  });

  it('shares its trust among experts, all of it', () => {
    const one = model(1);
    feed(
      one,
      market(1_500, (hour) => (hour % 500 < 250 ? 1 : 9) * HOURLY),
    );
    expect(one.volatility.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(Math.min(...one.volatility.weights)).toBeGreaterThan(0);
  });
});

describe('ExpertWeights', () => {
  it('comes to trust who is right, and back when another is', () => {
    const experts = new ExpertWeights(new Memory(), 3, 0.05, 0.001);
    const forecasts = Float64Array.of(1, 3, 9);
    for (let round = 0; round < 500; round++) experts.learn(forecasts, 1);
    expect(experts.weights[0]).toBeGreaterThan(0.9);
    for (let round = 0; round < 500; round++) experts.learn(forecasts, 9);
    expect(experts.weights[2]).toBeGreaterThan(0.8);
  });

  it('mixes those who speak, and keeps the weight of those who are silent', () => {
    const experts = new ExpertWeights(new Memory(), 2, 0.05, 0);
    expect(experts.mix(Float64Array.of(NaN, 4))).toBe(4);
    expect(experts.mix(Float64Array.of(NaN, NaN))).toBeNaN();
    experts.learn(Float64Array.of(NaN, 4), 40);
    expect(experts.weights[0]).toBeCloseTo(0.5, 12);
  });

  it('stays a set of weights whatever comes', () => {
    const positive = fc.double({ min: 1e-12, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(positive, positive, positive), { maxLength: 50 }), (rounds) => {
        const experts = new ExpertWeights(new Memory(), 2, 0.1, 0.001);
        for (const [one, other, y] of rounds) experts.learn(Float64Array.of(one, other), y);
        const [a = NaN, b = NaN] = experts.weights;
        expect(a + b).toBeCloseTo(1, 10);
        expect(Math.min(a, b)).toBeGreaterThan(0);
      }),
    );
  });
});

describe('LogRegression', () => {
  it('learns a power law from what is exponentially distributed about it', () => {
    const random = new Random(9);
    const regression = new LogRegression(new Memory(), [0, 0], 1);
    for (let row = 0; row < 20_000; row++) {
      const x = random.normal();
      regression.learn(Float64Array.of(1, x), Math.exp(0.5 + 0.7 * x) * random.exponential(1));
    }
    // Ratios beyond five count as five, which takes e⁻⁵ from their mean.
    expect(regression.coefficients[0]).toBeCloseTo(0.5, 1);
    expect(regression.coefficients[1]).toBeCloseTo(0.7, 1);
  });
});

describe('Origins', () => {
  it('gives back what was said so many bars ago', () => {
    const origins = new Origins(new Memory(), 3, 1);
    const seen = Array.from({ length: 7 }, (_, bar) => {
      const due = origins.due()?.[0];
      origins.issue(Float64Array.of(bar));
      return due;
    });
    expect(seen).toEqual([undefined, undefined, undefined, 0, 1, 2, 3]);
  });
});

describe('TrailingSums', () => {
  it('is the plain mean of each window at every value', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 60 }), (values) => {
        const sums = new TrailingSums(new Memory(), [1, 4, 9]);
        values.forEach((value, index) => {
          sums.push(value);
          [1, 4, 9].forEach((length, window) => {
            const last = values.slice(Math.max(0, index + 1 - length), index + 1);
            expect(sums.mean(window)).toBeCloseTo(last.reduce((sum, one) => sum + one, 0) / last.length, 9);
            expect(sums.isFull(window)).toBe(index + 1 >= length);
          });
        });
      }),
    );
  });
});
