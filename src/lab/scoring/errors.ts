import { errorBps, HALTED, OK, SAMPLE_MS, type Tape, type Track } from '../run/tape';

const SECONDS = SAMPLE_MS / 1_000;
/** An answer further off than this that says of itself that it is ok was missed. */
const MISSED_BPS = 50;

export interface Errors {
  /** Furthest from the truth while not halted, in basis points. */
  readonly maxErrorBps: number;
  /** The same where liquidation is permitted. */
  readonly maxErrorLiquidateBps: number;
  /** The same where nothing is flagged. */
  readonly maxErrorUnflaggedBps: number;
  /** The error beyond the noise floor, over time, while not halted: basis points times seconds. */
  readonly errorBpsSeconds: number;
  /** The same where liquidation is permitted. */
  readonly errorBpsSecondsLiquidate: number;
  readonly haltedSeconds: number;
  /** Halted while honest and fresh venues were a majority by count and by weight. */
  readonly falseHaltSeconds: number;
  /** Said to be ok while further off than 50 bp, or while no honest majority was left. */
  readonly missedHaltSeconds: number;
  /** Whether a price was published that no price can be. */
  readonly hasImpossiblePrice: boolean;
}

export function measureErrors(tape: Tape, track: Track, noiseFloorBps: number): Errors {
  let max = 0;
  let maxLiquidate = 0;
  let maxUnflagged = 0;
  let integral = 0;
  let integralLiquidate = 0;
  let halted = 0;
  let falseHalt = 0;
  let missed = 0;
  let hasImpossiblePrice = false;
  for (let index = 0; index < tape.count; index++) {
    const status = track.status[index];
    if (status === HALTED) {
      halted += 1;
      falseHalt += tape.honestQuorum[index] as number;
      continue;
    }
    const price = track.price[index] as number;
    if (!(price > 0)) hasImpossiblePrice = true;
    const error = Math.abs(errorBps(price, tape.truth[index] as number));
    max = Math.max(max, error);
    integral += Math.max(0, error - noiseFloorBps);
    if (track.permits[index] === 1) {
      maxLiquidate = Math.max(maxLiquidate, error);
      integralLiquidate += Math.max(0, error - noiseFloorBps);
    }
    if (track.flagged[index] === 0) maxUnflagged = Math.max(maxUnflagged, error);
    if (status === OK && (error > MISSED_BPS || tape.quorumLost[index] === 1)) missed += 1;
  }
  return {
    maxErrorBps: max,
    maxErrorLiquidateBps: maxLiquidate,
    maxErrorUnflaggedBps: maxUnflagged,
    errorBpsSeconds: integral * SECONDS,
    errorBpsSecondsLiquidate: integralLiquidate * SECONDS,
    haltedSeconds: halted * SECONDS,
    falseHaltSeconds: falseHalt * SECONDS,
    missedHaltSeconds: missed * SECONDS,
    hasImpossiblePrice,
  };
}

/** The error that 99 in 100 prices keep within. */
export function noiseFloorBps(truth: Float64Array, prices: Float64Array): number {
  const errors = Array.from(prices, (price, index) => Math.abs(errorBps(price, truth[index] as number)));
  return percentile(errors, 0.99);
}

/** The value that this share of all values does not exceed; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
