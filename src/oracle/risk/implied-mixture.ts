import { DAY_MS } from '../units/time';
import type { Taker } from './memory';
import { Origins } from './origins';

/** What the index counts for before anything is learnt, one expert among eleven; and the part that returns to it. */
const BEGIN = 1 / 11;
const SHARE = 0.001;
/** Of the exponentiated gradient of QLIKE, for each span of the horizon: chosen on simulated markets, there was no history of an index. */
const RATE = 0.05;
/** A gradient beyond this says no more than this. */
const MAX_GRADIENT = 10;

/**
 * Realised over implied variance before there is history: one, for who sets margins by it errs to the cautious side (what is
 * implied holds a premium, and is more than what comes by and large). It counts as so many days, and history is forgotten.
 */
const PRIOR_RATIO = 1;
const PRIOR_DAYS = 30;
const MEMORY_DAYS = 180;
/** One outcome moves the ratio no further than this. */
const MAX_RATIO = 30;

const NOTHING = 0;

/**
 * One expert more over one horizon: the variance that options imply, times the ratio of realised to implied variance so far
 * (the scale of least QLIKE is the mean of these ratios), shrunk to a prior. It is mixed with what the experts of prices
 * together say, by how both did. They do not notice: while nothing is implied, theirs is the forecast, to the bit.
 */
export class ImpliedMixture {
  /** whether an index ever spoke, log odds of its weight against `BEGIN`, Σ of ratios, Σ of their weights */
  private readonly past: Float64Array;
  /** At each bar: the forecast of prices, the index as it spoke, the expert made of it; zero for nothing. */
  private readonly origins: Origins;
  private readonly row = new Float64Array(3);
  private readonly priorSpans: number;
  private readonly decay: number;

  constructor(
    memory: Taker,
    private readonly steps: number,
    barMs: number,
  ) {
    this.past = memory.take(4);
    this.origins = new Origins(memory, steps, this.row.length);
    this.priorSpans = (PRIOR_DAYS * DAY_MS) / (steps * barMs);
    this.decay = Math.exp(-barMs / (MEMORY_DAYS * DAY_MS));
  }

  /** What the index counts for, 0..1. */
  get weight(): number {
    const odds = (BEGIN / (1 - BEGIN)) * Math.exp(this.past[1] ?? 0);
    return odds / (1 + odds);
  }

  /**
   * Once a bar. `outcome` is the variance of the last `steps` bars, NaN where some are missing; `base` the forecast from prices
   * for the next `steps`, and `implied` what the index says of these, NaN for nothing. Returns the forecast.
   */
  observe(outcome: number, base: number, implied: number): number {
    const isSaid = implied > 0 && base > 0;
    if (this.past[0] === 0 && !isSaid) return base;
    this.past[0] = 1;
    const due = this.origins.due();
    if (due !== undefined && !Number.isNaN(outcome)) this.learn(due, outcome);
    const expert = isSaid ? implied * this.ratio : NOTHING;
    this.row.set(isSaid ? [base, implied, expert] : [NOTHING, NOTHING, NOTHING]);
    this.origins.issue(this.row);
    return isSaid ? base + this.weight * (expert - base) : base;
  }

  /** Spans of several bars overlap: each bar's lesson counts for its part. */
  private learn([base = 0, implied = 0, expert = 0]: Float64Array, outcome: number): void {
    if (implied === NOTHING) return;
    const { past, steps, decay, weight } = this;
    const forecast = base + weight * (expert - base);
    const slope = (1 - outcome / forecast) / forecast;
    const lesson = bounded(slope * base) - bounded(slope * expert);
    past[1] = this.shared((past[1] ?? 0) + (RATE / steps) * lesson);
    past[2] = decay * (past[2] ?? 0) + Math.min(MAX_RATIO, outcome / implied) / steps;
    past[3] = decay * (past[3] ?? 0) + 1 / steps;
  }

  /** The fixed share: a part of the weight returns to where it began. */
  private shared(logOdds: number): number {
    const odds = (BEGIN / (1 - BEGIN)) * Math.exp(logOdds);
    const share = SHARE / this.steps;
    const weight = ((1 - share) * odds) / (1 + odds) + share * BEGIN;
    return Math.log((weight / (1 - weight)) * ((1 - BEGIN) / BEGIN));
  }

  private get ratio(): number {
    const [, , ratios = 0, spans = 0] = this.past;
    return (PRIOR_RATIO * this.priorSpans + ratios) / (this.priorSpans + spans);
  }
}

function bounded(gradient: number): number {
  return Math.max(-MAX_GRADIENT, Math.min(MAX_GRADIENT, gradient));
}
