import { SECOND_MS, YEAR_MS, type EpochMs } from '../units/time';

/** A price that moves by more standard deviations than this is no longer the market that was measured. */
const DEVIATIONS = 10;
/** What moved last may not widen the limit of what moves next without end: measured σ counts up to so many nominal ones. */
const MAX_NOMINALS = 3;

/** Relative distance of two prices, the same both ways: |ln a/b|. */
export function distance(a: number, b: number): number {
  return Math.abs(Math.log(a / b));
}

/** σ of the log price over one second, as far as a guard believes it. `nominalVolatility` is annual. */
export function believedSigma(measured: number, nominalVolatility: number): number {
  return Math.min(measured, MAX_NOMINALS * nominalVolatility * Math.sqrt(SECOND_MS / YEAR_MS));
}

/** How far a price may go in so long, and at least `floorBps`. */
export function reach(floorBps: number, sigmaPerRootSecond: number, ms: EpochMs): number {
  return Math.max(floorBps / 10_000, DEVIATIONS * sigmaPerRootSecond * Math.sqrt(Math.max(0, ms) / SECOND_MS));
}
