import type { Memory } from './memory';
import { Origins } from './origins';
import { SortedWindow } from './sorted-window';
import { tailOf } from './tail-estimate';

/** `fall` loses to one who holds, `rise` to one who owes. */
export const TAIL_SIDES = ['fall', 'rise'] as const;
export const TAIL_LEVELS = [0.95, 0.975, 0.99, 0.995] as const;

/** Fewer outcomes than this give no tail. */
const MIN_OUTCOMES = 250;
/**
 * Step of a level's probability, as a part of it, per horizon. Slow on purpose: a fast one keeps its promise by chasing what
 * was breached, and is wrong by more each day.
 */
const GAIN = 0.05;
const MIN_ALPHA = 1e-4;
const MAX_ALPHA = 0.2;
/** An outcome of more σ is a print, or a peg's end, and counts as that: of one bar no more than this squared is variance either. */
const MAX_OUTCOME = 20;
/** By how much of a breach the next bar's tail is longer, how much of that is left a bar later, and what counts of one breach. */
const SHOCK = 0.2;
const SHOCK_DECAY = 0.8;
const MAX_BREACH = 3;

const PLACES = TAIL_SIDES.length * TAIL_LEVELS.length;

/**
 * Value at risk and expected shortfall of the log price over one horizon, by filtered historical simulation: the tail of
 * past returns over their forecast σ, times today's. Adaptive conformal inference (Gibbs and Candès 2021) moves each level's
 * probability after every outcome, so that in the long run as many are breached as were promised. Over a single bar a
 * breach lengthens the tail of its side for a few bars, since another likely follows: the score of VaR and ES together
 * moves a scale (Patton, Ziegel and Chen 2019), by nothing on average.
 */
export class HorizonTails {
  private readonly outcomes: SortedWindow;
  private readonly alphas: Float64Array;
  private readonly origins: Origins;
  /** The variance, then VaR by side and level. */
  private readonly row: Float64Array;
  private readonly shortfalls: Float64Array;
  /** By side, ln of the scale that breaches leave behind. */
  private readonly shocks: Float64Array;

  /** `window` is how many outcomes the tails are read from. */
  constructor(
    memory: Memory,
    private readonly steps: number,
    window: number,
  ) {
    this.outcomes = new SortedWindow(memory, window);
    this.alphas = memory.take(PLACES);
    for (let place = 0; place < PLACES; place++) this.alphas[place] = promised(place);
    this.origins = new Origins(memory, steps, 1 + PLACES);
    this.row = memory.take(1 + PLACES).fill(NaN);
    this.shortfalls = memory.take(PLACES).fill(NaN);
    this.shocks = memory.take(TAIL_SIDES.length);
  }

  /** Once a bar: the log return over the last `steps`, NaN where one lacks, and the variance forecast for the next. */
  observe(return_: number, variance: number): void {
    const due = this.origins.due();
    const forecast = due?.[0] ?? NaN;
    if (due !== undefined && !Number.isNaN(return_) && forecast > 0) {
      this.adapt(due, return_);
      if (this.steps === 1) this.shake(due, return_);
      this.outcomes.push(Math.max(-MAX_OUTCOME, Math.min(MAX_OUTCOME, return_ / Math.sqrt(forecast))));
    }
    this.row.fill(NaN);
    this.row[0] = variance;
    if (variance > 0 && this.outcomes.size >= MIN_OUTCOMES) this.estimate(Math.sqrt(variance));
    else this.shortfalls.fill(NaN);
    this.origins.issue(this.row);
  }

  /** Outcomes that the tails are read from; those of spans that overlap count as one together. */
  get observations(): number {
    return Math.floor(this.outcomes.size / this.steps);
  }

  /** Loss of the log price that is exceeded with the level's probability; NaN without a basis. */
  valueAtRisk(side: number, level: number): number {
    return this.row[1 + side * TAIL_LEVELS.length + level] ?? NaN;
  }

  /** Mean loss beyond it. */
  shortfall(side: number, level: number): number {
    return this.shortfalls[side * TAIL_LEVELS.length + level] ?? NaN;
  }

  private adapt(due: Float64Array, return_: number): void {
    for (let place = 0; place < PLACES; place++) {
      const valueAtRisk = due[1 + place] ?? NaN;
      if (Number.isNaN(valueAtRisk)) continue;
      const loss = place < TAIL_LEVELS.length ? -return_ : return_;
      const error = promised(place) - (loss > valueAtRisk ? 1 : 0);
      const moved = (this.alphas[place] ?? 0) + ((GAIN * promised(place)) / this.steps) * error;
      this.alphas[place] = Math.max(MIN_ALPHA, Math.min(MAX_ALPHA, moved));
    }
  }

  /** Of one bar: `shortfalls` still are what `due` was issued with. */
  private shake(due: Float64Array, return_: number): void {
    for (let side = 0; side < TAIL_SIDES.length; side++) {
      const place = side * TAIL_LEVELS.length;
      const valueAtRisk = due[1 + place] ?? NaN;
      if (Number.isNaN(valueAtRisk)) continue;
      const loss = side === 0 ? -return_ : return_;
      const breach = loss > valueAtRisk ? Math.min(MAX_BREACH, loss / (this.shortfalls[place] ?? NaN)) : 0;
      this.shocks[side] = SHOCK_DECAY * (this.shocks[side] ?? 0) + SHOCK * (breach - promised(place));
    }
  }

  private estimate(sigma: number): void {
    const { outcomes } = this;
    const size = outcomes.size;
    const losses = [(i: number): number => -outcomes.at(i), (i: number): number => outcomes.at(size - 1 - i)];
    losses.forEach((loss, side) => {
      const tail = tailOf(size, loss, this.steps);
      const scale = sigma * Math.exp(this.shocks[side] ?? 0);
      let [risk, beyond] = [0, 0];
      for (let level = 0; level < TAIL_LEVELS.length; level++) {
        const place = side * TAIL_LEVELS.length + level;
        const { quantile, shortfall } = tail(this.alphas[place] ?? 0);
        // Levels adapt one by one; a higher one never promises less.
        risk = Math.max(risk, quantile * scale);
        beyond = Math.max(beyond, risk, shortfall * scale);
        this.row[1 + place] = risk;
        this.shortfalls[place] = beyond;
      }
    });
  }
}

function promised(place: number): number {
  return 1 - (TAIL_LEVELS[place % TAIL_LEVELS.length] ?? 0);
}
