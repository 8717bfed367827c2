import type { OraclePlan } from '../plan';

/**
 * The feeds in an order in which each comes after every leg it converts through. Throws where legs form a cycle,
 * naming it: start-up proves there is none, so this is the last guard and not the first.
 */
export function legOrder(plan: OraclePlan): readonly number[] {
  const legs = legsOfFeeds(plan);
  const order: number[] = [];
  const settled = new Set<number>();
  const visit = (feed: number, path: readonly number[]): void => {
    if (settled.has(feed)) return;
    if (path.includes(feed)) {
      const cycle = [...path.slice(path.indexOf(feed)), feed].map((index) => plan.feeds[index]?.id).join(' → ');
      throw new Error(`legs form a cycle: ${cycle}; let one of these feeds take its price from native sources`);
    }
    for (const leg of legs[feed] ?? []) visit(leg, [...path, feed]);
    settled.add(feed);
    order.push(feed);
  };
  plan.feeds.forEach((_, feed) => {
    visit(feed, []);
  });
  return order;
}

/** For each feed, the distinct feeds its sources are converted through and its redemption is valued by. */
export function legsOfFeeds(plan: OraclePlan): readonly (readonly number[])[] {
  return plan.feeds.map((_, feed) => {
    const legs = plan.sources.flatMap((source) =>
      source.feed === feed && source.leg !== undefined ? [source.leg] : [],
    );
    const underlying = plan.redemptions.filter((redemption) => redemption.feed === feed);
    return [...new Set([...legs, ...underlying.map((redemption) => redemption.underlying)])];
  });
}
