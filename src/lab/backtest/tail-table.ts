import { TAIL_LEVELS, TAIL_SIDES } from '../../oracle/risk/horizon-tails';
import type { Tails } from './rivals/normal-tails';
import type { TailOutcome } from './shortfall-scores';

/** Losses and the tails forecast for them, by model, side and level. Rows in which any model is silent are left out. */
export class TailTable {
  readonly times: number[] = [];
  private readonly outcomes: readonly TailOutcome[][];

  constructor(readonly models: readonly string[]) {
    this.outcomes = Array.from({ length: models.length * TAIL_SIDES.length * TAIL_LEVELS.length }, () => []);
  }

  add(at: number, return_: number, tails: readonly Tails[]): void {
    if (tails.some((tail) => !(tail.valueAtRisk(0, 0) > 0))) return;
    this.times.push(at);
    tails.forEach((tail, model) => {
      for (let side = 0; side < TAIL_SIDES.length; side++) {
        for (let level = 0; level < TAIL_LEVELS.length; level++) {
          this.of(model, side, level).push({
            loss: side === 0 ? -return_ : return_,
            valueAtRisk: tail.valueAtRisk(side, level),
            shortfall: tail.shortfall(side, level),
          });
        }
      }
    });
  }

  of(model: number, side: number, level: number): TailOutcome[] {
    const outcomes = this.outcomes[(model * TAIL_SIDES.length + side) * TAIL_LEVELS.length + level];
    if (outcomes === undefined) throw new RangeError(`no model ${model}, side ${side}, level ${level}`);
    return outcomes;
  }
}
