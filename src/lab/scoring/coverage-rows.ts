import type { Scenario } from '../attacks/scenario';
import type { Coverage } from './bands';
import { average, round } from './figures';
import type { Score } from './score';

/** Markets in which a band must hold what it says, each by itself: a wide one in one makes up for nothing in another. */
export const CLASSES = ['calm', 'jumps', 'minority'] as const;
export type Class = (typeof CLASSES)[number];

export interface CoverageRow {
  readonly rule: string;
  readonly class: Class;
  /** Share of the answers with a band whose band held the truth, wherever not halted; `null` without any. */
  readonly coverage: number | null;
  /** The same where liquidation is permitted. */
  readonly coverageLiquidate: number | null;
  readonly meanIntervalScoreBps: number | null;
  /** Of bands that were stretched to hold 99 in 100 on the tuning seeds: Pyth's alone. */
  readonly stretchedScoreBps: number | null;
}

export function classOf({ name, captured }: Pick<Scenario, 'name' | 'captured'>): Class | undefined {
  if (name === 'calm' || name === 'jumps') return name;
  return captured === 'minority' ? 'minority' : undefined;
}

/** Every rule that states a band, in every class that was played. */
export function coverageRows(scores: readonly Score[], scenarios: readonly Scenario[]): CoverageRow[] {
  const classes = new Map(scenarios.map((scenario) => [scenario.name, classOf(scenario)]));
  const rules = [...new Set(scores.filter(({ coverage }) => coverage.banded > 0).map(({ rule }) => rule))];
  return rules.flatMap((rule) =>
    CLASSES.flatMap((name) => {
      const own = scores.filter((score) => score.rule === rule && classes.get(score.scenario) === name);
      if (own.length === 0) return [];
      return [
        {
          rule,
          class: name,
          coverage: shareHeld(own.map(({ coverage }) => coverage)),
          coverageLiquidate: shareHeld(own.map(({ coverageLiquidate }) => coverageLiquidate)),
          meanIntervalScoreBps: meanOf(own.map(({ intervalScoreBps }) => intervalScoreBps)),
          stretchedScoreBps: meanOf(own.map(({ stretchedScoreBps }) => stretchedScoreBps)),
        },
      ];
    }),
  );
}

function shareHeld(all: readonly Coverage[]): number | null {
  const banded = all.reduce((sum, each) => sum + each.banded, 0);
  const held = all.reduce((sum, each) => sum + each.held, 0);
  return banded === 0 ? null : round(held / banded);
}

function meanOf(values: readonly (number | undefined)[]): number | null {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? null : round(average(known));
}
