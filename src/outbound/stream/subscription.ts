/** Feeds by index, ascending and each once, and whether their figures are wanted. Equal ones have equal keys. */
export interface Subscription {
  readonly key: string;
  readonly feeds: readonly number[];
  readonly figures: boolean;
}

export function subscriptionTo(feeds: Iterable<number>, figures: boolean): Subscription {
  const sorted = [...new Set(feeds)].sort((a, b) => a - b);
  return { key: `${figures ? 'figures' : 'price'}:${sorted.join(',')}`, feeds: sorted, figures };
}
