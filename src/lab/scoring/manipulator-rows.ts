import type { Push } from '../run/manipulator';
import { round } from './figures';

/** What pushing books could earn from one rule: the best of every budget on every set of venues. */
export interface ManipulatorRow {
  readonly rule: string;
  /** Gain less cost of the best push; negative where none pays. */
  readonly profitUsd: number;
  readonly budgetUsd: number;
  readonly venues: string;
  readonly errorBps: number;
  /** Cost over gain of the cheapest push that gains anything; `null` where none does. */
  readonly securityRatio: number | null;
}

export function manipulatorRows(pushes: readonly Push[], rules: readonly string[]): ManipulatorRow[] {
  return rules.flatMap((rule) => {
    const own = pushes.filter((push) => push.rule === rule);
    const [best] = own.toSorted((a, b) => profitOf(b) - profitOf(a));
    if (best === undefined) return [];
    const ratios = own.filter(({ gainUsd }) => gainUsd > 0).map(({ costUsd, gainUsd }) => costUsd / gainUsd);
    return [
      {
        rule,
        profitUsd: round(profitOf(best)),
        budgetUsd: best.budgetUsd,
        venues: best.venues.join(' '),
        errorBps: round(best.errorBps),
        securityRatio: ratios.length === 0 ? null : round(Math.min(...ratios)),
      },
    ];
  });
}

function profitOf({ gainUsd, costUsd }: Push): number {
  return gainUsd - costUsd;
}
