import { Roster } from '../../aggregation/roster';
import { legOrder } from '../../conversion/leg-order';
import type { OraclePlan } from '../../plan';

/** As a set of voters. */
const EVERYONE = -1;

/** Another feed that a feed's price rests on: those who hold many feeds may hold one such factor many times. */
export interface SharedFactor {
  readonly feed: number;
  /** The price is converted through it, or the asset is a claim on it. */
  readonly kind: 'quote' | 'base';
  /** By how much the price moves, relatively, for each part by which the factor alone moves. */
  readonly loading: number;
}

/**
 * By feed, in the order of feeds. A quote leg's loading is the share of the configured vote that is converted through it,
 * a leg's own legs included; that of a base, what the asset is redeemed for, is one.
 */
export function sharedFactors(plan: OraclePlan): readonly (readonly SharedFactor[])[] {
  const loadings = plan.feeds.map(() => new Map<number, number>());
  for (const feed of legOrder(plan)) {
    const own = loadings[feed] ?? new Map<number, number>();
    const add = (factor: number, loading: number): void => {
      own.set(factor, (own.get(factor) ?? 0) + loading);
    };
    for (const [leg, share] of convertedShares(plan, feed)) {
      add(leg, share);
      for (const [factor, loading] of loadings[leg] ?? []) add(factor, share * loading);
    }
  }
  return loadings.map((quotes, feed) => {
    const legs = [...quotes].map(([factor, loading]) => ({ feed: factor, kind: 'quote' as const, loading }));
    const bases = plan.redemptions.filter((redemption) => redemption.feed === feed);
    return [
      ...legs.sort((a, b) => a.feed - b.feed),
      ...bases.map(({ underlying }) => ({ feed: underlying, kind: 'base' as const, loading: 1 })),
    ];
  });
}

/** Sources of one upstream share its vote evenly. */
function convertedShares(plan: OraclePlan, feed: number): Map<number, number> {
  const roster = new Roster(plan, feed);
  const shares = roster.shares(EVERYONE);
  const converted = new Map<number, number>();
  roster.constituents.forEach(({ sources }, index) => {
    for (const source of sources) {
      const leg = plan.sources[source]?.leg;
      if (leg === undefined) continue;
      converted.set(leg, (converted.get(leg) ?? 0) + (shares[index] ?? 0) / sources.length);
    }
  });
  return converted;
}
