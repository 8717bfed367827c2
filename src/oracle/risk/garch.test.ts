import { Random } from '../../lab/market/random';
import { Garch, fitGarch } from './garch';
import { Memory } from './memory';
import { minimise } from './nelder-mead';

const TRUE = { mu: 0.000_1, omega: 2e-7, alpha: 0.08, beta: 0.9 };

function simulated(count: number, seed: number): Float64Array {
  const random = new Random(seed);
  let h = TRUE.omega / (1 - TRUE.alpha - TRUE.beta);
  return Float64Array.from({ length: count }, () => {
    const shock = Math.sqrt(h) * random.normal();
    h = TRUE.omega + TRUE.alpha * shock * shock + TRUE.beta * h;
    return TRUE.mu + shock;
  });
}

/** The likelihood as the textbook writes it, from parameters in the returns' own unit. */
function logLikelihood(returns: Float64Array, { mu, omega, alpha, beta }: typeof TRUE): number {
  const spread = returns.reduce((sum, r) => sum + (r - mu) ** 2, 0) / returns.length;
  let h = omega + (alpha + beta) * spread;
  return returns.reduce((sum, r) => {
    const square = (r - mu) ** 2;
    const term = Math.log(2 * Math.PI) + Math.log(h) + square / h;
    h = omega + alpha * square + beta * h;
    return sum - term / 2;
  }, 0);
}

describe('minimise', () => {
  it('finds the bottom of a bent valley (Rosenbrock)', () => {
    const valley = ([x = 0, y = 0]: readonly number[]): number => (1 - x) ** 2 + 100 * (y - x * x) ** 2;
    const { point } = minimise(valley, [-1.2, 1], [0.5, 0.5], { maxEvaluations: 2_000, tolerance: 1e-14 });
    expect(point[0]).toBeCloseTo(1, 5);
    expect(point[1]).toBeCloseTo(1, 5);
  });

  it('stays inside a domain that ends in infinity', () => {
    const wall = ([x = 0]: readonly number[]): number => (x < 2 ? Infinity : x);
    const { point } = minimise(wall, [5], [1], { maxEvaluations: 500, tolerance: 1e-12 });
    expect(point[0]).toBeGreaterThanOrEqual(2);
    expect(point[0]).toBeCloseTo(2, 4);
  });
});

describe('fitGarch', () => {
  const returns = simulated(8_000, 7);
  const fit = fitGarch(returns);

  it('finds the parameters that the returns were drawn with', () => {
    expect(fit.alpha).toBeCloseTo(TRUE.alpha, 1);
    expect(fit.beta).toBeCloseTo(TRUE.beta, 1);
    expect(fit.omega / (1 - fit.alpha - fit.beta) / (TRUE.omega / 0.02)).toBeCloseTo(1, 0);
  });

  it('states the likelihood of its own parameters', () => {
    expect(fit.logLikelihood).toBeCloseTo(logLikelihood(returns, fit), 6);
  });

  it('stands at the top: a step of a thousandth in any direction is worse', () => {
    for (const name of ['mu', 'omega', 'alpha', 'beta'] as const) {
      for (const factor of [0.99, 1.01]) {
        const aside = { ...fit, [name]: fit[name] * factor };
        expect(logLikelihood(returns, aside)).toBeLessThanOrEqual(fit.logLikelihood + 1e-6);
      }
    }
  });

  it('depends on the unit of the returns as it must, and on nothing else', () => {
    const percent = fitGarch(returns.map((r) => 100 * r));
    expect(percent.alpha).toBeCloseTo(fit.alpha, 5);
    expect(percent.beta).toBeCloseTo(fit.beta, 5);
    expect(percent.omega / fit.omega / 1e4).toBeCloseTo(1, 3);
    expect(percent.logLikelihood).toBeCloseTo(fit.logLikelihood - returns.length * Math.log(100), 4);
  });

  it('comes to the same from earlier parameters', () => {
    const again = fitGarch(returns, TRUE);
    expect(again.logLikelihood).toBeCloseTo(fit.logLikelihood, 4);
  });
});

describe('Garch', () => {
  it('knows nothing before it has parameters', () => {
    expect(new Garch(new Memory()).variance(1)).toBeUndefined();
  });

  it('sums the expected variance of each step ahead', () => {
    const garch = new Garch(new Memory());
    garch.adopt(TRUE);
    garch.observe(0.05);
    let h = garch.variance(1) ?? NaN;
    expect(h).toBeCloseTo(TRUE.omega + TRUE.alpha * (0.05 - TRUE.mu) ** 2 + TRUE.beta * (TRUE.omega / 0.02), 15);
    let sum = 0;
    for (let step = 0; step < 240; step++) {
      sum += h;
      h = TRUE.omega + (TRUE.alpha + TRUE.beta) * h;
    }
    expect(garch.variance(240)).toBeCloseTo(sum, 12);
  });
});
