import { Random } from '../../lab/market/random';
import { HOUR_MS } from '../units/time';
import { type Bar, garmanKlass, rogersSatchell } from './bar';
import { BarVariance } from './bar-variance';
import { Memory } from './memory';

const HOURLY = 1e-4;

/** A bar of a diffusion of this variance and drift, seen at many instants. */
function diffused(random: Random, from: number, variance: number, drift = 0, instants = 400): Bar {
  let [log, high, low] = [0, 0, 0];
  for (let instant = 0; instant < instants; instant++) {
    log += drift / instants + Math.sqrt(variance / instants) * random.normal();
    high = Math.max(high, log);
    low = Math.min(low, log);
  }
  return {
    open: from,
    high: from * Math.exp(high),
    low: from * Math.exp(low),
    close: from * Math.exp(log),
  };
}

interface Spread {
  readonly bias: number;
  readonly rmse: number;
}

/** Of an estimator over its own mean, relative to the true variance. */
function spreadOf(estimates: readonly number[], truth: number): Spread {
  const mean = estimates.reduce((sum, one) => sum + one, 0) / estimates.length;
  const square = estimates.reduce((sum, one) => sum + (one - truth) ** 2, 0) / estimates.length;
  return { bias: mean / truth - 1, rmse: Math.sqrt(square) / truth };
}

function walk(bars: BarVariance, hours: number, of: (hour: number) => number, seed = 5): number {
  const random = new Random(seed);
  let close = 100;
  for (let hour = 0; hour < hours; hour++) {
    const bar = diffused(random, close, of(hour), 0, 30);
    bars.observe(hour * HOUR_MS, bar);
    close = bar.close;
  }
  return close;
}

describe('ranges of a bar', () => {
  const random = new Random(1);
  const still = Array.from({ length: 1_500 }, () => diffused(random, 100, HOURLY));
  const square = ({ open, close }: Bar): number => Math.log(close / open) ** 2;

  // Between the instants seen, the price went further: ranges of four hundred steps are some 5 % too narrow.
  it.each([
    ['squared return', square, 1.42, 0.08],
    ['Garman and Klass', garmanKlass, 0.52, 0.1],
    ['Rogers and Satchell', rogersSatchell, 0.58, 0.12],
  ])('%s: relative error of a bar as in the literature', (_, estimate, rmse, bias) => {
    const spread = spreadOf(still.map(estimate), HOURLY);
    expect(Math.abs(spread.bias)).toBeLessThan(bias);
    expect(Math.abs(spread.rmse / rmse - 1)).toBeLessThan(0.15);
  });

  it('Rogers and Satchell alone do not mind a drift of two σ', () => {
    const moving = Array.from({ length: 1_000 }, () => diffused(random, 100, HOURLY, 2 * Math.sqrt(HOURLY)));
    expect(spreadOf(moving.map(rogersSatchell), HOURLY).bias).toBeLessThan(0.05);
    expect(spreadOf(moving.map(garmanKlass), HOURLY).bias).toBeGreaterThan(0.2);
    expect(spreadOf(moving.map(square), HOURLY).bias).toBeGreaterThan(2);
  });
});

describe('BarVariance', () => {
  it('averages to the variance of the diffusion, fast and slow', () => {
    const bars = new BarVariance(new Memory(), HOUR_MS);
    walk(bars, 3_000, () => HOURLY);
    for (const i of [4, 5, 6]) expect(bars.average(i) / HOURLY).toBeCloseTo(1, 0);
    expect(bars.longRun / HOURLY).toBeGreaterThan(0.9);
    expect(bars.longRun / HOURLY).toBeLessThan(1.1);
  });

  it('learns which hours are restless', () => {
    const bars = new BarVariance(new Memory(), HOUR_MS);
    walk(bars, 24 * 150, (hour) => (hour % 24 === 14 ? 4 : 1) * HOURLY);
    const restless = bars.seasonality.factor(14 * HOUR_MS) / bars.seasonality.factor(3 * HOUR_MS);
    expect(restless).toBeGreaterThan(3);
    expect(restless).toBeLessThan(5);
    expect(bars.seasonality.sum(0, 168)).toBeCloseTo(168, 0);
  });

  it('counts a wick for what a restless hour may be, and a crash for what it is', () => {
    const wick = new BarVariance(new Memory(), HOUR_MS);
    const crash = new BarVariance(new Memory(), HOUR_MS);
    const at = 500 * HOUR_MS;
    const close = walk(wick, 500, () => HOURLY);
    walk(crash, 500, () => HOURLY);
    wick.observe(at, { open: close, high: close, low: close * 0.2, close });
    crash.observe(at, { open: close, high: close, low: close * 0.8, close: close * 0.85 });
    expect(wick.variance).toBeLessThan(40 * HOURLY);
    expect(crash.variance).toBeGreaterThan(100 * HOURLY);
  });

  it('lets a gap move nothing, and takes no return over it', () => {
    const bars = new BarVariance(new Memory(), HOUR_MS);
    const close = walk(bars, 200, () => HOURLY);
    const before = [bars.average(0), bars.average(6)];
    for (let hour = 200; hour < 230; hour++) bars.observe(hour * HOUR_MS, undefined);
    bars.observe(230 * HOUR_MS, { open: 2 * close, high: 2 * close, low: 2 * close, close: 2 * close });
    expect([bars.average(0), bars.average(6)]).toEqual(before);
    expect([bars.run, bars.return_]).toEqual([0, NaN]);
  });

  it('sees that a day had a jump in it (MedRV)', () => {
    const bars = new BarVariance(new Memory(), HOUR_MS);
    const close = walk(bars, 500, () => HOURLY);
    const calm = bars.jumps;
    bars.observe(500 * HOUR_MS, { open: close, high: close * 1.1, low: close, close: close * 1.1 });
    expect(calm).toBeLessThan(0.5);
    expect(bars.jumps).toBe(1);
  });

  it('is restored from its memory, and refuses the memory of others', () => {
    const [memory, other] = [new Memory(), new Memory()];
    const [bars, restored] = [new BarVariance(memory, HOUR_MS), new BarVariance(other, HOUR_MS)];
    const close = walk(bars, 300, () => HOURLY);
    other.restore(memory.save());
    for (const one of [bars, restored]) {
      one.observe(300 * HOUR_MS, { open: close, high: close * 1.02, low: close, close: close * 1.01 });
    }
    expect(other.save()).toEqual(memory.save());
    expect(restored.variance).toBe(bars.variance);
    expect(() => other.restore(new Float64Array(3))).toThrow('a state of 3 numbers');
  });
});
