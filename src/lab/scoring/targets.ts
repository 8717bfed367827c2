import type { Scenario } from '../attacks/scenario';
import type { CatalogueRow } from './catalogue-rows';
import type { RuleRow } from './composite';
import { CLASSES, type CoverageRow } from './coverage-rows';
import { percentile } from './errors';
import { average, brief } from './figures';
import type { ManipulatorRow } from './manipulator-rows';
import type { Score } from './score';

/** One line of what the laboratory asks of Assay. */
export interface TargetRow {
  readonly target: string;
  readonly required: string;
  readonly seen: string;
  /** `null` where nothing was run that could tell. */
  readonly met: boolean | null;
}

interface Evidence {
  readonly scores: readonly Score[];
  readonly scenarios: readonly Scenario[];
  readonly rules: readonly RuleRow[];
  readonly coverage: readonly CoverageRow[];
  readonly manipulator: readonly ManipulatorRow[];
  readonly catalogue: readonly CatalogueRow[];
}

type Figure = (score: Score) => number;

/** Scenarios that ask for as much lose both majorities at once, before an anchor. */
const HALT_MS = 1_000;
const DAY_SECONDS = 86_400;
const LIQUIDATE = 'where liquidation is permitted';
const NOT_HALTED = 'wherever not halted';

/** Every target, each with the worst of all seeds. */
export function targetRows(evidence: Evidence): TargetRow[] {
  const { scenarios } = evidence;
  const own = evidence.scores.filter(({ rule }) => rule === 'assay');
  const of = (holds: (scenario: Scenario) => boolean): Score[] => {
    const names = new Set(scenarios.filter(holds).map(({ name }) => name));
    return own.filter(({ scenario }) => names.has(scenario));
  };
  const minority = of(({ captured }) => captured === 'minority');
  const oneLost = of(({ captured, required }) => isOne(captured) && required.noLiquidationWithinMs !== undefined);
  const witnessed = of(
    ({ captured, required }) => captured === 'both' && (required.haltWithinMs ?? Infinity) <= HALT_MS,
  );
  const unwitnessed = of(({ required }) => required.says?.reason === 'unwitnessed');
  const real = of(({ injections }) => injections.length === 0);
  return [
    atMost('minority: worst error', 10, 'bp', LIQUIDATE, minority, ({ maxErrorLiquidateBps }) => maxErrorLiquidateBps),
    atMost('minority: worst error', 10, 'bp', NOT_HALTED, minority, ({ maxErrorBps }) => maxErrorBps),
    atMost('minority: error over time', 100, 'bp·s', LIQUIDATE, minority, (score) => score.errorBpsSecondsLiquidate),
    atMost('minority: error over time', 100, 'bp·s', NOT_HALTED, minority, ({ errorBpsSeconds }) => errorBpsSeconds),
    atMost('minority: wrongful liquidations', 0, 'of 1,000', '', minority, ({ wrongful }) => wrongful),
    atMost('one majority lost: liquidating until', 500, 'ms', '', oneLost, (score) => score.liquidatedUntilMs),
    atMost('one majority lost: worst error', 25, 'bp', LIQUIDATE, oneLost, (score) => score.maxErrorLiquidateBps),
    atMost('one majority lost: worst error', 25, 'bp', NOT_HALTED, oneLost, ({ maxErrorBps }) => maxErrorBps),
    atMost(
      'both lost, witnessed: halted after',
      HALT_MS,
      'ms',
      '',
      witnessed,
      (score) => score.haltedAfterMs ?? Infinity,
    ),
    atMost(
      'both lost, unwitnessed: said after',
      1_000,
      'ms',
      '',
      unwitnessed,
      (score) => score.saidAfterMs ?? Infinity,
    ),
    ...jumpRows(of(({ name }) => name === 'jumps')),
    atMost('a real crash: lag p50', 100, 'ms', '', of(isCrash), ({ lagP50Ms }) => lagP50Ms ?? Infinity),
    atMost('a real crash: lag p99', 300, 'ms', '', of(isCrash), ({ lagP99Ms }) => lagP99Ms ?? Infinity),
    falseHalts(real, scenarios),
    ...coverageTargets(evidence.coverage),
    intervalTarget(evidence.coverage),
    ...manipulatorTargets(evidence.manipulator),
    ...compositeTargets(evidence.rules),
    forty(evidence.catalogue),
  ];
}

function isOne(captured: Scenario['captured']): boolean {
  return captured === 'count' || captured === 'weight';
}

function isCrash({ name }: Scenario): boolean {
  return name === 'crash';
}

function atMost(
  target: string,
  limit: number,
  unit: string,
  where: string,
  scores: readonly Score[],
  figure: Figure,
): TargetRow {
  const named = where === '' ? target : `${target}, ${where}`;
  const required = `≤ ${limit} ${unit}`;
  if (scores.length === 0) return { target: named, required, seen: 'not run', met: null };
  const worst = scores.reduce((most, score) => (figure(score) > figure(most) ? score : most));
  const value = figure(worst);
  const seen = value === Infinity ? 'never' : `${brief(value)} ${unit}`;
  return { target: named, required, seen: `${seen} (${worst.scenario}, seed ${worst.seed})`, met: value <= limit };
}

function jumpRows(scores: readonly Score[]): TargetRow[] {
  const lags = scores.flatMap(({ behindMs }) => behindMs);
  return [['p50', 0.5, 100] as const, ['p99', 0.99, 300] as const].map(([name, share, limit]) => {
    const value = percentile(lags, share);
    const seen = lags.length === 0 ? 'not run' : `${brief(value)} ms (${lags.length} jumps)`;
    const target = `jumps: half of one made, behind the majority's weight, ${name}`;
    return { target, required: `≤ ${limit} ms`, seen, met: lags.length === 0 ? null : value <= limit };
  });
}

function falseHalts(scores: readonly Score[], scenarios: readonly Scenario[]): TargetRow {
  const target = 'real markets: false halts';
  const required = '≤ 1 s a day';
  if (scores.length === 0) return { target, required, seen: 'not run', met: null };
  const lengths = new Map(scenarios.map(({ name, durationMs }) => [name, durationMs / 1_000]));
  const seconds = scores.reduce((sum, { scenario }) => sum + (lengths.get(scenario) ?? 0), 0);
  const halted = scores.reduce((sum, { falseHaltSeconds }) => sum + falseHaltSeconds, 0);
  const aDay = (halted / seconds) * DAY_SECONDS;
  const where = [...new Set(scores.filter((score) => score.falseHaltSeconds > 0).map(({ scenario }) => scenario))];
  const seen = `${brief(aDay)} s (${brief(halted)} in ${brief(seconds)} s${where.map((name) => `, ${name}`).join('')})`;
  return { target, required, seen, met: aDay <= 1 };
}

function coverageTargets(rows: readonly CoverageRow[]): TargetRow[] {
  const required = '98.5 to 99.5 %';
  return CLASSES.flatMap((name) =>
    [['coverageLiquidate', LIQUIDATE] as const, ['coverage', NOT_HALTED] as const].map(([figure, where]) => {
      const share = rows.find((row) => row.rule === 'assay' && row.class === name)?.[figure] ?? null;
      const target = `coverage, ${name}, ${where}`;
      if (share === null) return { target, required, seen: 'not run', met: null };
      return { target, required, seen: `${(100 * share).toFixed(2)} %`, met: share >= 0.985 && share <= 0.995 };
    }),
  );
}

function intervalTarget(rows: readonly CoverageRow[]): TargetRow {
  const target = "interval score, against Pyth's stretched to 99 %, mean of calm, jumps and minority";
  const required = '≤ 0.8';
  const ratios = CLASSES.flatMap((name) => {
    const own = rows.find((row) => row.rule === 'assay' && row.class === name)?.meanIntervalScoreBps ?? null;
    const pyth = rows.find((row) => row.rule === 'pyth' && row.class === name)?.stretchedScoreBps ?? null;
    return own === null || pyth === null ? [] : [{ own, pyth }];
  });
  if (ratios.length < CLASSES.length) return { target, required, seen: 'not run', met: null };
  const ratio = average(ratios.map(({ own }) => own)) / average(ratios.map(({ pyth }) => pyth));
  const each = CLASSES.map((name, index) => `${name} ${ratioOf(ratios[index]).toFixed(2)}`).join(', ');
  return { target, required, seen: `${ratio.toFixed(2)} (${each})`, met: ratio <= 0.8 };
}

function ratioOf(pair: { readonly own: number; readonly pyth: number } | undefined): number {
  return pair === undefined ? NaN : pair.own / pair.pyth;
}

function manipulatorTargets(rows: readonly ManipulatorRow[]): TargetRow[] {
  const own = rows.find(({ rule }) => rule === 'assay');
  const where = own === undefined ? '' : ` (${own.budgetUsd} USD on ${own.venues}: ${brief(own.errorBps)} bp)`;
  const ratio = own?.securityRatio ?? Infinity;
  return [
    {
      target: "a manipulator's profit, every budget on every set of venues",
      required: '≤ 0 USD',
      seen: own === undefined ? 'not run' : `${brief(own.profitUsd)} USD${where}`,
      met: own === undefined ? null : own.profitUsd <= 0,
    },
    {
      target: 'what a push costs, over what it gains',
      required: '≥ 3',
      seen: own === undefined ? 'not run' : ratio === Infinity ? 'no push gains' : brief(ratio),
      met: own === undefined ? null : ratio >= 3,
    },
  ];
}

function compositeTargets(rules: readonly RuleRow[]): TargetRow[] {
  const own = rules.find(({ rule }) => rule === 'assay');
  const [best] = rules.filter(({ rule }) => rule !== 'assay').sort((a, b) => b.ungated - a.ungated);
  const lead = own === undefined || best === undefined ? undefined : own.composite - best.composite;
  return [
    {
      target: 'composite',
      required: '≥ 90',
      seen:
        own === undefined
          ? 'not run'
          : `${own.composite.toFixed(1)} (${own.low.toFixed(1)} to ${own.high.toFixed(1)}; ungated ${own.ungated.toFixed(1)})`,
      met: own === undefined ? null : own.low >= 90,
    },
    {
      target: 'composite above the best other rule',
      required: '≥ 10',
      seen:
        lead === undefined
          ? 'not run'
          : `${lead.toFixed(1)} (${best?.rule ?? ''}; ${((own?.ungated ?? NaN) - (best?.ungated ?? NaN)).toFixed(1)} without the gates)`,
      met: own === undefined || best === undefined ? null : own.low - best.high >= 10,
    },
  ];
}

function forty(catalogue: readonly CatalogueRow[]): TargetRow {
  const met = catalogue.filter((row) => row.met === true).length;
  const run = catalogue.filter((row) => row.met !== null).length;
  const seen = `${met} of ${run} that were run`;
  return { target: 'the forty faults', required: '40', seen, met: run < catalogue.length ? null : met === run };
}
