import type { Scenario } from '../attacks/scenario';
import { errorBps, HALTED, SAMPLE_MS, type Run, type Tape, type Track } from '../run/tape';
import { liquidate, type Liquidations } from './accounts';
import { measureBands, type Bands } from './bands';
import { measureErrors, type Errors } from './errors';
import { measureLag } from './lag';
import { profitUsd } from './manipulation';

/** All that is measured of one rule in one scenario of one seed. */
export interface Score extends Errors, Liquidations, Bands {
  readonly scenario: string;
  readonly seed: number;
  readonly rule: string;
  readonly lagP50Ms: number | undefined;
  readonly lagP99Ms: number | undefined;
  /** From the first fault to the first flag, halt or refusal; absent where none came. */
  readonly detectedMs: number | undefined;
  /** From the first fault to the first halt; absent where none came. */
  readonly haltedAfterMs: number | undefined;
  /** The longest after the first fault, and before the last one ended, that liquidation was still permitted. */
  readonly liquidatedUntilMs: number;
  /** Furthest from the same rule in the same market without the fault, where that was asked for. */
  readonly fromCleanBps: number | undefined;
  readonly manipulatorUsd: number | undefined;
}

/** `clean` is the same rule's track in the same seed's calm market, for requirements that compare with it. */
export function scoreTrack(
  run: Pick<Run, 'seed' | 'tape'>,
  scenario: Scenario,
  track: Track,
  against: { readonly noiseFloorBps: number; readonly clean: Track | undefined },
): Score {
  const { tape, seed } = run;
  const { noiseFloorBps, clean } = against;
  const errors = measureErrors(tape, track, noiseFloorBps);
  const faultFromMs = Math.min(...[...scenario.injections, ...scenario.moves].map(({ fromMs }) => fromMs), Infinity);
  const faultToMs = Math.max(...scenario.injections.map(({ toMs }) => toMs), -Infinity);
  const lag = measureLag(tape, track, scenario.moves, noiseFloorBps);
  return {
    scenario: scenario.name,
    seed,
    rule: track.rule,
    ...errors,
    ...liquidate(tape, track, noiseFloorBps),
    ...measureBands(tape, track, faultFromMs),
    lagP50Ms: lag?.p50Ms,
    lagP99Ms: lag?.p99Ms,
    detectedMs: firstAfter(tape, faultFromMs, (index) => track.flagged[index] === 1),
    haltedAfterMs: firstAfter(tape, faultFromMs, (index) => track.status[index] === HALTED),
    liquidatedUntilMs: lastBetween(tape, faultFromMs, faultToMs, (index) => track.permits[index] === 1),
    fromCleanBps: clean === undefined ? undefined : furthest(track, clean),
    manipulatorUsd:
      scenario.isTraded === undefined ? undefined : profitUsd(scenario.injections, errors.maxErrorLiquidateBps),
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
