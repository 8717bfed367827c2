import type { PackedStanding } from '../../oracle/reporting/packed-group';
import { cutInstant, type EpochMs } from '../../oracle/units/time';
import type { RelayStore } from '../../platform/config/relay-configuration';

/** When a store is to be told anew. */
export type PushPolicy = Pick<RelayStore, 'heartbeatMs' | 'deviationBps'>;

/** Why a group is to be pushed. `place` is that of the feed. */
export type Cause =
  | { readonly kind: 'empty' }
  | { readonly kind: 'status'; readonly place: number; readonly from: number; readonly to: number }
  | { readonly kind: 'deviation'; readonly place: number; readonly bps: number }
  | { readonly kind: 'heartbeat'; readonly ageMs: number };

/**
 * Whether the store has to be told, and why: first what changes what one may do, then what moved, then what is old. By
 * the machine's own clock, so that a heartbeat falls due even while nothing newer is on offer.
 */
export function causeToPush(
  stored: PackedStanding | undefined,
  offered: PackedStanding,
  policy: PushPolicy,
  now: EpochMs,
): Cause | undefined {
  if (stored === undefined) return { kind: 'empty' };
  return changedStatus(stored, offered) ?? movedPrice(stored, offered, policy) ?? overdue(stored, policy, now);
}

function changedStatus(stored: PackedStanding, offered: PackedStanding): Cause | undefined {
  const place = offered.feeds.findIndex(({ status }, each) => status !== stored.feeds[each]?.status);
  const [from, to] = [stored.feeds[place]?.status, offered.feeds[place]?.status];
  return from === undefined || to === undefined ? undefined : { kind: 'status', place, from, to };
}

/** The feed that moved the furthest beyond its own limit. */
function movedPrice(stored: PackedStanding, offered: PackedStanding, policy: PushPolicy): Cause | undefined {
  let furthest: Cause | undefined;
  let excess = 1;
  for (const [place, { price }] of offered.feeds.entries()) {
    const before = stored.feeds[place]?.price;
    const limit = policy.deviationBps[place];
    if (price === undefined || before === undefined || limit === undefined) continue;
    const bps = (Math.abs(price - before) / before) * 10_000;
    if (bps / limit < excess) continue;
    excess = bps / limit;
    furthest = { kind: 'deviation', place, bps };
  }
  return furthest;
}

function overdue(stored: PackedStanding, { heartbeatMs }: PushPolicy, now: EpochMs): Cause | undefined {
  const ageMs = now - cutInstant(stored.cut);
  return ageMs >= heartbeatMs ? { kind: 'heartbeat', ageMs } : undefined;
}
