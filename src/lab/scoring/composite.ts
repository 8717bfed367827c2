import type { Captured } from '../attacks/scenario';
import { Random } from '../market/random';
import { percentile } from './errors';
import type { Score } from './score';

/** A figure, the share of the score that it decides, and where it is as bad as can be. */
const TERMS = {
  wrongful: { weight: 0.25, cap: 5 },
  errorBpsSeconds: { weight: 0.15, cap: 3_000 },
  maxErrorBps: { weight: 0.1, cap: 100 },
  badDebtBps: { weight: 0.15, cap: 20 },
  lagMs: { weight: 0.1, cap: 2_000 },
  falseHaltSeconds: { weight: 0.05, cap: 30 },
  missedHaltSeconds: { weight: 0.1, cap: 5 },
  /** Against four times what Pyth's band scores in the same run. */
  intervalScore: { weight: 0.05, cap: 4 },
  /** Of the open interest. */
  profit: { weight: 0.05, cap: 0.01 },
} as const;

/** Longer than this halted against an honest quorum, and the scenario is lost: halting is no way to win. */
const MAX_FALSE_HALT_SECONDS = 5;
const RESAMPLES = 1_000;

/** What a run's figures are held against. */
export interface Yardsticks {
  /** Pyth's interval score in the same run. */
  readonly pythBps: number | undefined;
  /** The most that a manipulator of this rule can make, as a share of the open interest. */
  readonly profitShare: number;
}

/** What one run takes from the score: 0 is perfect, 1 as bad as can be. */
export function loss(score: Score, { pythBps, profitShare }: Yardsticks): number {
  if (score.falseHaltSeconds > MAX_FALSE_HALT_SECONDS) return 1;
  const figures: Readonly<Record<keyof typeof TERMS, number>> = {
    wrongful: score.wrongful,
    errorBpsSeconds: score.errorBpsSeconds,
    maxErrorBps: score.maxErrorBps,
    badDebtBps: score.badDebtBps,
    lagMs: score.lagP99Ms ?? percentile(score.behindMs, 0.99),
    falseHaltSeconds: score.falseHaltSeconds,
    missedHaltSeconds: score.missedHaltSeconds,
    intervalScore: score.intervalScoreBps === undefined || pythBps === undefined ? 0 : score.intervalScoreBps / pythBps,
    profit: profitShare,
  };
  let sum = 0;
  for (const [name, { weight, cap }] of Object.entries(TERMS)) {
    sum += weight * Math.min(figures[name as keyof typeof TERMS] / cap, 1);
  }
  return sum;
}

/** 100 less half of the mean loss and half of the mean of the worst tenth (at least one). */
export function compositeOf(losses: readonly number[]): number {
  const worst = losses.toSorted((a, b) => b - a).slice(0, Math.max(1, Math.round(losses.length / 10)));
  return 100 * (1 - average(losses) / 2 - average(worst) / 2);
}

/** Losses that no average may hide: the scenarios for which the composite is 0. */
export function gates(scores: readonly { readonly score: Score; readonly captured: Captured }[]): string[] {
  const closed = scores.filter(
    ({ score, captured }) =>
      score.hasImpossiblePrice || (score.wrongfulUnflagged > 0 && (captured === 'minority' || captured === 'nothing')),
  );
  return [...new Set(closed.map(({ score }) => score.scenario))];
}

interface Composite {
  readonly composite: number;
  /** What it would be without the gates. */
  readonly ungated: number;
  readonly gatedBy: readonly string[];
  /** Of 95 in 100 resamples of the seeds. */
  readonly low: number;
  readonly high: number;
}

export type RuleRow = { readonly rule: string } & Composite;

/** `lossesBySeed`: one list per seed, of the losses of its scenarios. */
export function composite(lossesBySeed: readonly (readonly number[])[], gatedBy: readonly string[]): Composite {
  const ungated = compositeOf(lossesBySeed.flat());
  if (gatedBy.length > 0) return { composite: 0, low: 0, high: 0, ungated, gatedBy };
  const random = new Random(1);
  const resampled = Array.from({ length: lossesBySeed.length < 2 ? 1 : RESAMPLES }, () =>
    compositeOf(
      lossesBySeed.flatMap((own) =>
        lossesBySeed.length < 2 ? own : (lossesBySeed[Math.floor(random.uniform() * lossesBySeed.length)] ?? []),
      ),
    ),
  ).sort((a, b) => a - b);
  return {
    composite: ungated,
    low: resampled[Math.floor(0.025 * resampled.length)] ?? NaN,
    high: resampled[Math.floor(0.975 * (resampled.length - 1))] ?? NaN,
    ungated,
    gatedBy,
  };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
