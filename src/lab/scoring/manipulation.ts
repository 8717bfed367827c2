import type { Injection } from '../attacks/scenario';
import { LISTINGS, type Asset } from '../run/listings';
import { PROFILES, VENUES, type VenueName } from '../run/venues';

const FEE_BPS = 5;
/** Arbitrageurs put a pushed book back in this time, and so sell the manipulator the same depth again. */
const REFILL_MS = 10_000;
/** What can be borrowed or held open against a feed whose books are as deep as BTC's. */
const OPEN_INTEREST_USD = 10_000_000;

/**
 * What it costs to push the books of an asset as far as the injections do, in USD: half of the way squared times the
 * depth, again with every refill, and the fees. Depth is even along the logarithm of the price; only `shift` is a trade.
 */
export function costToPushUsd(injections: readonly Injection[], asset: Asset): number {
  let cost = 0;
  for (const { who, what, fromMs, toMs } of injections) {
    if (what.kind !== 'shift') continue;
    const bps = distanceBps(what.bps);
    const share = what.pulseMs === undefined ? 1 : 0.5;
    const depth = depthUsdPerBp(
      VENUES.filter((name) => who.includes(name)),
      asset,
    );
    cost += pushes(share * (toMs - fromMs)) * depth * bps * (bps / 2 + FEE_BPS) * 1e-4;
  }
  return cost;
}

/** How far a budget pushes the books of some venues together, for so long, in basis points: the cost solved for it. */
export function pushedBps(budgetUsd: number, venues: readonly VenueName[], forMs: number, asset: Asset): number {
  const reach = (2 * budgetUsd * 1e4) / (pushes(forMs) * depthUsdPerBp(venues, asset));
  return Math.expm1((Math.sqrt(FEE_BPS * FEE_BPS + reach) - FEE_BPS) / 10_000) * 10_000;
}

/** What an error is worth on all that is open in the asset. */
export function gainUsd(errorBps: number, asset: Asset): number {
  return (errorBps / 10_000) * openInterestUsd(asset);
}

/** A profit as a share of the open interest, never less than nothing. */
export function profitShare(profit: number, asset: Asset): number {
  return Math.max(0, profit / openInterestUsd(asset));
}

/** Follows the depth, as any cap must: nobody lends ten millions on three thin books. */
function openInterestUsd(asset: Asset): number {
  return OPEN_INTEREST_USD * LISTINGS[asset].depth;
}

function depthUsdPerBp(venues: readonly VenueName[], asset: Asset): number {
  const { books, depth } = LISTINGS[asset];
  const listed = venues.filter((venue) => books[venue] !== undefined);
  return listed.reduce((sum, venue) => sum + depth * PROFILES[venue].depthUsdPerBp, 0);
}

/** Each per cent of the way costs the same, up to 24-fold as down to a twelfth. */
function distanceBps(bps: number): number {
  return Math.abs(Math.log1p(bps / 10_000)) * 10_000;
}

function pushes(ms: number): number {
  return 1 + ms / REFILL_MS;
}
