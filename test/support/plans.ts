import type { AnchorPlan, FeedPlan, FeedPolicy, OraclePlan, RedemptionPlan, SourcePlan } from '../../src/oracle/plan';

const POLICY: FeedPolicy = {
  minUpstreams: 3,
  okUpstreams: 4,
  minNative: 2,
  medianToleranceBps: 5,
  maxNativeGapBps: 50,
  maxSpreadBps: 200,
  wideBandBps: 100,
  nominalVolatility: 0.8,
  maxAgeMs: 10_000,
  disagreementHaltMs: 2_000,
  graceMs: 10_000,
  warmUpMs: 60_000,
  minFreshShare: 0.25,
  minAnchors: 0,
  minAnchorsToHalt: 2,
  maxJumpBps: 2_000,
  maxRateBps: 400,
  maxTwapGapBps: 200,
  maxClockMs: 10_000,
  haircut: { liquidationHorizonMs: 86_400_000, floor: 0.01, steadyWeight: 0.6, stressWeight: 0, maxFallPerDay: 0.05 },
};

export function policyOf(policy: Partial<FeedPolicy> = {}): FeedPolicy {
  return { ...POLICY, ...policy };
}

/** A feed in a line: its sources by upstream, each `{}` or what is particular about it. */
export interface FeedSketch {
  readonly decimals?: number;
  readonly policy?: Partial<FeedPolicy>;
  readonly sources: Readonly<Record<string, Partial<Omit<SourcePlan, 'feed' | 'leg'>> & { readonly leg?: string }>>;
}

/** A whole plan from sketches by feed id. A source is called `<venue>:<feed>`, its venue being its upstream's name. */
export function planOf(
  sketches: Readonly<Record<string, FeedSketch>>,
  anchors: readonly (Omit<AnchorPlan, 'feed' | 'upstream'> & { readonly feed: string })[] = [],
  redemptions: readonly (Omit<RedemptionPlan, 'feed' | 'underlying'> & {
    readonly feed: string;
    readonly underlying: string;
  })[] = [],
): OraclePlan {
  const ids = Object.keys(sketches);
  const venues = Object.values(sketches).flatMap(({ sources }) => Object.keys(sources));
  const upstreams = [...new Set([...venues, ...anchors.map(({ id }) => upstreamOf(id))])];
  const feeds = Object.entries(sketches).map(([id, { decimals = 2, policy = {} }]): FeedPlan => {
    const [symbol = '', quote = ''] = id.split('/');
    return { id, asset: { symbol, version: 1 }, quote, decimals, policy: policyOf(policy) };
  });
  const sources = Object.entries(sketches).flatMap(([id, sketch], feed) =>
    Object.entries(sketch.sources).map(([upstream, { leg, ...particular }]): SourcePlan => ({
      id: `${upstream}:${id}`,
      venue: upstream,
      instrument: id,
      feed,
      upstream: upstreams.indexOf(upstream),
      multiplier: 1,
      weight: 1,
      maxAgeMs: 10_000,
      maxFutureMs: 1_000,
      ...(leg === undefined ? {} : { leg: ids.indexOf(leg) }),
      ...particular,
    })),
  );
  return {
    network: 'assay-local',
    cuts: { minIntervalMs: 10, maxIntervalMs: 1_000, validForMs: 5_000 },
    feeds,
    sources,
    upstreams,
    anchors: anchors.map((anchor) => ({
      ...anchor,
      feed: ids.indexOf(anchor.feed),
      upstream: upstreams.indexOf(upstreamOf(anchor.id)),
    })),
    redemptions: redemptions.map((redemption) => ({
      ...redemption,
      feed: ids.indexOf(redemption.feed),
      underlying: ids.indexOf(redemption.underlying),
    })),
    groups: [],
  };
}

function upstreamOf(anchor: string): string {
  return anchor.slice(0, anchor.indexOf(':'));
}
