import type { Configuration } from '../../platform/config/configuration';
import { inject, scenario, shift } from '../attacks/build';
import { measureErrors } from '../scoring/errors';
import { costToPushUsd, gainUsd, pushedBps } from '../scoring/manipulation';
import { START_AT, Truths } from './lab';
import { runScenario } from './run-scenario';
import { VENUES, type VenueName } from './venues';

/** In US dollars, from what anyone has to what few have. */
const BUDGETS_USD = [1e5, 3e5, 1e6, 3e6, 1e7, 3e7, 1e8] as const;
const PUSH_FROM_MS = 500;
/** Longer than the slowest of those that publish by the second is silent. */
const PUSH_MS = 4_000;
/** Nobody pays more than a doubling costs. */
const MAX_BPS = 10_000;
/** What is within the noise is no gain. */
const NOISE_BPS = 5;

/** One budget spent on some venues' books of BTC at once, and what it came to against one rule. */
export interface Push {
  readonly rule: string;
  readonly venues: readonly VenueName[];
  readonly budgetUsd: number;
  readonly pushedBps: number;
  /** Furthest from the truth where liquidation was permitted. */
  readonly errorBps: number;
  readonly costUsd: number;
  readonly gainUsd: number;
}

export interface PushOptions {
  readonly configuration: Configuration;
  readonly rules: readonly string[];
  readonly seed: number;
  readonly subsets: readonly (readonly VenueName[])[];
}

/** Every set of venues that somebody could push together: 127 of seven. */
export const VENUE_SUBSETS: readonly (readonly VenueName[])[] = Array.from(
  { length: (1 << VENUES.length) - 1 },
  (_, index) => VENUES.filter((_venue, bit) => (((index + 1) >> bit) & 1) === 1),
);

/** Every budget on every one of the subsets, each in a market of its own. */
export function push({ configuration, rules, seed, subsets }: PushOptions): Push[] {
  const truth = new Truths(seed).of({});
  return subsets.flatMap((venues) =>
    BUDGETS_USD.flatMap((budgetUsd) => {
      const bps = Math.min(MAX_BPS, pushedBps(budgetUsd, venues, PUSH_MS, 'BTC'));
      const injections = [inject(venues, shift(bps), { from: PUSH_FROM_MS, to: PUSH_FROM_MS + PUSH_MS })];
      const pushed = scenario({
        name: `${budgetUsd} USD on ${venues.join(', ')}`,
        about: '',
        captured: 'nothing',
        required: {},
        injections,
        durationMs: PUSH_FROM_MS + PUSH_MS,
      });
      const options = { scenario: pushed, seed, truth, startAt: START_AT, configuration };
      const { tape, tracks } = runScenario({ ...options, rules, isJudgedAlone: true });
      return tracks.map((track) => {
        const { maxErrorLiquidateBps } = measureErrors(tape, track, 0);
        return {
          rule: track.rule,
          venues,
          budgetUsd,
          pushedBps: bps,
          errorBps: maxErrorLiquidateBps,
          costUsd: costToPushUsd(injections, 'BTC'),
          gainUsd: gainUsd(Math.max(0, maxErrorLiquidateBps - NOISE_BPS), 'BTC'),
        };
      });
    }),
  );
}
