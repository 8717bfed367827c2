import type { Requirement } from '../attacks/scenario';
import { percentile } from './errors';
import type { Score } from './score';

/** What a requirement asks, and what the worst of all seeds was. */
export interface Check {
  readonly required: string;
  readonly seen: string;
  readonly met: boolean;
}

/** Holds the scores of one rule in one scenario, one per seed, against what is required. */
export function judge(required: Requirement, scores: readonly Score[]): Check[] {
  const checks: Check[] = [];
  const atMost = (what: string, unit: string, limit: number | undefined, figure: (score: Score) => number): void => {
    if (limit === undefined) return;
    const worst = Math.max(...scores.map(figure));
    const seen = worst === Infinity ? `${what} never` : `${what} ${rounded(worst)} ${unit}`;
    checks.push({ required: `${what} ≤ ${limit} ${unit}`, seen, met: worst <= limit });
  };
  atMost('error', 'bp', required.errorBps, ({ maxErrorBps }) => maxErrorBps);
  atMost('from clean', 'bp', required.cleanBps, ({ fromCleanBps }) => fromCleanBps ?? Infinity);
  atMost('halted after', 'ms', required.haltWithinMs, ({ haltedAfterMs }) => haltedAfterMs ?? Infinity);
  atMost('flagged after', 'ms', required.flagWithinMs, ({ detectedMs }) => detectedMs ?? Infinity);
  atMost('liquidating until', 'ms', required.noLiquidationWithinMs, ({ liquidatedUntilMs }) => liquidatedUntilMs);
  atMost('band widened', '×', required.widenAtMost, ({ widening }) => widening ?? Infinity);
  atMost('lag p50', 'ms', required.lagP50Ms, ({ lagP50Ms }) => lagP50Ms ?? Infinity);
  atMost('lag p99', 'ms', required.lagP99Ms, ({ lagP99Ms }) => lagP99Ms ?? Infinity);
  atMost('halted', 's', required.neverHalted === true ? 0 : undefined, ({ haltedSeconds }) => haltedSeconds);
  atMost('wrongfully liquidated', 'of 1,000', required.wrongful, ({ wrongful }) => wrongful);
  atMost('ok until', 'ms', required.notOkWithinMs, ({ okUntilMs }) => okUntilMs);
  const { says, neverSays } = required;
  atMost(`${says?.reason ?? ''} said after`, 'ms', says?.withinMs, ({ saidAfterMs }) => saidAfterMs ?? Infinity);
  const never = neverSays === undefined ? undefined : 0;
  atMost(`${neverSays ?? ''} said for`, 's', never, ({ wronglySaidSeconds }) => wronglySaidSeconds);
  atMost('collateral above the truth', 'bp', required.collateralBps, ({ collateralBps }) => collateralBps);
  atMost('earned', 'USD', required.profitUsd, ({ manipulatorUsd }) => manipulatorUsd ?? 0);
  const jumps = scores.flatMap(({ behindMs }) => behindMs);
  atMost('half of a jump p50', 'ms', required.jumpLagP50Ms, () => percentile(jumps, 0.5));
  atMost('half of a jump p99', 'ms', required.jumpLagP99Ms, () => percentile(jumps, 0.99));
  return checks;
}

function rounded(figure: number): string {
  return Math.abs(figure) >= 1e6 ? figure.toExponential(1) : String(Math.round(figure * 10) / 10);
}
