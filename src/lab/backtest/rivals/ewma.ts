import type { Observed, Rival } from './rival';

/** RiskMetrics' (1996) decay of a day. */
const DAILY_DECAY = 0.94;

/**
 * RiskMetrics' exponential average of squared returns. The decay of 0.94 is that of one horizon, of one day for longer
 * ones: taken by the hour for a horizon of a day it would be worse.
 */
export class EwmaRival implements Rival {
  readonly name = 'ewma';
  private readonly decay: number;
  private average = NaN;

  constructor(horizonInBars: number, barsADay: number) {
    this.decay = Math.pow(DAILY_DECAY, 1 / Math.min(horizonInBars, barsADay));
  }

  observe({ return_ }: Observed): void {
    if (Number.isNaN(return_)) return;
    const square = return_ * return_;
    this.average = Number.isNaN(this.average) ? square : this.decay * this.average + (1 - this.decay) * square;
  }

  variance(steps: number): number {
    return steps * this.average;
  }
}
