import { TAIL_LEVELS, type HorizonTails } from '../../../oracle/risk/horizon-tails';
import { normalDensity, normalQuantile } from '../distributions';
import type { Rival } from './rival';

const QUANTILES = TAIL_LEVELS.map(normalQuantile);
const SHORTFALLS = QUANTILES.map((z, level) => normalDensity(z) / (1 - (TAIL_LEVELS[level] ?? 0)));

export type Tails = Pick<HorizonTails, 'valueAtRisk' | 'shortfall'>;

/** The usual rule: normal returns of another model's variance. */
export class NormalTails implements Tails {
  constructor(
    private readonly model: Rival,
    private readonly steps: number,
  ) {}

  valueAtRisk(_side: number, level: number): number {
    return (QUANTILES[level] ?? NaN) * this.sigma;
  }

  shortfall(_side: number, level: number): number {
    return (SHORTFALLS[level] ?? NaN) * this.sigma;
  }

  private get sigma(): number {
    return Math.sqrt(this.model.variance(this.steps));
  }
}
