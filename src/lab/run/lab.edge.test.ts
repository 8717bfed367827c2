import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run as replay } from '../../commands/replay.command';
import { dialectNames } from '../../inbound/venues/registry';
import { loadConfiguration } from '../../platform/config/load';
import type { Drawing } from '../drawing/drawings';
import { page } from '../drawing/page';
import { textOf } from '../drawing/text';
import { makeCandidate, RULE_NAMES } from '../rules/all-rules';
import { summarise, type LabResult } from '../scoring/summary';
import { emitRun } from './emit';
import { runLab, type LabRun } from '../work/run-lab';
import { scenarioNamed, START_AT, Truths } from './lab';
import { runScenario } from './run-scenario';

const configuration = loadConfiguration('config/lab', dialectNames);
const scenarios = ['calm', 'underThreshold', 'weightCaptured'].map(scenarioNamed);

async function lab(rules: readonly string[], isDrawn = false): Promise<LabRun & { readonly result: LabResult }> {
  const run = await runLab({
    configuration,
    scenarios,
    proofs: [],
    rules,
    seeds: [1],
    jobs: 1,
    isWhole: false,
    isDrawn,
  });
  return { ...run, result: summarise(run.findings) };
}

describe('the lab', () => {
  let result: LabResult;
  let drawings: readonly Drawing[];
  beforeAll(async () => {
    ({ result, drawings } = await lab(RULE_NAMES, true));
  });
  const row = (scenario: string, rule: string): LabResult['scenarios'][number] =>
    result.scenarios.find((each) => each.scenario === scenario && each.rule === rule)!;

  it('has a composite for every rule, a row for every scenario of it, and all forty faults', () => {
    expect(result.rules.map(({ rule }) => rule)).toEqual(RULE_NAMES);
    expect(result.scenarios).toHaveLength(scenarios.length * RULE_NAMES.length);
    expect(result.catalogue).toHaveLength(40);
  });

  it('shows that a venue just under a threshold moves those who clamp, and not Assay', () => {
    expect(row('underThreshold', 'assay').maxErrorBps).toBeLessThan(10);
    expect(row('underThreshold', 'okx').maxErrorBps).toBeGreaterThan(30);
    expect(row('underThreshold', 'vwap').wrongfulLiquidations).toBeGreaterThan(0);
  });

  it('shows that whoever holds the weight moves a weighted median, and that Assay stops liquidating', () => {
    expect(row('weightCaptured', 'hyperliquid').maxErrorBps).toBeGreaterThan(250);
    expect(row('weightCaptured', 'assay')).toMatchObject({ met: true, wrongfulLiquidations: 0 });
  });

  it('scores the same twice, and a rule the same alone as among others', async () => {
    const { result: alone } = await lab(['assay']);
    expect(alone.scenarios).toEqual(result.scenarios.filter(({ rule }) => rule === 'assay'));
    expect(alone.rules[0]).toEqual(result.rules[0]);
  });

  it('draws every path in one file that asks for no other', () => {
    const html = page(result, drawings, scenarios);
    expect(html.match(/<svg/g)).toHaveLength(scenarios.length);
    expect(/(src|href)=|[ML]NaN|undefined/.exec(html)).toBeNull();
    expect(textOf(result)).toContain('FAIL  coverage, minority');
  });

  it('refuses names that it does not know', () => {
    expect(() => scenarioNamed('calmer')).toThrow(/no scenario is named calmer; there are calm, /);
    expect(() => makeCandidate('mean', ['BTC'], configuration)).toThrow(/no rule is named mean; there are assay, /);
  });

  it('stops at a figure that is not finite, and names the cut', () => {
    const scenario = {
      ...scenarioNamed('calm'),
      moves: [{ asset: 'BTC', bps: NaN, fromMs: 1_000, overMs: 0 } as const],
    };
    const truth = new Truths(1).of(scenario);
    const play = (): unknown =>
      runScenario({ scenario, seed: 1, truth, startAt: START_AT, rules: ['median'], configuration });
    expect(play).toThrow(/the truth is NaN at cut 170000004000, 0\.5 ms into calm/);
  });
});

describe('an emitted run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-lab-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('replays to the prices that the lab judged', async () => {
    const scenario = scenarioNamed('underThreshold');
    const file = join(folder, 'run.ndjson.gz');
    const out = join(folder, 'reports.ndjson');
    await emitRun(file, { scenario, seed: 1, configHash: configuration.configHash });
    await replay({ config: ['config/lab'], in: file, out });
    const truth = new Truths(1).of(scenario);
    const judged = runScenario({ scenario, seed: 1, truth, startAt: START_AT, rules: ['assay'], configuration });
    const reports = readFileSync(out, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly at: number; readonly feed?: string; readonly price?: string });
    const last = reports.findLast(({ feed, at }) => feed === 'BTC/USD' && at <= START_AT + 20_000);
    expect(Number(last?.price)).toBe(judged.tracks[0]!.price[1_000]);
  });

  it('is never written over another', async () => {
    const file = join(folder, 'taken.ndjson');
    writeFileSync(file, '');
    const options = { scenario: scenarioNamed('calm'), seed: 1, configHash: configuration.configHash };
    await expect(emitRun(file, options)).rejects.toThrow(/EEXIST/);
  });
});
