import { CATALOGUE } from '../attacks/catalogue';
import type { Scenario } from '../attacks/scenario';
import { composite, gates, loss, type Composite } from './composite';
import { percentile } from './errors';
import { judge } from './judge';
import type { Score } from './score';

/** One rule in one scenario over all seeds: the worst of them unless the name says otherwise. `null`: not applicable. */
export interface ScenarioRow {
  readonly scenario: string;
  readonly rule: string;
  readonly captured: string;
  readonly met: boolean;
  readonly maxErrorBps: number;
  readonly maxErrorLiquidateBps: number;
  readonly maxErrorUnflaggedBps: number;
  readonly errorBpsSeconds: number;
  readonly wrongfulLiquidations: number;
  readonly badDebtBps: number;
  readonly lagP50Ms: number | null;
  readonly lagP99Ms: number | null;
  readonly falseHaltSeconds: number;
  readonly missedHaltSeconds: number;
  readonly detectedMsP50: number | null;
  readonly detectedMsP99: number | null;
  readonly meanCoverage: number | null;
  readonly meanIntervalScoreBps: number | null;
  readonly manipulatorUsd: number | null;
  readonly meanLoss: number;
}

export interface CatalogueRow {
  readonly number: number;
  readonly fault: string;
  readonly required: string;
  readonly scenario: string | null;
  readonly seen: string;
  /** `null` where nothing was run. */
  readonly met: boolean | null;
  readonly why: string;
}

export interface LabResult {
  readonly rules: readonly ({ readonly rule: string } & Composite)[];
  readonly scenarios: readonly ScenarioRow[];
  /** All forty, as Assay met them. */
  readonly catalogue: readonly CatalogueRow[];
}

/** `scores` may hold more rules than are asked for: Pyth's are the measure of bands. */
export function summarise(
  scores: readonly Score[],
  scenarios: readonly Scenario[],
  rules: readonly string[],
): LabResult {
  const pyth = new Map(scores.filter(({ rule }) => rule === 'pyth').map((score) => [runOf(score), score]));
  const lossOf = (score: Score): number => loss(score, pyth.get(runOf(score))?.intervalScoreBps);
  const byName = new Map(scenarios.map((scenario) => [scenario.name, scenario]));
  const seeds = [...new Set(scores.map(({ seed }) => seed))];
  return {
    rules: rules.map((rule) => {
      const own = scores.filter((score) => score.rule === rule);
      const gatedBy = gates(
        own.map((score) => ({ score, captured: byName.get(score.scenario)?.captured ?? 'nothing' })),
      );
      const bySeed = seeds.map((seed) => own.filter((score) => score.seed === seed).map(lossOf));
      return { rule, ...composite(bySeed, gatedBy) };
    }),
    scenarios: scenarios.flatMap((scenario) =>
      rules.map((rule) => {
        const own = scores.filter((score) => score.rule === rule && score.scenario === scenario.name);
        return scenarioRow(scenario, rule, own, lossOf);
      }),
    ),
    catalogue: catalogueRows(scores, byName),
  };
}

function runOf({ scenario, seed }: Score): string {
  return `${scenario} ${seed}`;
}

function scenarioRow(
  { name, captured, required }: Scenario,
  rule: string,
  scores: readonly Score[],
  lossOf: (score: Score) => number,
): ScenarioRow {
  const worst = (of: (score: Score) => number): number => round(Math.max(...scores.map(of)));
  const known = (of: (score: Score) => number | undefined): number[] =>
    scores.map(of).filter((value) => value !== undefined);
  const over = (values: readonly number[], of: (values: readonly number[]) => number): number | null =>
    values.length === 0 ? null : round(of(values));
  const detected = known(({ detectedMs }) => detectedMs);
  return {
    scenario: name,
    rule,
    captured,
    met: judge(required, scores).every(({ met }) => met),
    maxErrorBps: worst(({ maxErrorBps }) => maxErrorBps),
    maxErrorLiquidateBps: worst(({ maxErrorLiquidateBps }) => maxErrorLiquidateBps),
    maxErrorUnflaggedBps: worst(({ maxErrorUnflaggedBps }) => maxErrorUnflaggedBps),
    errorBpsSeconds: worst(({ errorBpsSeconds }) => errorBpsSeconds),
    wrongfulLiquidations: worst(({ wrongful }) => wrongful),
    badDebtBps: worst(({ badDebtBps }) => badDebtBps),
    lagP50Ms: over(
      known(({ lagP50Ms }) => lagP50Ms),
      maximum,
    ),
    lagP99Ms: over(
      known(({ lagP99Ms }) => lagP99Ms),
      maximum,
    ),
    falseHaltSeconds: worst(({ falseHaltSeconds }) => falseHaltSeconds),
    missedHaltSeconds: worst(({ missedHaltSeconds }) => missedHaltSeconds),
    detectedMsP50: over(detected, (values) => percentile(values, 0.5)),
    detectedMsP99: over(detected, (values) => percentile(values, 0.99)),
    meanCoverage: over(
      known(({ coverage }) => coverage),
      average,
    ),
    meanIntervalScoreBps: over(
      known(({ intervalScoreBps }) => intervalScoreBps),
      average,
    ),
    manipulatorUsd: over(
      known(({ manipulatorUsd }) => manipulatorUsd),
      maximum,
    ),
    meanLoss: round(average(scores.map(lossOf))),
  };
}

function catalogueRows(scores: readonly Score[], scenarios: ReadonlyMap<string, Scenario>): CatalogueRow[] {
  return CATALOGUE.map(({ number, fault, required, scenario, lacking }) => {
    const row = { number, fault, required, scenario: scenario ?? null };
    if (scenario === undefined) return { ...row, seen: 'not modelled yet', met: null, why: `lacks ${lacking ?? ''}` };
    const played = scenarios.get(scenario);
    const own = scores.filter((score) => score.rule === 'assay' && score.scenario === scenario);
    if (played === undefined || own.length === 0) return { ...row, seen: 'not run', met: null, why: 'not asked for' };
    const checks = judge(played.required, own);
    const missed = checks.filter(({ met }) => !met);
    return {
      ...row,
      seen: checks.map(({ seen }) => seen).join('; '),
      met: missed.length === 0,
      why: missed.map((check) => `${check.seen}, required ${check.required}`).join('; '),
    };
  });
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function maximum(values: readonly number[]): number {
  return Math.max(...values);
}

/** Four decimals say all there is to know, and the same on every machine. */
function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
