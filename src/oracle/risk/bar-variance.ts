import { HOUR_MS } from '../units/time';
import { type Bar, garmanKlass, rogersSatchell } from './bar';
import { MedianVariance } from './median-variance';
import type { Memory } from './memory';
import { Seasonality } from './seasonality';
import { TrailingSums } from './trailing-sums';

/** Time constants of the averages, in hours: of bars of an hour or more, and of shorter ones. */
const TAU_HOURS = [1, 3, 10, 30, 96, 336, 1_440];
const SHORT_TAU_HOURS = [1 / 12, 1 / 2, 4, 30, 96, 336, 1_440];
/** Which of them is the measure of a bad print and of the season. */
const DAILY = 3;
const SLOWEST = TAU_HOURS.length - 1;
/**
 * A bar counts at most this multiple of the daily average, since a wick of one print is no variance, or twice the square
 * of its return where that is more, since a crash is; and that up to the second multiple.
 */
const MAX_RATIO = 16;
const MAX_CRASH_RATIO = 400;
/** Time constant of the ratio between squared returns and ranges. */
const SCALE_HOURS = 720;
const DAY_HOURS = 24;

/**
 * How much an asset's price moves, bar by bar: returns, variance from the bars' ranges brought to the scale of squared
 * returns, its season, and averages of what is left without it. Numbers are variances of log price per bar.
 */
export class BarVariance {
  readonly tauHours: readonly number[];
  readonly averages: number = TAU_HOURS.length;
  readonly seasonality: Seasonality;
  /** Of the last bar; NaN at a gap and after it. */
  return_ = NaN;
  /** Of the last bar by its range; NaN at a gap. */
  variance = NaN;
  private readonly decays: Float64Array;
  private readonly scaleDecay: number;
  private readonly averaged: Float64Array;
  private readonly weights: Float64Array;
  /** last close, Σ r², Σ range, bars with a return in a row, Σ signed */
  private readonly past: Float64Array;
  private readonly squares: TrailingSums;
  private readonly medians: MedianVariance;

  constructor(
    memory: Memory,
    readonly barMs: number,
  ) {
    const hours = barMs / HOUR_MS;
    this.tauHours = hours < 1 ? SHORT_TAU_HOURS : TAU_HOURS;
    this.decays = Float64Array.from(this.tauHours, (tau) => Math.exp(-hours / tau));
    this.scaleDecay = Math.exp(-hours / SCALE_HOURS);
    this.seasonality = new Seasonality(memory, barMs);
    this.averaged = memory.take(TAU_HOURS.length);
    this.weights = memory.take(TAU_HOURS.length);
    this.past = memory.take(5);
    const day = Math.max(3, Math.round(DAY_HOURS / hours));
    this.squares = new TrailingSums(memory, [day]);
    this.medians = new MedianVariance(memory, [day]);
  }

  /** Takes the bar that begins at `at`; undefined at a gap, which moves no average. */
  observe(at: number, bar: Bar | undefined): void {
    const { past } = this;
    const last = past[0] ?? 0;
    past[0] = bar?.close ?? 0;
    this.return_ = bar === undefined || last === 0 ? NaN : Math.log(bar.close / last);
    this.variance = NaN;
    if (bar === undefined || Number.isNaN(this.return_)) {
      past[3] = 0;
      return;
    }
    past[3] = (past[3] ?? 0) + 1;
    this.measure(at, bar);
    this.squares.push(this.return_ * this.return_);
    this.medians.push(Math.abs(this.return_));
  }

  /** How many bars in a row, up to the last, have a return. */
  get run(): number {
    return this.past[3] ?? 0;
  }

  /** Without season, over the i-th time constant. Zero before there is any. */
  average(i: number): number {
    const weight = this.weights[i] ?? 0;
    return weight === 0 ? 0 : (this.averaged[i] ?? 0) / weight;
  }

  /** Over the slowest. */
  get longRun(): number {
    return this.average(SLOWEST);
  }

  /** Returns of the last day with their sign against their size, from −1 to 1. */
  get drift(): number {
    const size = Math.sqrt(this.average(DAILY));
    return size === 0 ? 0 : Math.max(-1, Math.min(1, (this.past[4] ?? 0) / size));
  }

  /** ln of realised over jump-robust variance of the last day (MedRV), from 0 to 1; 0 where nothing jumped. */
  get jumps(): number {
    const robust = this.medians.mean(0);
    const realised = this.squares.mean(0);
    return robust > 0 ? Math.max(0, Math.min(1, Math.log(realised / robust))) : 0;
  }

  private measure(at: number, bar: Bar): void {
    const { past, averaged, weights, decays } = this;
    const square = this.return_ * this.return_;
    // Two independent views of one bar; a bar of one price has no range, and its return speaks instead.
    const range = bar.high > bar.low ? 0.5 * (garmanKlass(bar) + rogersSatchell(bar)) : square;
    const factor = this.seasonality.factor(at);
    const usual = factor * this.average(DAILY);
    const limit = Math.max(MAX_RATIO * usual, Math.min(MAX_CRASH_RATIO * usual, 2 * square));
    const bounded = limit > 0 ? Math.min(range * this.scale, limit) : range * this.scale;
    if (limit > 0) this.seasonality.observe(at, bounded, this.average(DAILY));
    past[1] = this.scaleDecay * (past[1] ?? 0) + (limit > 0 ? Math.min(square, limit) : square);
    past[2] = this.scaleDecay * (past[2] ?? 0) + bounded / this.scale;
    this.variance = bounded;
    for (let i = 0; i < decays.length; i++) {
      const decay = decays[i] ?? 0;
      averaged[i] = decay * (averaged[i] ?? 0) + (1 - decay) * (bounded / factor);
      weights[i] = decay * (weights[i] ?? 0) + (1 - decay);
    }
    const decay = decays[DAILY] ?? 0;
    past[4] = decay * (past[4] ?? 0) + (1 - decay) * this.return_;
  }

  /** Ranges see wicks that closes do not: by this much they are more, of late. */
  private get scale(): number {
    const [, squares = 0, ranges = 0] = this.past;
    return squares > 0 && ranges > 0 ? Math.max(0.3, Math.min(1.5, squares / ranges)) : 1;
  }
}
