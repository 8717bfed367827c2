import { planOf } from './plans';
import type { Sight } from './quorum-network';

/** A plan whose one feed is warm and out of grace within seconds. */
export const ONE_FEED = planOf({
  'BTC/USD': { policy: { warmUpMs: 1_000, graceMs: 1_000 }, sources: { a: {}, b: {} } },
});

/** Everyone sees its price a little apart, as independent sources do. */
export const oneFeedSight: Sight = (_now, member) => [
  {
    reasons: 0,
    observedAt: 1_700_000_000_000,
    prices: {
      price: 100_000 + member,
      low: 99_980,
      high: 100_020,
      collateral: undefined,
      liability: undefined,
    },
    sources: { used: 4, upstreams: 4 },
    dispersionBps: 1,
  },
];
