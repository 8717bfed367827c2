import type { Move } from '../attacks/scenario';
import { errorBps, HALTED, SAMPLE_MS, type Tape, type Track } from '../run/tape';
import { percentile } from './errors';

/** No rule that is worth measuring is slower. */
const MAX_LAG_MS = 10_000;
/** After a move has ended, the time in which a rule may still be behind. */
const AFTER_MS = 2_000;

/** Shifts that the whole path is tried against. */
const MAX_SHIFT_MS = 5_000;

export interface Lag {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The shift of the truth by which the published path fits it best: of a mean over T about T/2. */
  readonly bestFitMs: number;
}

/**
 * How far a rule is behind a moving market: the age of the youngest truth within the noise floor of what is published,
 * less the age of the truth that most of the honest weight shows. Absent where nothing moves.
 */
export function measureLag(tape: Tape, track: Track, moves: readonly Move[], noiseFloorBps: number): Lag | undefined {
  if (moves.length === 0) return undefined;
  const lags: number[] = [];
  for (let index = 0; index < tape.count; index++) {
    const ms = index * SAMPLE_MS;
    const isMoving = moves.some(({ fromMs, overMs }) => ms >= fromMs && ms < fromMs + overMs + AFTER_MS);
    if (!isMoving || track.status[index] === HALTED) continue;
    const behind =
      ageOf(track.price[index] as number, index, tape, noiseFloorBps) - (tape.majorityLagMs[index] as number);
    lags.push(Math.max(0, behind));
  }
  if (lags.length === 0) return { p50Ms: MAX_LAG_MS, p99Ms: MAX_LAG_MS, bestFitMs: MAX_SHIFT_MS };
  return { p50Ms: percentile(lags, 0.5), p99Ms: percentile(lags, 0.99), bestFitMs: bestFit(tape, track, moves) };
}

/** argmin over shifts τ of Σ (p(t) − m(t − τ))², where the market moves. */
function bestFit(tape: Tape, track: Track, moves: readonly Move[]): number {
  const from = Math.floor(Math.min(...moves.map(({ fromMs }) => fromMs)) / SAMPLE_MS);
  const to = Math.ceil(Math.max(...moves.map(({ fromMs, overMs }) => fromMs + overMs + AFTER_MS)) / SAMPLE_MS);
  let best = { ms: 0, sum: Infinity };
  for (let shift = 0; shift <= Math.min(from, MAX_SHIFT_MS / SAMPLE_MS); shift++) {
    let sum = 0;
    for (let index = from; index < Math.min(to, tape.count); index++) {
      if (track.status[index] === HALTED) continue;
      const error = errorBps(track.price[index] as number, tape.truth[index - shift] as number);
      sum += error * error;
    }
    if (sum < best.sum) best = { ms: shift * SAMPLE_MS, sum };
  }
  return best.ms;
}

/** The age of the youngest truth within the tolerance of a price; of the nearest where none is. */
function ageOf(price: number, index: number, tape: Tape, toleranceBps: number): number {
  let nearest = Infinity;
  let age = 0;
  for (let back = 0; back <= Math.min(index, MAX_LAG_MS / SAMPLE_MS); back++) {
    const error = Math.abs(errorBps(price, tape.truth[index - back] as number));
    if (error <= toleranceBps) return back * SAMPLE_MS;
    if (error < nearest) {
      nearest = error;
      age = back * SAMPLE_MS;
    }
  }
  return age;
}
