import type { Changes } from '../ledger/latest-view';
import type { PublishedText } from '../ledger/published-text';
import type { Subscription } from './subscription';

/** A message about prices, all but its beginning: type and sequence differ from socket to socket, the rest is shared. */
export interface PriceMessage {
  readonly type: 'snapshot' | 'update' | 'heartbeat';
  /** The JSON after `{"type":…,"sequence":…,`. */
  readonly rest: Buffer;
  /** The feeds, by index, that the message tells about. */
  readonly reports: readonly number[];
  readonly figures: readonly number[];
}

/** Every feed of the subscription as it is now. */
export function snapshotMessage(text: PublishedText, { feeds, figures }: Subscription): PriceMessage {
  const reports = feeds.map((feed) => text.report(feed, figures));
  const rest = Buffer.from(`${text.header()},"reports":[${reports.join(',')}]}`);
  return { type: 'snapshot', rest, reports: feeds, figures: figures ? feeds : [] };
}

/**
 * What changed for the subscription. With `refresh`, also the proofs of its other feeds under the new header; a message
 * with nothing but these is a heartbeat.
 */
export function updateMessage(
  text: PublishedText,
  subscription: Subscription,
  changes: Pick<Changes, 'reports' | 'figures'>,
  refresh: boolean,
): PriceMessage {
  const hasFigures = (feed: number) => subscription.figures && changes.figures.has(feed);
  const isTold = (feed: number) => changes.reports.has(feed) || hasFigures(feed);
  const told = subscription.feeds.filter(isTold);
  const rest = [text.header()];
  if (told.length > 0) rest.push(`"reports":[${told.map((feed) => text.report(feed, hasFigures(feed))).join(',')}]`);
  if (refresh) {
    const others = subscription.feeds.filter((feed) => !isTold(feed));
    rest.push(`"proofs":[${others.map((feed) => text.proofs(feed, subscription.figures)).join(',')}]`);
  }
  const type = told.length > 0 ? 'update' : 'heartbeat';
  return { type, rest: Buffer.from(`${rest.join(',')}}`), reports: told, figures: told.filter(hasFigures) };
}
