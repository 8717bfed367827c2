import { TAIL_LEVELS } from '../../../oracle/risk/horizon-tails';
import { Memory } from '../../../oracle/risk/memory';
import { Origins } from '../../../oracle/risk/origins';
import { SortedWindow } from '../../../oracle/risk/sorted-window';
import { type TailEstimate, empiricalTail } from '../../../oracle/risk/tail-estimate';
import type { Tails } from './normal-tails';

/** Fewer outcomes than this give no tail. */
const MIN_OUTCOMES = 250;

/** Filtered historical simulation as it is usually done: past returns over their σ in their own order, times today's σ. */
export class SimulatedTails implements Tails {
  private readonly outcomes: SortedWindow;
  private readonly origins: Origins;
  private variance = NaN;
  /** By side, then by level; empty without a basis. */
  private tails: readonly TailEstimate[] = [];

  constructor(steps: number, window: number) {
    const memory = new Memory();
    this.outcomes = new SortedWindow(memory, window);
    this.origins = new Origins(memory, steps, 1);
  }

  /** As `HorizonTails`. */
  observe(return_: number, variance: number): void {
    const { outcomes, origins } = this;
    const forecast = origins.due()?.[0] ?? NaN;
    if (!Number.isNaN(return_) && forecast > 0) outcomes.push(return_ / Math.sqrt(forecast));
    origins.issue(Float64Array.of(variance));
    this.variance = variance;
    const size = outcomes.size;
    const losses = [(i: number): number => -outcomes.at(i), (i: number): number => outcomes.at(size - 1 - i)];
    const hasBasis = variance > 0 && size >= MIN_OUTCOMES;
    this.tails = hasBasis
      ? losses.flatMap((loss) => TAIL_LEVELS.map((level) => empiricalTail(size, loss, 1 - level)))
      : [];
  }

  valueAtRisk(side: number, level: number): number {
    return this.of(side, level, ({ quantile }) => quantile);
  }

  shortfall(side: number, level: number): number {
    return this.of(side, level, ({ shortfall }) => shortfall);
  }

  private of(side: number, level: number, part: (tail: TailEstimate) => number): number {
    const tail = this.tails[side * TAIL_LEVELS.length + level];
    return tail === undefined ? NaN : Math.max(0, part(tail)) * Math.sqrt(this.variance);
  }
}
