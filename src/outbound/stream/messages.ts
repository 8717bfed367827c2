import type { Changes } from '../ledger/latest-view';
import type { PublishedText } from '../ledger/published-text';
import type { PackedChoice, Subscription } from './subscription';

/** A message about prices, all but its beginning: type and sequence differ from socket to socket, the rest is shared. */
export interface PriceMessage {
  readonly type: 'snapshot' | 'update' | 'heartbeat';
  /** The JSON after `{"type":…,"sequence":…,`. */
  readonly rest: Buffer;
  /** The feeds, by index, that the message tells about. */
  readonly reports: readonly number[];
  readonly figures: readonly number[];
  readonly tellsGroups: boolean;
}

/** Every feed and group of the subscription as it is now. */
export function snapshotMessage(text: PublishedText, { feeds, figures, packed }: Subscription): PriceMessage {
  const groups = packed.map(({ group }) => group);
  const reports = `"reports":[${feeds.map((feed) => text.report(feed, figures)).join(',')}]`;
  const rest = Buffer.from(`${[text.header(), reports, ...groupsText(text, groups)].join(',')}}`);
  return { type: 'snapshot', rest, reports: feeds, figures: figures ? feeds : [], tellsGroups: groups.length > 0 };
}

/**
 * What changed for the subscription. A group is told whole when one of its feeds changed, and with `refresh`, as is the
 * proof of every other feed under the new header; a message with nothing but proofs is a heartbeat.
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
  const isRepacked = ({ feeds }: PackedChoice) => refresh || feeds.some((feed) => changes.reports.has(feed));
  const groups = subscription.packed.filter(isRepacked).map(({ group }) => group);
  const rest = [text.header()];
  if (told.length > 0) rest.push(`"reports":[${told.map((feed) => text.report(feed, hasFigures(feed))).join(',')}]`);
  rest.push(...groupsText(text, groups));
  if (refresh) {
    const others = subscription.feeds.filter((feed) => !isTold(feed));
    rest.push(`"proofs":[${others.map((feed) => text.proofs(feed, subscription.figures)).join(',')}]`);
  }
  const tellsGroups = groups.length > 0;
  const type = told.length > 0 || tellsGroups ? 'update' : 'heartbeat';
  const figures = told.filter(hasFigures);
  return { type, rest: Buffer.from(`${rest.join(',')}}`), reports: told, figures, tellsGroups };
}

/** Without those that cannot be proved just now. */
function groupsText(text: PublishedText, groups: readonly number[]): string[] {
  const written = groups.map((group) => text.group(group)).filter((group) => group !== undefined);
  return written.length === 0 ? [] : [`"groups":[${written.join(',')}]`];
}
