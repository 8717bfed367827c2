import type { Scenario } from '../attacks/scenario';
import { LISTINGS } from '../run/listings';
import { errorBps, HALTED, OK, reasonMask, SAMPLE_MS, type Run, type Tape, type Track } from '../run/tape';
import { liquidate, type Liquidations } from './accounts';
import { measureBands, type Bands } from './bands';
import { measureErrors, type Errors } from './errors';
import { measureLag } from './lag';
import { costToPushUsd, gainUsd } from './manipulation';
import { measureSteps, type Steps } from './steps';

/** All that is measured of one rule in one scenario of one seed. */
export interface Score extends Errors, Liquidations, Bands, Steps {
  readonly scenario: string;
  readonly seed: number;
  readonly rule: string;
  readonly lagP50Ms: number | undefined;
  readonly lagP99Ms: number | undefined;
  readonly bestFitLagMs: number | undefined;
  /** The interval score of bands that were stretched to hold 99 in 100: Pyth's alone. */
  readonly stretchedScoreBps: number | undefined;
  /** From the first fault to the first flag, halt or refusal; absent where none came. */
  readonly detectedMs: number | undefined;
  /** From the first fault to the first halt; absent where none came. */
  readonly haltedAfterMs: number | undefined;
  /** The longest after the first fault, and before the last one ended, that liquidation was still permitted. */
  readonly liquidatedUntilMs: number;
  /** The same while it was ok. */
  readonly okUntilMs: number;
  /** From the first fault to the reason that is required; absent where it never came, or none is required. */
  readonly saidAfterMs: number | undefined;
  /** While the fault lasted, with a reason that must not be given. */
  readonly wronglySaidSeconds: number;
  /** What it counted as collateral, above the truth at most. */
  readonly collateralBps: number;
  /** Furthest from the same rule in the same market without the fault, where that was asked for. */
  readonly fromCleanBps: number | undefined;
  /** What the fault earned as a trade, where it is one. */
  readonly manipulatorUsd: number | undefined;
}

export interface Measures {
  /** Of the tape's holdings, in their order. */
  readonly noiseFloorsBps: readonly number[];
  /** The same rule's track in the same market without the fault, for requirements that compare with it. */
  readonly clean: Track | undefined;
  /** By how much this rule's bands are stretched for `stretchedScoreBps`. */
  readonly stretch?: number;
}

export function scoreTrack(
  { tape, seed }: Pick<Run, 'seed' | 'tape'>,
  scenario: Scenario,
  track: Track,
  { noiseFloorsBps, clean, stretch }: Measures,
): Score {
  const { required, judged = 'BTC', injections, moves } = scenario;
  const floor = noiseFloorsBps[0] ?? 0;
  const errors = measureErrors(tape, track, floor);
  const faultFromMs = Math.min(...[...injections, ...moves].map(({ fromMs }) => fromMs), Infinity);
  const faultToMs = Math.max(...injections.map(({ toMs }) => toMs), -Infinity);
  const own = moves.filter(({ asset }) => asset === judged || asset === LISTINGS[judged].follows);
  const lag = measureLag(tape, track, own, floor);
  const during = (holds: (index: number) => boolean): number => lastBetween(tape, faultFromMs, faultToMs, holds);
  const says = required.says === undefined ? 0 : reasonMask([required.says.reason]);
  const never = required.neverSays === undefined ? 0 : reasonMask([required.neverSays]);
  return {
    scenario: scenario.name,
    seed,
    rule: track.rule,
    ...errors,
    ...liquidate(tape, track, noiseFloorsBps),
    ...measureBands(tape, track, faultFromMs),
    ...measureSteps(tape, track),
    lagP50Ms: lag?.p50Ms,
    lagP99Ms: lag?.p99Ms,
    bestFitLagMs: lag?.bestFitMs,
    stretchedScoreBps: stretch === undefined ? undefined : measureBands(tape, track, 0, stretch).intervalScoreBps,
    detectedMs: firstAfter(tape, faultFromMs, (index) => track.flagged[index] === 1),
    haltedAfterMs: firstAfter(tape, faultFromMs, (index) => track.status[index] === HALTED),
    liquidatedUntilMs: during((index) => track.permits[index] === 1),
    okUntilMs: during((index) => track.status[index] === OK),
    saidAfterMs: firstAfter(tape, faultFromMs, (index) => ((track.reasons[index] as number) & says) !== 0),
    wronglySaidSeconds: secondsSince(tape, faultFromMs, (index) => ((track.reasons[index] as number) & never) !== 0),
    collateralBps: mostAbove(track.collateral, tape.truth),
    fromCleanBps: clean === undefined ? undefined : furthest(track, clean),
    manipulatorUsd:
      scenario.isTraded === undefined
        ? undefined
        : gainUsd(Math.max(0, errors.maxErrorLiquidateBps - floor), judged) - costToPushUsd(injections, judged),
  };
}

function firstAfter({ count }: Tape, fromMs: number, holds: (index: number) => boolean): number | undefined {
  if (fromMs === Infinity) return undefined;
  for (let index = Math.ceil(fromMs / SAMPLE_MS); index < count; index++) {
    if (holds(index)) return index * SAMPLE_MS - fromMs;
  }
  return undefined;
}

function lastBetween({ count }: Tape, fromMs: number, toMs: number, holds: (index: number) => boolean): number {
  for (let index = Math.min(count, Math.floor(toMs / SAMPLE_MS)) - 1; index * SAMPLE_MS >= fromMs; index--) {
    if (holds(index)) return (index + 1) * SAMPLE_MS - fromMs;
  }
  return 0;
}

function secondsSince({ count }: Tape, fromMs: number, holds: (index: number) => boolean): number {
  let samples = 0;
  for (let index = Math.ceil(fromMs / SAMPLE_MS); index < count; index++) if (holds(index)) samples += 1;
  return (samples * SAMPLE_MS) / 1_000;
}

function mostAbove(values: Float64Array, truth: Float64Array): number {
  let most = 0;
  for (let index = 0; index < truth.length; index++) {
    const above = errorBps(values[index] as number, truth[index] as number);
    if (above > most) most = above;
  }
  return most;
}

/** A halt on one side alone is as far as can be. */
function furthest(track: Track, clean: Track): number {
  let worst = 0;
  const count = Math.min(track.price.length, clean.price.length);
  for (let index = 0; index < count; index++) {
    const both = Math.abs(errorBps(track.price[index] as number, clean.price[index] as number));
    const isOneHalted = (track.status[index] === HALTED) !== (clean.status[index] === HALTED);
    worst = Math.max(worst, isOneHalted ? Infinity : Number.isNaN(both) ? 0 : both);
  }
  return worst;
}
