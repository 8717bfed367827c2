import type { Requirement } from '../attacks/scenario';
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
  return checks;
}

function rounded(figure: number): string {
  return String(Math.round(figure * 10) / 10);
}
