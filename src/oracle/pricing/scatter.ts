/** Time constant of the average, in seconds. */
const TAU_SECONDS = 60;
/** A second counts at most as so many times what was usual: one wild second is no new habit. */
const MOST_USUAL = 3;

export interface ScatterState {
  readonly variance: number;
  readonly seconds: number;
  readonly held: number;
}

/** How far a feed's votes usually stand apart: the published dispersions of the last minutes, one a second. */
export class Scatter {
  private variance = NaN;
  private seconds = 0;
  private held = NaN;

  /** Takes the dispersion that is published from now on, relative to the price; NaN while there is none. */
  hold(dispersion: number): void {
    this.held = dispersion;
  }

  /** A second has ended. */
  observe(): void {
    if (Number.isNaN(this.held)) return;
    const seen = Math.min(
      this.held * this.held,
      this.seconds === 0 ? Infinity : MOST_USUAL * MOST_USUAL * this.variance,
    );
    this.seconds = Math.min(this.seconds + 1, TAU_SECONDS);
    this.variance = this.seconds === 1 ? seen : this.variance + (seen - this.variance) / this.seconds;
  }

  /** Standard deviation, relative to the price; NaN before it is known. */
  get deviation(): number {
    return Math.sqrt(this.variance);
  }

  state(): ScatterState {
    return { variance: this.variance, seconds: this.seconds, held: this.held };
  }

  restore({ variance, seconds, held }: ScatterState): void {
    this.variance = variance;
    this.seconds = seconds;
    this.held = held;
  }
}
