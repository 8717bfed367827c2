import fc from 'fast-check';
import { Random } from '../market/random';
import { conditionalCoverage, independence, kupiec, trafficLight } from './coverage-tests';
import { binomialBelow, chiSquaredAbove, lnGamma, normalBelow, normalQuantile } from './distributions';
import { dynamicQuantile } from './dynamic-quantile';
import { modelConfidenceSet } from './model-confidence-set';
import { acerbiSzekely1, acerbiSzekely2, fz0 } from './shortfall-scores';
import { dieboldMariano, mincerZarnowitz, neweyWest, qlike } from './volatility-scores';

const draws = (count: number, draw: (random: Random) => number, seed = 1): Float64Array => {
  const random = new Random(seed);
  return Float64Array.from({ length: count }, () => draw(random));
};

const everyNth = (count: number, nth: number): boolean[] =>
  Array.from({ length: count }, (_, index) => index % nth === nth - 1);

describe('distributions', () => {
  it.each([
    ['χ²₁ at its 95 %', chiSquaredAbove(3.841458820694124, 1), 0.05],
    ['χ²₂, an exponential', chiSquaredAbove(7, 2), Math.exp(-3.5)],
    ['χ²₆ at its 99 %', chiSquaredAbove(16.811893829770927, 6), 0.01],
    ['the normal at 1.96', normalBelow(1.959963984540054), 0.975],
    ['its far tail', normalBelow(-6), 9.865876450376981e-10],
    ['its quantile', normalQuantile(0.01), -2.3263478740408408],
    ['Γ(½)', lnGamma(0.5), Math.log(Math.PI) / 2],
    ['10!', lnGamma(11), Math.log(3_628_800)],
    ['two heads of three coins or fewer', binomialBelow(2, 3, 0.5), 7 / 8],
  ])('%s', (_, value, expected) => expect(Math.abs(value / expected - 1)).toBeLessThan(1e-10));
});

describe('kupiec', () => {
  // By the closed formula in another language, in float64.
  it.each([
    [250, 3, 0.01, 0.09494012266443264, 0.7579883213732901],
    [250, 0, 0.01, 5.025167926750726, 0.02498150305344971],
    [250, 10, 0.01, 12.955491062356018, 0.0003189845082133835],
    [500, 40, 0.05, 8.079040952278433, 0.004478013824518449],
    [255, 6, 0.01, 3.415357526264515, 0.06459242047243674],
    [255, 7, 0.01, 5.316341340978184, 0.021126323789771168],
    [1_000, 17, 0.01, 4.090972554545601, 0.04311282800651028],
  ])('%i days, %i breaches at %f', (n, breaches, p, ratio, chance) => {
    expect(kupiec(breaches, n, p).ratio).toBeCloseTo(ratio, 10);
    expect(kupiec(breaches, n, p).p).toBeCloseTo(chance, 10);
  });

  // Kupiec (1995), as reprinted by Jorion: breaches strictly between are not rejected at 95 %.
  it.each([
    [0.01, 510, 1, 11],
    [0.01, 1_000, 4, 17],
    [0.025, 255, 2, 12],
    [0.025, 510, 6, 21],
    [0.025, 1_000, 15, 36],
    [0.05, 255, 6, 21],
  ])('at %f, %i days stand from %i to %i', (p, n, below, above) => {
    const stands = (breaches: number): boolean => kupiec(breaches, n, p).p > 0.05;
    expect([below, below + 1, above - 1, above].map(stands)).toEqual([false, true, true, false]);
  });
});

describe('independence and conditional coverage', () => {
  it('finds breaches that follow one another, whatever their number', () => {
    const clustered = Array.from({ length: 1_000 }, (_, index) => index % 200 < 2);
    expect(kupiec(10, 1_000, 0.01).p).toBeCloseTo(1, 10);
    expect(independence(clustered).p).toBeLessThan(1e-4);
    expect(conditionalCoverage(clustered, 0.01).p).toBeLessThan(1e-3);
    expect(conditionalCoverage(everyNth(1_000, 100), 0.01).p).toBeGreaterThan(0.5);
  });

  it('is Markov against none, in closed form', () => {
    const hits = [false, true, true, false, false, false, true, false, false];
    // Of 8 steps: 3 calm, 2 fresh, 2 over, 1 again.
    const none = 5 * Math.log(5 / 8) + 3 * Math.log(3 / 8);
    const markov = 3 * Math.log(3 / 5) + 2 * Math.log(2 / 5) + 2 * Math.log(2 / 3) + Math.log(1 / 3);
    expect(independence(hits).ratio).toBeCloseTo(-2 * (none - markov), 12);
  });

  it('is at home where nothing was breached', () => {
    expect(independence(everyNth(100, 1_000)).p).toBe(1);
    expect(conditionalCoverage(everyNth(365, 1_000), 0.01).ratio).toBeCloseTo(-2 * 365 * Math.log(0.99), 10);
  });
});

describe('dynamicQuantile', () => {
  it('accepts breaches that come as drawn, and finds those that the value at risk foretells', () => {
    const risk = draws(2_000, (random) => 1 + random.uniform());
    const uniform = draws(2_000, (random) => random.uniform(), 2);
    expect(
      dynamicQuantile(
        Array.from(uniform, (u) => u < 0.05),
        risk,
        0.05,
      ).p,
    ).toBeGreaterThan(0.05);
    const foretold = Array.from(uniform, (u, index) => u < 0.1 * (2 - risk[index]!));
    expect(dynamicQuantile(foretold, risk, 0.05).p).toBeLessThan(0.001);
  });

  it('knows nothing where nothing was breached', () => {
    expect(
      dynamicQuantile(
        everyNth(100, 1_000),
        draws(100, (random) => random.uniform()),
        0.01,
      ).p,
    ).toBeNaN();
  });
});

describe('trafficLight', () => {
  it.each([
    [4, 'green'],
    [5, 'yellow'],
    [9, 'yellow'],
    [10, 'red'],
  ])('%i breaches of 99 % in 250 days are %s', (breaches, light) => {
    expect(trafficLight(breaches, 250, 0.01)).toBe(light);
  });
});

describe('scores of the expected shortfall', () => {
  const outcomes = [3, 1, 4, 1].map((loss) => ({ loss, valueAtRisk: 2, shortfall: 2.5 }));

  it('Z1 and Z2 in closed form', () => {
    expect(acerbiSzekely1(outcomes)).toBeCloseTo(1 - (3 + 4) / 2.5 / 2, 12);
    expect(acerbiSzekely2(outcomes, 0.5)).toBeCloseTo(1 - (3 + 4) / 2.5 / (4 * 0.5), 12);
  });

  it('FZ0 is least for the right pair', () => {
    const losses = draws(20_000, (random) => random.normal());
    const [risk, shortfall] = [1.959964, 2.337803];
    const score = (v: number, e: number): number =>
      losses.reduce((sum, loss) => sum + fz0({ loss, valueAtRisk: v, shortfall: e }, 0.025), 0);
    for (const [v, e] of [
      [1.5, shortfall],
      [2.3, shortfall + 0.4],
      [risk, 2.0],
      [risk, 3.0],
    ] as const) {
      expect(score(risk, shortfall)).toBeLessThan(score(v, e));
    }
  });
});

describe('losses of a variance', () => {
  it('QLIKE is zero for the right one and positive for any other', () => {
    const positive = fc.double({ min: 1e-8, max: 1e3, noNaN: true });
    fc.assert(fc.property(positive, positive, (y, f) => y === f || qlike(y, f) > -1e-12));
    expect(qlike(2, 2)).toBe(0);
  });

  it('Newey and West is the plain variance without lags, and more where values persist', () => {
    expect(neweyWest([1, 2, 3, 4], 0)).toBeCloseTo(1.25, 12);
    expect(neweyWest([1, 2, 3, 4], 1)).toBeCloseTo(1.25 + (2 * 0.5 * (0.75 - 0.25 + 0.75)) / 4, 12);
  });

  it('Diebold and Mariano is the t of a mean where nothing persists', () => {
    const one = [1, 2, 3, 2];
    expect(dieboldMariano(one, [0, 0, 0, 0], 0)).toBeCloseTo(2 / Math.sqrt(0.5 / 4), 12);
    expect(dieboldMariano([0, 0, 0, 0], one, 0)).toBeCloseTo(-2 / Math.sqrt(0.5 / 4), 12);
  });

  it('Mincer and Zarnowitz accept a right forecast and refuse one of twice the variance', () => {
    const forecast = draws(4_000, (random) => Math.exp(random.normal()));
    const noise = draws(4_000, (random) => random.normal(), 2);
    const y = forecast.map((f, index) => f * noise[index]! * noise[index]!);
    const right = mincerZarnowitz(y, forecast, 0);
    expect(right.p).toBeGreaterThan(0.05);
    expect(right.slope).toBeCloseTo(1, 0);
    const doubled = mincerZarnowitz(
      y,
      forecast.map((f) => 2 * f),
      0,
    );
    expect(doubled.slope).toBeCloseTo(right.slope / 2, 10);
    expect(doubled.p).toBeLessThan(1e-6);
  });
});

describe('modelConfidenceSet', () => {
  const options = { block: 5, resamples: 500, seed: 1 };

  it('keeps models that are alike and casts out one that is worse', () => {
    const [a, b] = [draws(600, (random) => random.normal(), 1), draws(600, (random) => random.normal(), 2)];
    const worse = draws(600, (random) => random.normal() + 0.4, 3);
    const p = modelConfidenceSet([a, worse, b], options);
    expect(Math.min(p[0]!, p[2]!)).toBeGreaterThan(0.1);
    expect(p[1]).toBeLessThan(0.01);
  });

  it('gives the same p for the same seed, and the best model a p of one', () => {
    const losses = [0, 0.02, 0.3].map((shift, seed) => draws(300, (random) => random.normal() + shift, seed + 1));
    expect(modelConfidenceSet(losses, options)).toEqual(modelConfidenceSet(losses, options));
    expect(Math.max(...modelConfidenceSet(losses, options))).toBe(1);
  });
});
