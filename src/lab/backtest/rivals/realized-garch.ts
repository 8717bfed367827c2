import { LeastSquares } from '../../../oracle/risk/least-squares';
import { Memory } from '../../../oracle/risk/memory';
import { minimise } from '../../../oracle/risk/nelder-mead';
import type { Observed, Rival } from './rival';

const SEARCH = { maxEvaluations: 250, tolerance: 1e-5 };
const START = [0, 0.6, 0.35];
/** A bar without range would have a logarithm of minus infinity. */
const FLOOR = 0.01;

interface Measurement {
  /** ln x = xi + phi·ln h + tau1·z + tau2·(z² − 1) + u, with u of this variance. */
  readonly xi: number;
  readonly phi: number;
  readonly tau1: number;
  readonly tau2: number;
  readonly variance: number;
}

/** Hansen, Huang and Shek's (2012) log-linear Realized GARCH of returns and of the variance that ranges show. */
export class RealizedGarchRival implements Rival {
  readonly name = 'realized-garch';
  private point: readonly number[] | undefined;
  private measurement: Measurement | undefined;
  private scale = 1;
  private logH = 0;

  observe({ return_, variance }: Observed): void {
    if (this.point === undefined || Number.isNaN(return_)) return;
    this.logH = next(this.point, this.logH, Math.log(Math.max(FLOOR, variance / this.scale)));
  }

  refit(returns: Float64Array, variances: Float64Array): void {
    this.scale = returns.reduce((sum, r) => sum + r * r, 0) / returns.length;
    const unit = returns.map((r) => r / Math.sqrt(this.scale));
    const logs = variances.map((x) => Math.log(Math.max(FLOOR, x / this.scale)));
    const negative = (point: readonly number[]): number => -jointLikelihood(unit, logs, point).likelihood;
    this.point = minimise(negative, this.point ?? START, [0.05, 0.1, -0.1], SEARCH).point;
    const { measurement, logH } = jointLikelihood(unit, logs, this.point);
    this.measurement = measurement;
    this.logH = logH;
  }

  /** ln h follows a first-order autoregression, so h is lognormal any number of bars ahead (its skewness is left out). */
  variance(steps: number): number {
    if (this.point === undefined || this.measurement === undefined) return NaN;
    const [omega = 0, beta = 0, gamma = 0] = this.point;
    const { xi, phi, tau1, tau2, variance } = this.measurement;
    const persistence = beta + gamma * phi;
    const shock = gamma * gamma * (tau1 * tau1 + 2 * tau2 * tau2 + variance);
    let [mean, spread, sum] = [this.logH, 0, 0];
    for (let step = 0; step < steps; step++) {
      sum += Math.exp(mean + spread / 2);
      mean = omega + gamma * xi + persistence * mean;
      spread = persistence * persistence * spread + shock;
    }
    return this.scale * sum;
  }
}

function next([omega = 0, beta = 0, gamma = 0]: readonly number[], logH: number, logX: number): number {
  return omega + beta * logH + gamma * logX;
}

/** Given the variances, the measurement equation is a regression: three parameters are left to search. */
function jointLikelihood(
  returns: Float64Array,
  logs: Float64Array,
  point: readonly number[],
): { likelihood: number; measurement: Measurement; logH: number } {
  const squares = new LeastSquares(new Memory(), 4);
  const row = new Float64Array(4);
  let [logH, likelihood, ofLogs] = [0, 0, 0];
  for (let index = 0; index < returns.length; index++) {
    const r = returns[index] ?? 0;
    const logX = logs[index] ?? 0;
    const z = r * Math.exp(-0.5 * logH);
    likelihood -= 0.5 * (logH + z * z);
    row[0] = 1;
    row[1] = logH;
    row[2] = z;
    row[3] = z * z - 1;
    squares.add(row, logX);
    ofLogs += logX * logX;
    logH = next(point, logH, logX);
    if (!(Math.abs(logH) < 50)) break;
  }
  const coefficients = new Float64Array(4);
  const none = { xi: 0, phi: 0, tau1: 0, tau2: 0, variance: 0 };
  if (!(Math.abs(logH) < 50) || !squares.solve(coefficients)) return { likelihood: -Infinity, measurement: none, logH };
  const [xi = 0, phi = 0, tau1 = 0, tau2 = 0] = coefficients;
  const variance = (ofLogs - squares.explained(coefficients)) / returns.length;
  const persistence = (point[1] ?? 0) + (point[2] ?? 0) * phi;
  if (Math.abs(persistence) > 0.9999) return { likelihood: -Infinity, measurement: none, logH };
  likelihood -= 0.5 * returns.length * Math.log(variance);
  return { likelihood, measurement: { xi, phi, tau1, tau2, variance }, logH };
}
