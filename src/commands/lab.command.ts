import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dialectNames } from '../inbound/venues/registry';
import { loadConfiguration } from '../platform/config/load';
import { readNodes } from './lab/read-nodes';

export interface LabOptions {
  readonly config: string;
  readonly scenario?: readonly string[];
  readonly scenarioFile?: string;
  readonly rule?: readonly string[];
  readonly seeds: string;
  readonly firstSeed: string;
  readonly jobs?: string;
  readonly json?: boolean;
  readonly html?: string;
  readonly emit?: string;
}

/** `assay lab`: Assay and the rules of others in one simulated market, under attack (docs/lab.md). */
export async function run(options: LabOptions): Promise<void> {
  const { RULE_NAMES, refuseUnknownRule } = await import('../lab/rules/all-rules');
  const { choose } = await import('../lab/attacks/choose');
  const { readScenarios } = await import('../lab/attacks/scenario-file');
  const { allProofs } = await import('../lab/proofs/all-proofs');
  const own = options.scenarioFile === undefined ? undefined : await readScenarios(options.scenarioFile);
  const chosen = choose(options.scenario, own, allProofs(readNodes));
  const { scenarios } = chosen;
  const rules = options.rule ?? RULE_NAMES;
  rules.forEach(refuseUnknownRule);
  const firstSeed = wholeNumber('--first-seed', options.firstSeed, 0);
  const seeds = Array.from({ length: wholeNumber('--seeds', options.seeds, 1) }, (_, index) => firstSeed + index);
  const jobs = options.jobs === undefined ? availableParallelism() : wholeNumber('--jobs', options.jobs, 1);
  const configuration = loadConfiguration(options.config, dialectNames);

  if (options.emit !== undefined) {
    const [scenario, ...others] = scenarios;
    if (scenario === undefined || others.length > 0) {
      throw new Error(`--emit writes one run, not ${scenarios.length}; name its scenario with --scenario`);
    }
    const { emitRun } = await import('../lab/run/emit');
    await emitRun(options.emit, { scenario, seed: firstSeed, configHash: configuration.configHash });
  }
  const { runLab } = await import('../lab/work/run-lab');
  const { summarise } = await import('../lab/scoring/summary');
  const isDrawn = options.html !== undefined;
  const { findings, drawings } = await runLab({ configuration, ...chosen, rules, seeds, jobs, isDrawn });
  const result = summarise(findings);
  if (options.html !== undefined) {
    const { page } = await import('../lab/drawing/page');
    await writeFile(options.html, page(result, drawings, scenarios));
  }
  const { textOf } = await import('../lab/drawing/text');
  process.stdout.write(textOf(result));
  if (options.json === true) process.stdout.write(`${JSON.stringify(result)}\n`);
}

function wholeNumber(option: string, value: string, min: number): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= min) return number;
  throw new RangeError(`${option} is ${value}; it must be a whole number, at least ${min}`);
}
