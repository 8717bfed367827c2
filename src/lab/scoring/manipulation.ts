import type { Injection } from '../attacks/scenario';
import { PROFILES, VENUES } from '../run/venues';

const FEE_BPS = 5;
/** Arbitrageurs put a pushed book back in this time, and so sell the manipulator the same depth again. */
const REFILL_MS = 10_000;
/** What can be borrowed or held open against the feed. */
const OPEN_INTEREST_USD = 10_000_000;

/**
 * What it costs to push the books as far as the injections do, in USD: half of the way squared times the depth, again
 * with every refill, and the fees. Simplified: depth is linear, one budget, and only where `shift` is a trade.
 */
export function costToPushUsd(injections: readonly Injection[]): number {
  let cost = 0;
  for (const { who, what, fromMs, toMs } of injections) {
    if (what.kind !== 'shift') continue;
    const bps = Math.abs(what.bps);
    const share = what.pulseMs === undefined ? 1 : 0.5;
    const pushes = 1 + (share * (toMs - fromMs)) / REFILL_MS;
    for (const venue of VENUES.filter((name) => who.includes(name))) {
      const traded = PROFILES[venue].depthUsdPerBp * bps;
      cost += pushes * ((traded * bps) / 2 + traded * FEE_BPS) * 1e-4;
    }
  }
  return cost;
}

/** What it can earn: the largest error by which a position could be closed or collateral counted, on all that is open. */
export function profitUsd(injections: readonly Injection[], maxErrorBps: number): number {
  return (maxErrorBps / 10_000) * OPEN_INTEREST_USD - costToPushUsd(injections);
}

/** A profit as a share of the open interest, never less than nothing. */
export function profitShare(profit: number): number {
  return Math.max(0, profit / OPEN_INTEREST_USD);
}
