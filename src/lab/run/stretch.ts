import type { Configuration } from '../../platform/config/configuration';
import type { Scenario } from '../attacks/scenario';
import { stretches } from '../scoring/bands';
import { BAND_RULE, START_AT, Truths } from './lab';
import { runScenario } from './run-scenario';

/** Seeds to tune on: never among those that are reported. */
export const TUNING_SEEDS = [101, 102, 103, 104, 105] as const;

export interface StretchOptions {
  readonly configuration: Configuration;
  readonly scenarios: readonly Scenario[];
  readonly seed: number;
}

/** For every answer of Pyth's in one seed, by how much its band would have to be stretched to hold the truth. */
export function pythStretches({ configuration, scenarios, seed }: StretchOptions): number[] {
  const truths = new Truths(seed);
  return scenarios.flatMap((scenario) => {
    const options = { scenario, seed, truth: truths.of(scenario), startAt: START_AT, configuration };
    const { tape, tracks } = runScenario({ ...options, rules: [BAND_RULE], isJudgedAlone: true });
    return tracks.flatMap((track) => stretches(tape, track));
  });
}
