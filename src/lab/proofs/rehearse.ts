import { SECOND_MS, type EpochMs } from '../../oracle/units/time';
import type { Configuration } from '../../platform/config/configuration';
import type { RecordedEvent } from '../../recording/event';
import { Listener } from '../run/listener';
import { errorBps } from '../run/tape';

/** One feed for which a new configuration publishes something else than the live one, and where that was worst. */
export interface Difference {
  readonly feed: string;
  readonly at: EpochMs;
  /** Absent where that configuration publishes none. */
  readonly live: number | undefined;
  readonly next: number | undefined;
  /** +Infinity where only one of the two publishes a price. */
  readonly bps: number;
}

/**
 * Lets a new configuration hear beside the live one what was recorded, and compares the feeds of both once a second.
 * Returns the feeds that ever stood further apart than `maxBps`: none, and the new one may go live.
 */
export function rehearse(
  live: Configuration,
  next: Configuration,
  events: Iterable<RecordedEvent>,
  maxBps: number,
): Difference[] {
  const pair = { live: new Listener(live), next: new Listener(next) };
  const ids = new Set(next.plan.feeds.map(({ id }) => id));
  const feeds = live.plan.feeds.map(({ id }) => id).filter((id) => ids.has(id));
  const worst = new Map<string, Difference>();
  let comparedAt = -Infinity;
  for (const event of events) {
    const second = Math.floor(event.at / SECOND_MS) * SECOND_MS;
    if (second > comparedAt && second < event.at) {
      for (const each of compare(pair, feeds, second)) {
        if (each.bps > (worst.get(each.feed)?.bps ?? maxBps)) worst.set(each.feed, each);
      }
      comparedAt = second;
    }
    pair.live.hear(event);
    pair.next.hear(event);
  }
  return [...worst.values()];
}

function compare(
  { live, next }: { readonly live: Listener; readonly next: Listener },
  feeds: readonly string[],
  at: EpochMs,
): Difference[] {
  live.reach(at);
  next.reach(at);
  return feeds.map((feed) => {
    const prices = { live: live.price(feed), next: next.price(feed) };
    return { feed, at, ...prices, bps: apart(prices.live, prices.next) };
  });
}

function apart(live: number | undefined, next: number | undefined): number {
  if (live === undefined && next === undefined) return 0;
  return live === undefined || next === undefined ? Infinity : Math.abs(errorBps(next, live));
}
