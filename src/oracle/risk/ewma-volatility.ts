import { SECOND_MS, YEAR_MS } from '../units/time';

/** Time constant of the average. */
const TAU_SECONDS = 1_800;
/** Before this many returns a volatility has no basis and is absent. */
const MIN_OBSERVATIONS = 60;
/** How many seconds of nominal volatility the band's σ starts with, so that a few quiet seconds cannot collapse it. */
const PRIOR_SECONDS = 60;

/** What the signed field holds: 429,496 % a year, beyond which no margin is computed anyway. */
const MAX_PPM = 0xffff_ffff;

const SECONDS_A_YEAR = YEAR_MS / SECOND_MS;
const DECAY = Math.exp(-1 / TAU_SECONDS);

export interface VolatilityState {
  readonly squares: number;
  readonly seconds: number;
  readonly observations: number;
  readonly last: number;
}

/**
 * Variance per second as a ratio of two exponential sums, S = Σ e^(−age/τ)·r² over T = Σ e^(−age/τ)·Δt. In this form a
 * gap costs nothing: neither sum moves while there is no price, and no carried-forward price feeds it zeros.
 */
export class EwmaVolatility {
  private squares = 0;
  private seconds = 0;
  private count = 0;
  private last = NaN;
  private readonly priorVariance: number;

  /** `nominal` is annual: 0.8 is 80 %. */
  constructor(nominal: number) {
    this.priorVariance = (nominal * nominal) / SECONDS_A_YEAR;
  }

  /** Takes the price at the end of a second; NaN where there was none, after which the next return starts anew. */
  observe(price: number): void {
    const change = Math.log(price / this.last);
    this.last = price;
    if (Number.isNaN(change)) return;
    this.squares = DECAY * this.squares + change * change;
    this.seconds = DECAY * this.seconds + 1;
    this.count++;
  }

  get observations(): number {
    return this.count;
  }

  /** σ of the log price over one second, with the nominal volatility as prior: always known, for the band. */
  get perRootSecond(): number {
    const variance = (this.squares + this.priorVariance * PRIOR_SECONDS) / (this.seconds + PRIOR_SECONDS);
    return Math.sqrt(variance);
  }

  /** What was measured, annualised, in parts per million; undefined before there is a basis, or beyond 32 bits. */
  get annualPpm(): number | undefined {
    const ppm = Math.round(Math.sqrt((this.squares / this.seconds) * SECONDS_A_YEAR) * 1_000_000);
    return this.count < MIN_OBSERVATIONS || ppm > MAX_PPM ? undefined : ppm;
  }

  state(): VolatilityState {
    return { squares: this.squares, seconds: this.seconds, observations: this.count, last: this.last };
  }

  restore(state: VolatilityState): void {
    this.squares = state.squares;
    this.seconds = state.seconds;
    this.count = state.observations;
    this.last = state.last;
  }
}
