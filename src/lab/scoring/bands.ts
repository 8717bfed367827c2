import { errorBps, HALTED, type Tape, type Track } from '../run/tape';
import { percentile } from './errors';

/** A band that claims 99 in 100. */
const ALPHA = 0.01;

export interface Bands {
  /** Share of the answers whose band held the truth, 0..1; absent where the rule states no band. */
  readonly coverage: number | undefined;
  /**
   * Mean width plus 2/α times what stands outside (Winkler 1972), in basis points. A rule without a band is taken at
   * its word: a band without width. Absent where the rule never answered.
   */
  readonly intervalScoreBps: number | undefined;
  /** The band's widest against its median width until the first fault; absent where there is none. */
  readonly widening: number | undefined;
}

export function measureBands(tape: Tape, track: Track, faultFromMs: number): Bands {
  let answers = 0;
  let banded = 0;
  let held = 0;
  let score = 0;
  const before: number[] = [];
  let widest = 0;
  for (let index = 0; index < tape.count; index++) {
    if (track.status[index] === HALTED) continue;
    answers += 1;
    const truth = tape.truth[index] as number;
    const hasBand = !Number.isNaN(track.low[index]);
    const low = errorBps(hasBand ? (track.low[index] as number) : (track.price[index] as number), truth);
    const high = errorBps(hasBand ? (track.high[index] as number) : (track.price[index] as number), truth);
    score += high - low + (2 / ALPHA) * (Math.max(0, low) + Math.max(0, -high));
    if (!hasBand) continue;
    banded += 1;
    if (low <= 0 && high >= 0) held += 1;
    widest = Math.max(widest, high - low);
    if ((tape.at[index] as number) - tape.startAt < faultFromMs) before.push(high - low);
  }
  const usual = percentile(before, 0.5);
  return {
    coverage: banded === 0 ? undefined : held / banded,
    intervalScoreBps: answers === 0 ? undefined : score / answers,
    widening: usual === 0 ? undefined : widest / usual,
  };
}
