import { DAY_MS, HOUR_MS } from '../units/time';
import type { BarVariance } from './bar-variance';
import { ExpertWeights } from './expert-weights';
import type { Garch } from './garch';
import { Har } from './har';
import { ImpliedMixture } from './implied-mixture';
import { LogRegression } from './log-regression';
import type { Memory } from './memory';
import { Origins } from './origins';
import { TrailingSums } from './trailing-sums';

/** No forecast lies below this part of the long-run variance: a dead hour must not divide by nothing. */
const FLOOR = 0.02;
/**
 * Of the exponentiated gradient and of the fixed share, per horizon: spans of several bars overlap, and each bar's lesson
 * counts for its part. Low, since experts err together and their mean is hard to beat.
 */
const RATE = 0.005;
const SHARE = 0.001;
/** Time constant of the regression's memory and of its scale, in hours. */
const REGRESSION_HOURS = 4_320;
const SCALE_HOURS = 1_440;
/** One outcome moves the scale no further than this multiple of its forecast. */
const MAX_SCALE_RATIO = 30;

/** An average this many times faster than the horizon is noise until shown otherwise. */
const FASTEST = 3;

/** Of the regression, besides the averages against the slowest of them: constant, jumps, drift. */
const EXTRA = 2;

/**
 * The adaptive mixture for one horizon: averages with their season, a HAR, a GARCH and a regression of the logarithm,
 * each a forecast of the variance of the next `steps` bars, weighted by how they did so far; for a day and more also what
 * options imply, while they do.
 */
export class HorizonVolatility {
  private readonly har: Har;
  private readonly regression: LogRegression;
  private readonly mixing: ExpertWeights;
  private readonly realised: TrailingSums;
  private readonly ranged: TrailingSums;
  private readonly origins: Origins;
  /** Of a day and more: what a month is expected to be says little of the next hour. */
  private readonly implied: ImpliedMixture | undefined;
  /** Σ y/F and its weight, of the regression. */
  private readonly scale: Float64Array;
  private readonly scaleDecay: number;
  private readonly experts: Float64Array;
  private readonly features: Float64Array;
  private readonly row: Float64Array;
  private readonly forecast: Float64Array;

  constructor(
    memory: Memory,
    private readonly steps: number,
    private readonly bars: BarVariance,
    private readonly garch: Garch,
  ) {
    const hours = bars.barMs / HOUR_MS;
    this.har = new Har(memory, steps, harWindows(steps, hours));
    const begin = [0, ...beginning(bars, steps), 0, 0];
    this.regression = new LogRegression(memory, begin, Math.exp(-hours / REGRESSION_HOURS));
    this.mixing = new ExpertWeights(memory, bars.averages + 3, RATE / steps, SHARE / steps);
    this.realised = new TrailingSums(memory, [steps]);
    this.ranged = new TrailingSums(memory, [steps]);
    this.scale = memory.take(2);
    this.scaleDecay = Math.exp(-hours / SCALE_HOURS);
    this.experts = new Float64Array(bars.averages + 3);
    this.features = new Float64Array(bars.averages + EXTRA);
    this.row = new Float64Array(this.experts.length + this.features.length + 2);
    this.origins = new Origins(memory, steps, this.row.length);
    this.forecast = memory.take(1).fill(NaN);
    const isLong = steps * bars.barMs >= DAY_MS;
    this.implied = isLong ? new ImpliedMixture(memory.optional, steps, bars.barMs) : undefined;
  }

  /**
   * Once a bar, after `bars` and `garch` have seen it. `next` is where the following bar begins, `implied` the variance of a bar
   * that options imply, NaN for nothing.
   */
  observe(next: number, implied = NaN): void {
    const { bars, steps } = this;
    const square = bars.return_ * bars.return_;
    if (!Number.isNaN(square)) {
      this.realised.push(square);
      this.ranged.push(bars.variance);
    }
    const whole = bars.run >= steps;
    const target = whole ? this.realised.mean(0) * steps : NaN;
    const ranged = whole ? this.ranged.mean(0) * steps : NaN;
    if (whole) this.learn(target, ranged);
    this.har.observe(square, target);
    const mixed = this.predict(next);
    this.origins.issue(this.row);
    const said = Number.isNaN(implied) ? NaN : implied * bars.seasonality.sum(next, steps);
    this.forecast[0] = this.implied?.observe(ranged, mixed, said) ?? mixed;
  }

  /** Variance of the log price over the next `steps` bars; NaN while nothing is known. */
  get variance(): number {
    return this.forecast[0] ?? NaN;
  }

  /** By expert: the averages from the fastest to the slowest, HAR, GARCH, regression. They sum to 1. */
  get weights(): Float64Array {
    return this.mixing.weights;
  }

  /** What is implied counts for so much, 0..1; zero where it has no part. */
  get impliedWeight(): number {
    return this.implied?.weight ?? 0;
  }

  private learn(realised: number, ranged: number): void {
    const due = this.origins.due();
    if (due === undefined) return;
    const [unit = 0, raw = 0] = due;
    if (unit === 0) return;
    const experts = due.subarray(2, 2 + this.experts.length);
    this.mixing.learn(experts, ranged);
    this.regression.learn(due.subarray(2 + this.experts.length), ranged / unit);
    const ratio = Math.min(MAX_SCALE_RATIO, realised / raw);
    this.scale[0] = this.scaleDecay * (this.scale[0] ?? 0) + ratio;
    this.scale[1] = this.scaleDecay * (this.scale[1] ?? 0) + 1;
  }

  private predict(next: number): number {
    const { bars, steps, experts, features, row } = this;
    const longRun = bars.longRun;
    row.fill(0);
    if (longRun === 0) return this.variance;
    const season = bars.seasonality.sum(next, steps);
    const floor = FLOOR * steps * longRun;
    features[0] = 1;
    for (let i = 0; i < bars.averages; i++) {
      experts[i] = Math.max(floor, season * bars.average(i));
      features[i + 1] = Math.log(Math.max(FLOOR, bars.average(i) / longRun));
    }
    // The slowest average is the unit of the others, so its own place is free.
    features[bars.averages] = bars.jumps;
    features[bars.averages + 1] = bars.drift;
    const raw = Math.max(floor, season * longRun * this.regression.value(features));
    experts[bars.averages] = Math.max(floor, this.har.variance ?? NaN);
    experts[bars.averages + 1] = Math.max(floor, this.garch.variance(steps) ?? NaN);
    const [ratios = 0, weight = 0] = this.scale;
    experts[bars.averages + 2] = weight > 0 ? (raw * ratios) / weight : NaN;
    row[0] = season * longRun;
    row[1] = raw;
    row.set(experts, 2);
    row.set(features, 2 + experts.length);
    return this.mixing.mix(experts);
  }
}

/** An hour, a day and a week for a horizon of less than a day; for bars of less than an hour no more than a day. */
function harWindows(steps: number, hours: number): number[] {
  const day = Math.max(1, Math.round(24 / hours));
  if (hours < 1) return [steps, Math.round(1 / hours), day];
  return steps < day ? [1, day, 7 * day] : [day, 7 * day, 30 * day];
}

/** Before anything is learnt, an average counts if it is not much faster than the horizon, and all of those alike. */
function beginning({ averages, tauHours, barMs }: BarVariance, steps: number): number[] {
  const slow = tauHours.map((tau) => tau * HOUR_MS * FASTEST >= steps * barMs);
  const share = 1 / slow.filter(Boolean).length;
  return slow.slice(0, averages - 1).map((counts) => (counts ? share : 0));
}
