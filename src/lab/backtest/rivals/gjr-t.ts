import { minimise } from '../../../oracle/risk/nelder-mead';
import { lnGamma } from '../distributions';
import type { Observed, Rival } from './rival';

const SEARCH = { maxEvaluations: 700, tolerance: 1e-6 };
const START = [Math.log(0.03), 0.05, 0.05, 0.9, Math.log(3)];

/** Glosten, Jagannathan and Runkle's (1993) GARCH, in which falls weigh more, with Student's t (mean zero). */
export class GjrTRival implements Rival {
  readonly name = 'gjr-t';
  private parameters: readonly number[] | undefined;
  private scale = 1;
  private h = NaN;

  observe({ return_ }: Observed): void {
    if (this.parameters !== undefined && !Number.isNaN(return_)) {
      this.h = next(this.parameters, this.h, return_ / this.scale);
    }
  }

  refit(returns: Float64Array): void {
    this.scale = Math.sqrt(returns.reduce((sum, r) => sum + r * r, 0) / returns.length);
    const unit = returns.map((r) => r / this.scale);
    const steps = [0.5, 0.02, 0.02, -0.03, 0.3];
    this.parameters = minimise(
      (point) => likelihood(unit, point).negative,
      this.parameters ?? START,
      steps,
      SEARCH,
    ).point;
    this.h = likelihood(unit, this.parameters).h;
  }

  variance(steps: number): number {
    if (this.parameters === undefined) return NaN;
    const [logOmega = 0] = this.parameters;
    const persistence = persistenceOf(this.parameters);
    const longRun = Math.exp(logOmega) / (1 - persistence);
    const over = (1 - Math.pow(persistence, steps)) / (1 - persistence);
    return this.scale * this.scale * (steps * longRun + (this.h - longRun) * over);
  }
}

function persistenceOf([, alpha = 0, gamma = 0, beta = 0]: readonly number[]): number {
  return alpha + gamma / 2 + beta;
}

function next([logOmega = 0, alpha = 0, gamma = 0, beta = 0]: readonly number[], h: number, r: number): number {
  return Math.exp(logOmega) + (alpha + (r < 0 ? gamma : 0)) * r * r + beta * h;
}

function likelihood(returns: Float64Array, point: readonly number[]): { negative: number; h: number } {
  const [logOmega = 0, alpha = 0, gamma = 0, beta = 0, logNu = 0] = point;
  const nu = 2 + Math.exp(logNu);
  if (alpha < 0 || alpha + gamma < 0 || beta < 0 || persistenceOf(point) > 0.9999 || nu > 200) {
    return { negative: Infinity, h: NaN };
  }
  const omega = Math.exp(logOmega);
  const constant = lnGamma((nu + 1) / 2) - lnGamma(nu / 2) - 0.5 * Math.log(Math.PI * (nu - 2));
  let h = 1;
  let sum = 0;
  for (const r of returns) {
    const square = r * r;
    sum += 0.5 * Math.log(h) + ((nu + 1) / 2) * Math.log(1 + square / (h * (nu - 2)));
    h = omega + (alpha + (r < 0 ? gamma : 0)) * square + beta * h;
  }
  return { negative: sum - returns.length * constant, h };
}
