import { YEAR_MS } from '../units/time';
import type { Bar } from './bar';
import { BarVariance } from './bar-variance';
import type { HorizonRisk, Tail } from './figures';
import { Garch, type GarchParameters } from './garch';
import { HorizonTails, TAIL_LEVELS, TAIL_SIDES } from './horizon-tails';
import { HorizonVolatility } from './horizon-volatility';
import type { Memory } from './memory';

/** Fewer bars with a return than this say nothing of any horizon. */
const MIN_BARS = 60;
/** A level speaks where at least this many of the outcomes are expected beyond it. */
const MIN_BEYOND = 0.4;

export interface BarHorizon {
  /** The horizon, in bars. */
  readonly steps: number;
  /** Outcomes behind the tails, at most. */
  readonly window: number;
}

/** One length of bars and the horizons that are forecast from them. */
export class BarModel {
  readonly bars: BarVariance;
  private readonly garch: Garch;
  private readonly volatilities: readonly HorizonVolatility[];
  private readonly tails: readonly HorizonTails[];
  private readonly longest: number;
  /** ln of the last closes; NaN at a gap. */
  private readonly closes: Float64Array;
  /** bars so far, gaps up to the last, bars that had a return */
  private readonly counts: Float64Array;

  constructor(
    memory: Memory,
    private readonly barMs: number,
    private readonly horizons: readonly BarHorizon[],
  ) {
    this.bars = new BarVariance(memory, barMs);
    this.garch = new Garch(memory);
    this.volatilities = horizons.map(({ steps }) => new HorizonVolatility(memory, steps, this.bars, this.garch));
    this.tails = horizons.map(({ steps, window }) => new HorizonTails(memory, steps, window));
    this.longest = Math.max(...horizons.map(({ steps }) => steps));
    this.closes = memory.take(this.longest + 1).fill(NaN);
    this.counts = memory.take(3);
  }

  /**
   * Takes the bar that begins at `at`, or a gap. A gap longer than the longest horizon has left nothing that could still
   * be judged, and more of it changes nothing: after an outage of a month it need not be walked through. `implied` is annual,
   * as of the bar's end; NaN for nothing.
   */
  observe(at: number, bar: Bar | undefined, implied = NaN): void {
    const { bars, counts, closes } = this;
    counts[1] = bar === undefined ? (counts[1] ?? 0) + 1 : 0;
    if (counts[1] > this.longest) return;
    bars.observe(at, bar);
    if (!Number.isNaN(bars.return_)) {
      this.garch.observe(bars.return_);
      counts[2] = (counts[2] ?? 0) + 1;
    }
    const count = counts[0] ?? 0;
    counts[0] = count + 1;
    const close = bar === undefined ? NaN : Math.log(bar.close);
    closes[count % closes.length] = close;
    const impliedVariance = (implied * implied * this.barMs) / YEAR_MS;
    for (let place = 0; place < this.horizons.length; place++) {
      const volatility = this.volatilities[place] as HorizonVolatility;
      const { steps } = this.horizons[place] as BarHorizon;
      volatility.observe(at + this.barMs, impliedVariance);
      const before = closes[(count + closes.length - steps) % closes.length] ?? NaN;
      this.tails[place]?.observe(close - before, volatility.variance);
    }
  }

  /** From the next bar on, one of the experts is the GARCH of these parameters, of returns a bar. */
  adopt(parameters: GarchParameters): void {
    this.garch.adopt(parameters);
  }

  /** What is known of the horizons, in their order. */
  figures(): HorizonRisk[] {
    return this.horizons.map(({ steps }, place) => {
      const { variance } = this.volatilities[place] as HorizonVolatility;
      const hasBasis = (this.counts[2] ?? 0) >= Math.max(MIN_BARS, steps) && variance > 0;
      const tails = this.tails[place] as HorizonTails;
      return {
        sigma: hasBasis ? Math.sqrt(variance) : undefined,
        observations: tails.observations,
        fall: hasBasis ? tailsOf(tails, 'fall') : undefined,
        rise: hasBasis ? tailsOf(tails, 'rise') : undefined,
      };
    });
  }

  /** What is implied counts for so much in each horizon, 0..1. */
  impliedWeights(): number[] {
    return this.volatilities.map(({ impliedWeight }) => impliedWeight);
  }

  /** Of the first horizon's experts; undefined before it has a figure. */
  weights(): readonly number[] | undefined {
    const [first] = this.volatilities;
    return first === undefined || Number.isNaN(first.variance) ? undefined : Array.from(first.weights);
  }
}

/** By level, up to the last that has a basis. */
function tailsOf(tails: HorizonTails, name: (typeof TAIL_SIDES)[number]): readonly Tail[] | undefined {
  const side = TAIL_SIDES.indexOf(name);
  const known = TAIL_LEVELS.filter((level) => (1 - level) * tails.observations >= MIN_BEYOND).map((_, level) => ({
    valueAtRisk: tails.valueAtRisk(side, level),
    expectedShortfall: tails.shortfall(side, level),
  }));
  return known.length === 0 || known.some(({ valueAtRisk }) => Number.isNaN(valueAtRisk)) ? undefined : known;
}
