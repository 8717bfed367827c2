import { errorBps, HALTED, type Tape, type Track } from '../run/tape';
import { percentile } from './errors';

/** A band that claims 99 in 100. */
const ALPHA = 0.01;

/** Answers with a band, and those of them whose band held the truth. */
export interface Coverage {
  readonly banded: number;
  readonly held: number;
}

export interface Bands {
  readonly coverage: Coverage;
  /** The same where liquidation is permitted. */
  readonly coverageLiquidate: Coverage;
  /**
   * Mean width plus 2/α times what stands outside (Winkler 1972), in basis points. A rule without a band is taken at
   * its word: a band without width. Absent where the rule never answered.
   */
  readonly intervalScoreBps: number | undefined;
  /** The band's widest against its median width until the first fault; absent where there is none. */
  readonly widening: number | undefined;
}

/** `scale` stretches the bands about their prices before they are measured. */
export function measureBands(tape: Tape, track: Track, faultFromMs: number, scale = 1): Bands {
  let answers = 0;
  const all = { banded: 0, held: 0 };
  const permitted = { banded: 0, held: 0 };
  let score = 0;
  const before: number[] = [];
  let widest = 0;
  for (let index = 0; index < tape.count; index++) {
    if (track.status[index] === HALTED) continue;
    answers += 1;
    const truth = tape.truth[index] as number;
    const price = errorBps(track.price[index] as number, truth);
    const hasBand = !Number.isNaN(track.low[index]);
    const low = hasBand ? price + scale * (errorBps(track.low[index] as number, truth) - price) : price;
    const high = hasBand ? price + scale * (errorBps(track.high[index] as number, truth) - price) : price;
    score += high - low + (2 / ALPHA) * (Math.max(0, low) + Math.max(0, -high));
    if (!hasBand) continue;
    const held = low <= 0 && high >= 0 ? 1 : 0;
    all.banded += 1;
    all.held += held;
    permitted.banded += track.permits[index] as number;
    permitted.held += held * (track.permits[index] as number);
    widest = Math.max(widest, high - low);
    if ((tape.at[index] as number) - tape.startAt < faultFromMs) before.push(high - low);
  }
  const usual = percentile(before, 0.5);
  return {
    coverage: all,
    coverageLiquidate: permitted,
    intervalScoreBps: answers === 0 ? undefined : score / answers,
    widening: usual === 0 ? undefined : widest / usual,
  };
}

/** For each answer with a band, by how much the band would have to be stretched to hold the truth. */
export function stretches(tape: Tape, track: Track): number[] {
  const needed: number[] = [];
  for (let index = 0; index < tape.count; index++) {
    const [price, low, high] = [track.price[index], track.low[index], track.high[index]] as [number, number, number];
    if (track.status[index] === HALTED || !(high > low)) continue;
    const miss = (tape.truth[index] as number) - price;
    needed.push(miss >= 0 ? miss / (high - price) : miss / (low - price));
  }
  return needed;
}
