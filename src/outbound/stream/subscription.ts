/** A group packed for contracts, by index, and the feeds in it. */
export interface PackedChoice {
  readonly group: number;
  readonly feeds: readonly number[];
}

/** Feeds and groups by index, ascending and each once, and whether figures are wanted. Equal ones have equal keys. */
export interface Subscription {
  readonly key: string;
  readonly feeds: readonly number[];
  readonly figures: boolean;
  readonly packed: readonly PackedChoice[];
}

export function subscriptionTo(
  feeds: Iterable<number>,
  figures: boolean,
  packed: readonly PackedChoice[] = [],
): Subscription {
  const sorted = [...new Set(feeds)].sort((a, b) => a - b);
  const groups = [...new Map(packed.map((choice) => [choice.group, choice])).values()];
  groups.sort((a, b) => a.group - b.group);
  const key = `${figures ? 'figures' : 'price'}:${sorted.join(',')}:${groups.map(({ group }) => group).join(',')}`;
  return { key, feeds: sorted, figures, packed: groups };
}

/** Every feed whose report concerns the subscription, each once. */
export function feedsConcerning({ feeds, packed }: Subscription): ReadonlySet<number> {
  return new Set([...feeds, ...packed.flatMap((choice) => choice.feeds)]);
}
