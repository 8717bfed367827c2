import type { EpochMs } from '../../oracle/units/time';
import type { Configuration } from '../../platform/config/configuration';
import { SCENARIOS } from '../attacks/catalogue';
import type { Scenario } from '../attacks/scenario';
import { Truth } from '../market/truth';
import { Drawings, type Drawing } from '../drawing/drawings';
import { noiseFloorBps } from '../scoring/errors';
import { scoreTrack, type Score } from '../scoring/score';
import { assetModels, type Asset } from './listings';
import { runScenario } from './run-scenario';
import type { Run, Track } from './tape';

/** A whole second and minute, so that every seed's run stands on the same grids. */
export const START_AT: EpochMs = 1_700_000_040_000;

/** Everyone's noise is measured by it, and its clean run gives the floor. */
const FLOOR_RULE = 'median';
/** Its bands are the measure of all others'. */
export const BAND_RULE = 'pyth';

export interface SeedOptions {
  readonly configuration: Configuration;
  readonly scenarios: readonly Scenario[];
  readonly rules: readonly string[];
  readonly seed: number;
  /** By how much Pyth's bands are stretched to hold 99 in 100, where that is known. */
  readonly stretch?: number;
  readonly isDrawn?: boolean;
}

export interface SeedScores {
  readonly scores: readonly Score[];
  readonly drawings: readonly Drawing[];
}

/**
 * Every scenario of one seed, all rules over the same arrivals. Scores of the two rules that others are measured by are
 * among them whether asked for or not.
 * @throws RangeError naming scenario, rule and cut when a figure is not finite
 */
export function playSeed({ configuration, scenarios, rules, seed, stretch, isDrawn }: SeedOptions): SeedScores {
  const heard = [...new Set([...rules, FLOOR_RULE, BAND_RULE])];
  const drawings = new Drawings(rules);
  const truths = new Truths(seed);
  const play = (scenario: Scenario): Run =>
    runScenario({ scenario, seed, truth: truths.of(scenario), startAt: START_AT, rules: heard, configuration });
  const clean = new CleanRuns(play);
  const scores = scenarios.flatMap((scenario) => {
    const unharmed = clean.of(scenario.judged ?? 'BTC');
    const run = scenario.name === CALM ? unharmed : play(scenario);
    if (isDrawn === true) drawings.add(run);
    return run.tracks.map((track) =>
      scoreTrack(run, scenario, track, {
        noiseFloorsBps: floorsOf(unharmed),
        clean: scenario.required.cleanBps === undefined ? undefined : trackOf(unharmed, track.rule),
        ...(track.rule === BAND_RULE && stretch !== undefined ? { stretch } : {}),
      }),
    );
  });
  return { scores, drawings: drawings.all() };
}

const CALM = 'calm';

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
  private readonly truths = new Map<number | undefined, Truth>();

  constructor(private readonly seed: number) {}

  of({ jumpsEveryMs }: Pick<Scenario, 'jumpsEveryMs'>): Truth {
    const known = this.truths.get(jumpsEveryMs);
    if (known !== undefined) return known;
    const truth = new Truth(this.seed, START_AT, assetModels(jumpsEveryMs));
    this.truths.set(jumpsEveryMs, truth);
    return truth;
  }
}

/** One seed's market without a fault, for each asset that is judged: it gives the noise floors. */
class CleanRuns {
  private readonly runs = new Map<Asset, Run>();

  constructor(private readonly play: (scenario: Scenario) => Run) {}

  of(judged: Asset): Run {
    const run = this.runs.get(judged) ?? this.play({ ...scenarioNamed(CALM), judged });
    this.runs.set(judged, run);
    return run;
  }
}

function floorsOf(clean: Run): number[] {
  const { holdings } = trackOf(clean, FLOOR_RULE);
  return clean.tape.holdings.map(({ truth }, index) => noiseFloorBps(truth, holdings[index]?.price ?? truth));
}

function trackOf({ tracks }: Run, rule: string): Track {
  const track = tracks.find((each) => each.rule === rule);
  if (track === undefined) throw new Error(`${rule} was not run; it runs in every scenario`);
  return track;
}
