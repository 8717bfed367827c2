import { errorBps, SAMPLE_MS, type Run } from '../run/tape';

/** Enough for the width of a drawing. */
const POINTS = 300;

/** Lines of one run, in basis points of the true price of its start; NaN where there is nothing. */
export interface Drawing {
  readonly scenario: string;
  readonly seconds: readonly number[];
  readonly truth: readonly number[];
  /** One line per venue. */
  readonly venues: readonly (readonly number[])[];
  readonly rules: readonly {
    readonly rule: string;
    readonly price: readonly number[];
    readonly low: readonly number[];
    readonly high: readonly number[];
  }[];
}

/** Keeps what is drawn of runs, and lets the rest go. */
export class Drawings {
  private readonly kept: Drawing[] = [];

  constructor(private readonly rules: readonly string[]) {}

  add({ scenario, tape, tracks }: Run): void {
    const every = Math.ceil(tape.count / POINTS);
    const opened = tape.truth[0] as number;
    const thin = (values: Float64Array): number[] =>
      Array.from(values)
        .filter((_, index) => index % every === 0)
        .map((value) => errorBps(value, opened));
    this.kept.push({
      scenario,
      seconds: Array.from({ length: Math.ceil(tape.count / every) }, (_, index) => (index * every * SAMPLE_MS) / 1_000),
      truth: thin(tape.truth),
      venues: tape.venues.map(thin),
      rules: tracks
        .filter(({ rule }) => this.rules.includes(rule))
        .map(({ rule, price, low, high }) => ({ rule, price: thin(price), low: thin(low), high: thin(high) })),
    });
  }

  all(): readonly Drawing[] {
    return this.kept;
  }
}
