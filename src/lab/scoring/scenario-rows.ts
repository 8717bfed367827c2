import type { Scenario } from '../attacks/scenario';
import { percentile } from './errors';
import { average, round } from './figures';
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
  readonly errorBpsSecondsLiquidate: number;
  readonly wrongfulLiquidations: number;
  readonly badDebtBps: number;
  readonly lagP50Ms: number | null;
  readonly lagP99Ms: number | null;
  readonly bestFitLagMs: number | null;
  /** From a jump, over all jumps of all seeds. */
  readonly stepT50Ms: number | null;
  readonly stepT90Ms: number | null;
  /** Until half of a jump, behind the majority's weight. */
  readonly jumpLagMsP50: number | null;
  readonly jumpLagMsP99: number | null;
  readonly haltedSeconds: number;
  readonly falseHaltSeconds: number;
  readonly missedHaltSeconds: number;
  readonly detectedMsP50: number | null;
  readonly detectedMsP99: number | null;
  readonly meanCoverage: number | null;
  readonly meanIntervalScoreBps: number | null;
  readonly manipulatorUsd: number | null;
  readonly meanLoss: number;
}

export function scenarioRow(
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
  const worstKnown = (of: (score: Score) => number | undefined): number | null =>
    over(known(of), (values) => Math.max(...values));
  const share = (of: number) => (values: readonly number[]) => percentile(values, of);
  const detected = known(({ detectedMs }) => detectedMs);
  const pooled = (of: (score: Score) => readonly number[]): number[] => scores.flatMap(of);
  const banded = scores.reduce((sum, { coverage }) => sum + coverage.banded, 0);
  const held = scores.reduce((sum, { coverage }) => sum + coverage.held, 0);
  return {
    scenario: name,
    rule,
    captured,
    met: judge(required, scores).every(({ met }) => met),
    maxErrorBps: worst(({ maxErrorBps }) => maxErrorBps),
    maxErrorLiquidateBps: worst(({ maxErrorLiquidateBps }) => maxErrorLiquidateBps),
    maxErrorUnflaggedBps: worst(({ maxErrorUnflaggedBps }) => maxErrorUnflaggedBps),
    errorBpsSeconds: worst(({ errorBpsSeconds }) => errorBpsSeconds),
    errorBpsSecondsLiquidate: worst(({ errorBpsSecondsLiquidate }) => errorBpsSecondsLiquidate),
    wrongfulLiquidations: worst(({ wrongful }) => wrongful),
    badDebtBps: worst(({ badDebtBps }) => badDebtBps),
    lagP50Ms: worstKnown(({ lagP50Ms }) => lagP50Ms),
    lagP99Ms: worstKnown(({ lagP99Ms }) => lagP99Ms),
    bestFitLagMs: worstKnown(({ bestFitLagMs }) => bestFitLagMs),
    stepT50Ms: over(
      pooled(({ t50Ms }) => t50Ms),
      share(0.5),
    ),
    stepT90Ms: over(
      pooled(({ t90Ms }) => t90Ms),
      share(0.5),
    ),
    jumpLagMsP50: over(
      pooled(({ behindMs }) => behindMs),
      share(0.5),
    ),
    jumpLagMsP99: over(
      pooled(({ behindMs }) => behindMs),
      share(0.99),
    ),
    haltedSeconds: worst(({ haltedSeconds }) => haltedSeconds),
    falseHaltSeconds: worst(({ falseHaltSeconds }) => falseHaltSeconds),
    missedHaltSeconds: worst(({ missedHaltSeconds }) => missedHaltSeconds),
    detectedMsP50: over(detected, share(0.5)),
    detectedMsP99: over(detected, share(0.99)),
    meanCoverage: banded === 0 ? null : round(held / banded),
    meanIntervalScoreBps: over(
      known(({ intervalScoreBps }) => intervalScoreBps),
      average,
    ),
    manipulatorUsd: worstKnown(({ manipulatorUsd }) => manipulatorUsd),
    meanLoss: round(average(scores.map(lossOf))),
  };
}
