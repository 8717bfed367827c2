import { DAY_MS, HOUR_MS, MINUTE_MS } from '../units/time';
import type { Bar } from './bar';
import { BarModel } from './bar-model';
import type { HorizonRisk } from './figures';
import type { GarchParameters } from './garch';
import { MedianVariance } from './median-variance';
import { Memory } from './memory';
import { ReturnHistory } from './return-history';

/** Outcomes from which tails are read, as the backtest has them (docs/backtest.md). */
const BAR_OUTCOMES = 2_000;
const WEEK_MINUTES = 10_080;
const HALF_YEAR_HOURS = 4_320;
const HOURS_A_DAY = DAY_MS / HOUR_MS;
const MINUTES_AN_HOUR = HOUR_MS / MINUTE_MS;

/** An hour of which less than this was seen is a gap. */
const MIN_MINUTES = 30;

/** Of 1m and 5m. */
const MINUTE_HORIZONS = [
  { steps: 1, window: BAR_OUTCOMES },
  { steps: 5, window: WEEK_MINUTES },
];
/** Of 1h, 1d and 10d. */
const HOUR_HORIZONS = [
  { steps: 1, window: BAR_OUTCOMES },
  { steps: HOURS_A_DAY, window: HALF_YEAR_HOURS },
  { steps: 10 * HOURS_A_DAY, window: HALF_YEAR_HOURS },
];

/**
 * What the bars of one feed amount to: a fold over its minutes, and over the hours they make up. All that it remembers
 * is in `memory`; that is large, and moves once a minute.
 */
export class FeedModel {
  readonly memory = new Memory();
  /** the minute and the hour last folded, counted from the epoch */
  private readonly clock = this.memory.take(2).fill(NaN);
  /** of the hour that is under way: open, high, low, close, minutes */
  private readonly hour = this.memory.take(5);
  private readonly minutes = new BarModel(this.memory, MINUTE_MS, MINUTE_HORIZONS);
  private readonly hours = new BarModel(this.memory, HOUR_MS, HOUR_HORIZONS);
  /** Over an hour and over a day. */
  private readonly diffusion = new MedianVariance(this.memory, [MINUTES_AN_HOUR, MINUTES_AN_HOUR * HOURS_A_DAY]);
  private readonly returns = this.memory.take(1);
  private readonly hourly = new ReturnHistory(this.memory, HALF_YEAR_HOURS);
  /** As of the bar last folded; undefined until asked for. */
  private known: readonly HorizonRisk[] | undefined;

  /** Whether it has folded anything. */
  get hasPast(): boolean {
    return !this.clock.every(Number.isNaN);
  }

  /** The minute that was folded last, counted from the epoch; NaN before the first. */
  get minute(): number {
    return this.clock[0] ?? NaN;
  }

  /** Folds the next minute's bar, or a gap. `implied` is the annual volatility that stood as its hour ended, NaN for none. */
  observe(minute: number, bar: Bar | undefined, implied = NaN): void {
    this.clock[0] = minute;
    this.known = undefined;
    this.minutes.observe(minute * MINUTE_MS, bar);
    const { return_ } = this.minutes.bars;
    if (bar !== undefined && !Number.isNaN(return_)) {
      this.diffusion.push(Math.abs(return_));
      this.returns[0] = (this.returns[0] ?? 0) + 1;
    }
    if (bar !== undefined) this.widen(bar);
    if ((minute + 1) % MINUTES_AN_HOUR === 0) this.closeHour((minute + 1) / MINUTES_AN_HOUR - 1, implied);
  }

  /**
   * Gives it a past that it did not see: consecutive hours, the first of which is hour `first` of the epoch. The horizons of
   * an hour and more are warm then. Throws RangeError where it has lived already.
   */
  warmUp(first: number, bars: readonly (Bar | undefined)[]): void {
    if (this.hasPast) throw new RangeError('a model that has lived can be given no other past');
    bars.forEach((bar, index) => {
      this.observeHour(first + index, bar);
    });
  }

  /** Of the hours of the last half-year that have a return, the oldest first: what parameters are fitted to. */
  hourlyReturns(): Float64Array {
    return this.hourly.values();
  }

  /** From the next hour on: parameters of returns an hour. */
  adopt(parameters: GarchParameters): void {
    this.hours.adopt(parameters);
  }

  /** Variance a minute that diffusion explains: the larger of what the last hour and the last day show; NaN without a basis. */
  get diffusive(): number {
    if ((this.returns[0] ?? 0) < MINUTES_AN_HOUR) return NaN;
    return Math.max(this.diffusion.mean(0), this.diffusion.mean(1));
  }

  /** Standard deviation over an hour that diffusion explains, as the last hour shows it; NaN without a basis. */
  get diffusiveSigma(): number {
    if ((this.returns[0] ?? 0) < MINUTES_AN_HOUR) return NaN;
    return Math.sqrt(this.diffusion.mean(0) * MINUTES_AN_HOUR);
  }

  /** By `RISK_HORIZONS`. */
  horizons(): readonly HorizonRisk[] {
    this.known ??= [...this.minutes.figures(), ...this.hours.figures()];
    return this.known;
  }

  /** What is implied counts for so much in σ of an hour, a day and ten, 0..1. */
  impliedWeights(): readonly number[] {
    return this.hours.impliedWeights();
  }

  /** Of the experts at one hour. */
  weights(): readonly number[] | undefined {
    return this.hours.weights();
  }

  private widen({ open, high, low, close }: Bar): void {
    const { hour } = this;
    const [first = 0, highest = 0, lowest = 0, , minutes = 0] = hour;
    hour[0] = minutes === 0 ? open : first;
    hour[1] = minutes === 0 ? high : Math.max(highest, high);
    hour[2] = minutes === 0 ? low : Math.min(lowest, low);
    hour[3] = close;
    hour[4] = minutes + 1;
  }

  private closeHour(hour: number, implied: number): void {
    const [open = 0, high = 0, low = 0, close = 0, minutes = 0] = this.hour;
    this.hour.fill(0);
    const missed = (this.clock[1] ?? NaN) + 1;
    for (let gap = missed; gap < hour; gap++) this.observeHour(gap, undefined);
    this.observeHour(hour, minutes < MIN_MINUTES ? undefined : { open, high, low, close }, implied);
  }

  private observeHour(hour: number, bar: Bar | undefined, implied = NaN): void {
    this.clock[1] = hour;
    this.known = undefined;
    this.hours.observe(hour * HOUR_MS, bar, implied);
    const { return_ } = this.hours.bars;
    if (bar !== undefined && !Number.isNaN(return_)) this.hourly.push(return_);
  }
}
