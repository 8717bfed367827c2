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
  readonly tellsRisk: boolean;
}

/** Every feed and group of the subscription as it is now. */
export function snapshotMessage(text: PublishedText, subscription: Subscription): PriceMessage {
  const { feeds, figures, packed } = subscription;
  const groups = packed.map(({ group }) => group);
  const reports = `"reports":[${feeds.map((feed) => text.report(feed, figures)).join(',')}]`;
  const risk = riskText(text, subscription);
  const rest = Buffer.from(`${[text.header(), reports, ...groupsText(text, groups), ...risk].join(',')}}`);
  const tells = { tellsGroups: groups.length > 0, tellsRisk: risk.length > 0 };
  return { type: 'snapshot', rest, reports: feeds, figures: figures ? feeds : [], ...tells };
}

/**
 * What changed for the subscription. A group is told whole when one of its feeds changed, and with `refresh`, as is the
 * proof of every other feed under the new header. Risk has a root of its own, so its proofs hold until it is told anew. A message with nothing but proofs is a heartbeat.
 */
export function updateMessage(
  text: PublishedText,
  subscription: Subscription,
  changes: Pick<Changes, 'reports' | 'figures' | 'risk'>,
  refresh: boolean,
): PriceMessage {
  const hasFigures = (feed: number) => subscription.figures && changes.figures.has(feed);
  const isTold = (feed: number) => changes.reports.has(feed) || hasFigures(feed);
  const told = subscription.feeds.filter(isTold);
  const isRepacked = ({ feeds }: PackedChoice) => refresh || feeds.some((feed) => changes.reports.has(feed));
  const groups = subscription.packed.filter(isRepacked).map(({ group }) => group);
  const rest = [text.header()];
  if (told.length > 0) rest.push(`"reports":[${told.map((feed) => text.report(feed, hasFigures(feed))).join(',')}]`);
  const risk = changes.risk ? riskText(text, subscription) : [];
  rest.push(...groupsText(text, groups), ...risk);
  if (refresh) {
    const others = subscription.feeds.filter((feed) => !isTold(feed));
    rest.push(`"proofs":[${others.map((feed) => text.proofs(feed, subscription.figures)).join(',')}]`);
  }
  const tells = { tellsGroups: groups.length > 0, tellsRisk: risk.length > 0 };
  const type = told.length > 0 || tells.tellsGroups || tells.tellsRisk ? 'update' : 'heartbeat';
  const figures = told.filter(hasFigures);
  return { type, rest: Buffer.from(`${rest.join(',')}}`), reports: told, figures, ...tells };
}

/** Without those that cannot be proved just now. */
function groupsText(text: PublishedText, groups: readonly number[]): string[] {
  const written = groups.map((group) => text.group(group)).filter((group) => group !== undefined);
  return written.length === 0 ? [] : [`"groups":[${written.join(',')}]`];
}

/** Of the feeds and of how they move together, as far as either is wanted and can be proved just now. */
function riskText(text: PublishedText, { feeds, risk, dependence }: Subscription): string[] {
  const said = risk ? feeds.map((feed) => text.risk(feed)).filter((each) => each !== undefined) : [];
  const together = dependence ? text.dependence() : undefined;
  return [
    ...(said.length === 0 ? [] : [`"risk":[${said.join(',')}]`]),
    ...(together === undefined ? [] : [`"dependence":${together}`]),
  ];
}
