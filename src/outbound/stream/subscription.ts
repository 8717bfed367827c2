/** A group packed for contracts, by index, and the feeds in it. */
export interface PackedChoice {
  readonly group: number;
  readonly feeds: readonly number[];
}

/** What can be told of feeds besides their prices. */
export const EXTRA_CHANNELS = ['figures', 'risk', 'dependence'] as const;

export type ExtraChannel = (typeof EXTRA_CHANNELS)[number];

/** Feeds and groups by index, ascending and each once, and what is wanted besides. Equal ones have equal keys. */
export interface Subscription extends Readonly<Record<ExtraChannel, boolean>> {
  readonly key: string;
  readonly feeds: readonly number[];
  readonly packed: readonly PackedChoice[];
}

export function subscriptionTo(
  feeds: Iterable<number>,
  channels: readonly ExtraChannel[],
  packed: readonly PackedChoice[] = [],
): Subscription {
  const sorted = [...new Set(feeds)].sort((a, b) => a - b);
  const groups = [...new Map(packed.map((choice) => [choice.group, choice])).values()];
  groups.sort((a, b) => a.group - b.group);
  const wanted = (channel: ExtraChannel): boolean => channels.includes(channel);
  const [figures, risk, dependence] = [wanted('figures'), wanted('risk'), wanted('dependence')];
  const key = `${EXTRA_CHANNELS.filter(wanted).join('+')}:${sorted.join(',')}:${groups.map(({ group }) => group).join(',')}`;
  return { key, feeds: sorted, figures, risk, dependence, packed: groups };
}

/** Every feed whose report concerns the subscription, each once. */
export function feedsConcerning({ feeds, packed }: Subscription): ReadonlySet<number> {
  return new Set([...feeds, ...packed.flatMap((choice) => choice.feeds)]);
}
