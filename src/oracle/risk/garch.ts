import type { GarchParameters } from '../input';
import type { Memory } from './memory';
import { minimise } from './nelder-mead';

export type { GarchParameters } from '../input';

export interface GarchFit extends GarchParameters {
  readonly logLikelihood: number;
}

/** Closer to a unit root than this there is no long-run variance to return to. */
const MAX_PERSISTENCE = 0.9999;
const SEARCH = { maxEvaluations: 1_500, tolerance: 1e-10 };

/**
 * Bollerslev's (1986) GARCH(1,1) by maximum normal likelihood, the recursion begun at what follows the mean squared deviation. The
 * returns need a variance above zero. `near` begins the search at earlier parameters of the same series.
 */
export function fitGarch(returns: Float64Array, near?: GarchParameters): GarchFit {
  const n = returns.length;
  const centre = returns.reduce((sum, r) => sum + r, 0) / n;
  const scale = Math.sqrt(returns.reduce((sum, r) => sum + (r - centre) * (r - centre), 0) / n);
  const unit = returns.map((r) => (r - centre) / scale);
  const start =
    near === undefined
      ? [0, Math.log(0.05), 0.1, 0.85]
      : [(near.mu - centre) / scale, Math.log(near.omega / scale / scale), near.alpha, near.beta];
  const negative = (point: readonly number[]): number => negativeLogLikelihood(unit, point);
  const from = Number.isFinite(negative(start)) ? start : [0, Math.log(0.05), 0.1, 0.85];
  const { point, value } = minimise(negative, from, [0.05, 0.5, 0.03, -0.05], SEARCH);
  const [mu = 0, omega = 0, alpha = 0, beta = 0] = point;
  return {
    mu: centre + mu * scale,
    omega: Math.exp(omega) * scale * scale,
    alpha,
    beta,
    logLikelihood: -value - n * Math.log(scale),
  };
}

/** Whether these are parameters of a process that returns to a variance. */
export function isStationary({ mu, omega, alpha, beta }: GarchParameters): boolean {
  return Number.isFinite(mu) && omega > 0 && omega < Infinity && alpha >= 0 && beta >= 0 && alpha + beta < 1;
}

function negativeLogLikelihood(returns: Float64Array, point: readonly number[]): number {
  const [mu = 0, logOmega = 0, alpha = 0, beta = 0] = point;
  if (alpha < 0 || beta < 0 || alpha + beta > MAX_PERSISTENCE) return Infinity;
  const omega = Math.exp(logOmega);
  let h = 0;
  for (const r of returns) h += (r - mu) * (r - mu);
  h = omega + ((alpha + beta) * h) / returns.length;
  let sum = 0;
  for (const r of returns) {
    const square = (r - mu) * (r - mu);
    sum += Math.log(h) + square / h;
    h = omega + alpha * square + beta * h;
  }
  return 0.5 * (sum + returns.length * Math.log(2 * Math.PI));
}

/** The variance of a fitted GARCH as returns come. Parameters may change on the way; the variance goes on from where it is. */
export class Garch {
  /** omega, alpha, beta, mu, h of the next return */
  private readonly memory: Float64Array;

  constructor(memory: Memory) {
    this.memory = memory.take(5);
  }

  adopt({ mu, omega, alpha, beta }: GarchParameters): void {
    const h = this.memory[4] ?? 0;
    this.memory.set([omega, alpha, beta, mu, h === 0 ? omega / (1 - alpha - beta) : h]);
  }

  observe(r: number): void {
    const [omega = 0, alpha = 0, beta = 0, mu = 0, h = 0] = this.memory;
    if (h !== 0) this.memory[4] = omega + alpha * (r - mu) * (r - mu) + beta * h;
  }

  /** Variance of the sum of the next `steps` returns; undefined before there are parameters. */
  variance(steps: number): number | undefined {
    const [omega = 0, alpha = 0, beta = 0, , h = 0] = this.memory;
    if (h === 0) return undefined;
    const persistence = alpha + beta;
    const longRun = omega / (1 - persistence);
    return steps * longRun + ((h - longRun) * (1 - Math.exp(steps * Math.log(persistence)))) / (1 - persistence);
  }
}
