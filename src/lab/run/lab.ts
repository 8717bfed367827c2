import type { EpochMs } from '../../oracle/units/time';
import type { Configuration } from '../../platform/config/configuration';
import { SCENARIOS } from '../attacks/catalogue';
import type { Scenario } from '../attacks/scenario';
import { modelsFor } from '../market/assets';
import { Truth } from '../market/truth';
import { noiseFloorBps } from '../scoring/errors';
import { scoreTrack, type Score } from '../scoring/score';
import { runScenario } from './run-scenario';
import type { Run, Track } from './tape';

/** A whole second and minute, so that every seed's run stands on the same grids. */
export const START_AT: EpochMs = 1_700_000_040_000;
const NEVER_MS = 1e15;

/** Everyone's noise is measured by it, and its clean run gives the floor. */
const FLOOR_RULE = 'median';
/** Its bands are the measure of all others'. */
const BAND_RULE = 'pyth';

export interface LabOptions {
  readonly configuration: Configuration;
  readonly scenarios: readonly Scenario[];
  readonly rules: readonly string[];
  readonly seeds: readonly number[];
  /** Hears of every run once it is over. */
  readonly onRun?: (run: Run) => void;
}

/**
 * Every scenario of every seed, all rules over the same arrivals. Scores of the two rules that others are measured by
 * are among them whether asked for or not.
 * @throws RangeError naming scenario, rule and cut when a figure is not finite
 */
export function runLab({ configuration, scenarios, rules, seeds, onRun }: LabOptions): Score[] {
  const heard = [...new Set([...rules, FLOOR_RULE, BAND_RULE])];
  return seeds.flatMap((seed) => {
    const truths = new Truths(seed);
    const play = (scenario: Scenario): Run =>
      runScenario({ scenario, seed, truth: truths.of(scenario), startAt: START_AT, rules: heard, configuration });
    const clean = play(scenarioNamed('calm'));
    const floor = noiseFloorBps(clean.tape, trackOf(clean, FLOOR_RULE));
    return scenarios.flatMap((scenario) => {
      const run = scenario.name === clean.scenario ? clean : play(scenario);
      onRun?.(run);
      return run.tracks.map((track) =>
        scoreTrack(run, scenario, track, {
          noiseFloorBps: floor,
          clean: scenario.required.cleanBps === undefined ? undefined : trackOf(clean, track.rule),
        }),
      );
    });
  });
}

/** @throws RangeError for a name that is no scenario's */
export function scenarioNamed(name: string): Scenario {
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (scenario === undefined) {
    throw new RangeError(`no scenario is named ${name}; there are ${SCENARIOS.map((each) => each.name).join(', ')}`);
  }
  return scenario;
}

/** The true prices of one seed, simulated once for all scenarios that jump equally often. */
export class Truths {
  private readonly truths = new Map<number, Truth>();

  constructor(private readonly seed: number) {}

  of({ jumpsEveryMs = NEVER_MS }: Pick<Scenario, 'jumpsEveryMs'>): Truth {
    const known = this.truths.get(jumpsEveryMs);
    if (known !== undefined) return known;
    const overrides = { BTC: { jumpEveryMs: jumpsEveryMs }, USDT: { jumpEveryMs: NEVER_MS } };
    const truth = new Truth(this.seed, START_AT, modelsFor(['BTC', 'USDT'], overrides));
    this.truths.set(jumpsEveryMs, truth);
    return truth;
  }
}

function trackOf({ tracks }: Run, rule: string): Track {
  const track = tracks.find((each) => each.rule === rule);
  if (track === undefined) throw new Error(`${rule} was not run; it runs in every scenario`);
  return track;
}
