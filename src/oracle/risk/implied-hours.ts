import { HOUR_MS, MINUTE_MS } from '../units/time';
import type { Taker } from './memory';

const MINUTES_AN_HOUR = HOUR_MS / MINUTE_MS;
/** Bars are kept for an hour and a half, in which two hours end at the most. */
const KEPT = 2;

/** The annual volatility that options imply, and what stood as each of the last hours was folded; NaN for none. */
export class ImpliedHours {
  /** What stands, then by hour modulo `KEPT`; zero for none. */
  private readonly words: Float64Array;

  constructor(memory: Taker) {
    this.words = memory.take(1 + KEPT);
  }

  hold(volatility: number): void {
    this.words[0] = Number.isNaN(volatility) ? 0 : volatility;
  }

  /** To be called as a minute is folded; if its hour ends with it, what stands is kept for `after`. */
  fold(minute: number): void {
    const place = placeOf(minute);
    if (place !== undefined) this.words[place] = this.words[0] ?? 0;
  }

  /** What stood as the hour that ends with a minute was folded; NaN for any other minute. */
  after(minute: number): number {
    const place = placeOf(minute);
    const word = place === undefined ? 0 : (this.words[place] ?? 0);
    return word === 0 ? NaN : word;
  }
}

/** Undefined for a minute that is not the last of its hour. */
function placeOf(minute: number): number | undefined {
  return (minute + 1) % MINUTES_AN_HOUR === 0 ? 1 + (((minute + 1) / MINUTES_AN_HOUR) % KEPT) : undefined;
}
