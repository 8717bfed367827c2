import type { Scenario } from '../attacks/scenario';
import { catalogueRows, type CatalogueRow } from './catalogue-rows';
import { composite, gates, loss, type RuleRow } from './composite';
import { coverageRows, type CoverageRow } from './coverage-rows';
import type { Findings } from './findings';
import { profitShare } from './manipulation';
import { manipulatorRows, type ManipulatorRow } from './manipulator-rows';
import { scenarioRow, type ScenarioRow } from './scenario-rows';
import type { Score } from './score';
import { targetRows, type TargetRow } from './targets';

export interface LabResult {
  readonly seeds: readonly number[];
  /** By how much Pyth's bands had to be stretched to hold 99 in 100 on the tuning seeds; `null` where nobody asked. */
  readonly pythStretch: number | null;
  readonly rules: readonly RuleRow[];
  /** Every target of the laboratory, as Assay met it. */
  readonly targets: readonly TargetRow[];
  readonly coverage: readonly CoverageRow[];
  readonly manipulator: readonly ManipulatorRow[];
  readonly scenarios: readonly ScenarioRow[];
  /** All forty, as Assay met them. */
  readonly catalogue: readonly CatalogueRow[];
}

export function summarise(findings: Findings): LabResult {
  const { scenarios, rules, scores, pushes, pythStretch } = findings;
  const pyth = new Map(scores.filter(({ rule }) => rule === 'pyth').map((score) => [runOf(score), score]));
  const byName = new Map(scenarios.map((scenario) => [scenario.name, scenario]));
  const manipulator = manipulatorRows(pushes, rules);
  const profits = new Map(manipulator.map(({ rule, profitUsd }) => [rule, profitShare(profitUsd, 'BTC')]));
  const lossOf = (score: Score): number => {
    const own = profitShare(score.manipulatorUsd ?? 0, byName.get(score.scenario)?.judged ?? 'BTC');
    const yardsticks = {
      pythBps: pyth.get(runOf(score))?.intervalScoreBps,
      profitShare: Math.max(own, profits.get(score.rule) ?? 0),
    };
    return loss(score, yardsticks);
  };
  const seeds = [...new Set(scores.map(({ seed }) => seed))];
  const ruleRows = rules.map((rule): RuleRow => {
    const own = scores.filter((score) => score.rule === rule);
    const captured = (score: Score): Scenario['captured'] => byName.get(score.scenario)?.captured ?? 'nothing';
    const gatedBy = gates(own.map((score) => ({ score, captured: captured(score) })));
    const bySeed = seeds.map((seed) => own.filter((score) => score.seed === seed).map(lossOf));
    return { rule, ...composite(bySeed, gatedBy) };
  });
  const catalogue = catalogueRows(findings);
  const coverage = coverageRows(scores, scenarios);
  return {
    seeds,
    pythStretch: pythStretch ?? null,
    rules: ruleRows,
    targets: targetRows({ scores, scenarios, rules: ruleRows, coverage, manipulator, catalogue }),
    coverage,
    manipulator,
    scenarios: scenarios.flatMap((scenario) =>
      rules.map((rule) => {
        const own = scores.filter((score) => score.rule === rule && score.scenario === scenario.name);
        return scenarioRow(scenario, rule, own, lossOf);
      }),
    ),
    catalogue,
  };
}

function runOf({ scenario, seed }: Score): string {
  return `${scenario} ${seed}`;
}
