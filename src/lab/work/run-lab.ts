import type { Configuration } from '../../platform/config/configuration';
import type { Scenario } from '../attacks/scenario';
import type { Drawing } from '../drawing/drawings';
import type { Proof } from '../proofs/proof';
import { VENUE_SUBSETS } from '../run/manipulator';
import { TUNING_SEEDS } from '../run/stretch';
import { lackingWitnesses } from '../run/witnessed';
import { classOf } from '../scoring/coverage-rows';
import { percentile } from '../scoring/errors';
import type { Findings } from '../scoring/findings';
import type { Check } from '../scoring/judge';
import { Workers } from './workers';

/** Sets of venues that one worker pushes at a time. */
const SUBSETS_A_TASK = 8;

export interface LabOptions {
  readonly configuration: Configuration;
  readonly scenarios: readonly Scenario[];
  readonly proofs: readonly Proof[];
  readonly rules: readonly string[];
  readonly seeds: readonly number[];
  /** Threads. */
  readonly jobs: number;
  /** Also what takes more than the scenarios themselves: Pyth's bands on the tuning seeds, and every push. */
  readonly isWhole: boolean;
  readonly isDrawn: boolean;
}

export interface LabRun {
  readonly findings: Findings;
  /** Of the first seed. */
  readonly drawings: readonly Drawing[];
}

/**
 * All of the laboratory. The same options give the same findings, however many threads there are.
 * @throws RangeError naming scenario, rule and cut when a figure is not finite
 */
export async function runLab(options: LabOptions): Promise<LabRun> {
  const { configuration, scenarios, rules, seeds, isWhole, isDrawn } = options;
  const workers = new Workers(options.jobs);
  try {
    const pythStretch = isWhole ? await stretchOf(workers, options) : undefined;
    const stretch = pythStretch === undefined ? {} : { stretch: pythStretch };
    const played = await workers.perform(
      'seed',
      seeds.map((seed, index) => ({
        configuration,
        scenarios,
        rules,
        seed,
        isDrawn: isDrawn && index === 0,
        ...stretch,
      })),
    );
    const pushes = isWhole ? await pushAll(workers, options) : [];
    const findings = {
      scenarios,
      rules,
      scores: played.flatMap(({ scores }) => scores),
      pushes,
      pythStretch,
      proofs: await proved(options),
      lacking: (scenario: Scenario) => lackingWitnesses(configuration, scenario),
    };
    return { findings, drawings: played[0]?.drawings ?? [] };
  } finally {
    await workers.close();
  }
}

/** What makes Pyth's bands hold 99 answers in 100, over all classes of markets in which bands are judged. */
async function stretchOf(workers: Workers, { configuration, scenarios }: LabOptions): Promise<number | undefined> {
  const classed = scenarios.filter((scenario) => classOf(scenario) !== undefined);
  if (classed.length === 0) return undefined;
  const asked = TUNING_SEEDS.map((seed) => ({ configuration, scenarios: classed, seed }));
  return percentile((await workers.perform('stretch', asked)).flat(), 0.99);
}

/** On the first seed alone: what a push does hangs on the books' depth, hardly on the path. */
async function pushAll(workers: Workers, { configuration, rules, seeds }: LabOptions): Promise<Findings['pushes']> {
  const seed = seeds[0] ?? 1;
  const asked = [];
  for (let from = 0; from < VENUE_SUBSETS.length; from += SUBSETS_A_TASK) {
    const subsets = VENUE_SUBSETS.slice(from, from + SUBSETS_A_TASK);
    asked.push({ configuration, rules, seed, subsets });
  }
  return (await workers.perform('push', asked)).flat();
}

async function proved({ configuration, proofs }: LabOptions): Promise<Map<string, readonly Check[]>> {
  const checks = new Map<string, readonly Check[]>();
  for (const { name, prove } of proofs) checks.set(name, await prove(configuration));
  return checks;
}
