/**
 * What the oracle is to publish, from whom and how: plain JSON with every name interned to an index, proved by
 * `platform/config` before the oracle sees it. Its SHA-256 is the config hash that every header carries, so nothing
 * may stand here that does not change what is published (no address, no credential).
 */
export interface OraclePlan {
  /** Signatures of one network are valid on all its chains and nowhere else: the EIP-712 salt is keccak256(network). */
  readonly network: string;
  readonly cuts: CutPolicy;
  /** In the order of configuration, which is the order of Merkle leaves. An index into this array names a feed. */
  readonly feeds: readonly FeedPlan[];
  /** An index into this array names a source. */
  readonly sources: readonly SourcePlan[];
  /** Names of those who could be wrong alone. An index into this array names an upstream. */
  readonly upstreams: readonly string[];
  readonly anchors: readonly AnchorPlan[];
  /** At most one of a feed. */
  readonly redemptions: readonly RedemptionPlan[];
  /** At most one of a feed; absent where none has one. */
  readonly implied?: readonly ImpliedPlan[];
  /** Feeds packed together for contracts. An index into this array names a group, and its leaf under the packed root. */
  readonly groups: readonly GroupPlan[];
}

export interface CutPolicy {
  /** At least 10, the length of a tick: two cuts never share a number. */
  readonly minIntervalMs: number;
  /** A cut is made this long after the last one even if nothing happened. */
  readonly maxIntervalMs: number;
  /** The header's `validUntil` is this long after the cut. */
  readonly validForMs: number;
}

export interface FeedPlan {
  /** `BTC/USD`: at most 31 ASCII characters, so that it fits a bytes32 as it is. */
  readonly id: string;
  readonly asset: { readonly symbol: string; readonly version: number };
  readonly quote: string;
  readonly decimals: number;
  readonly policy: FeedPolicy;
}

export interface FeedPolicy {
  /** Below this many independent upstreams the feed is halted. */
  readonly minUpstreams: number;
  /** Below this many it is degraded: thin. */
  readonly okUpstreams: number;
  /** Sources that quote in the feed's own currency; fewer and the feed is degraded without liquidation. */
  readonly minNative: number;
  /** The two medians of votes so quiet that the band is narrower than this may stand this far apart: a tick or two. */
  readonly medianToleranceBps: number;
  /** The converted median may leave the native one by this much before the feed is degraded without liquidation. */
  readonly maxNativeGapBps: number;
  /** A quote whose own spread is wider than this is refused. */
  readonly maxSpreadBps: number;
  /** A band with a half-width beyond this is degraded: wide. */
  readonly wideBandBps: number;
  /** σ for the band until it has been measured: annual, 0.8 is 80 %. */
  readonly nominalVolatility: number;
  /** The median of the voters' times may be this old before the feed is halted. */
  readonly maxAgeMs: number;
  /** How long the medians may disagree before the feed halts. */
  readonly disagreementHaltMs: number;
  /** How long after a halt a feed stays in grace. */
  readonly graceMs: number;
  /** How long a feed must have had a price before it leaves `warming`. */
  readonly warmUpMs: number;
  /** Below this share of the configured weight, 0..1, the feed is halted, however many speak. */
  readonly minFreshShare: number;
  /** Fewer upstreams with a fresh anchor, and the report says that nobody witnessed it. */
  readonly minAnchors: number;
  /** So many upstreams with an anchor on one side of the price, and most of those that speak, dispute and halt it. */
  readonly minAnchorsToHalt: number;
  /** A price further than this from the last agreed one, in one step, trips the breaker. */
  readonly maxJumpBps: number;
  /** A price that moved further than this in ten seconds is disputed unless the anchors went with it. */
  readonly maxRateBps: number;
  /** A price further than this from its TWAP of five minutes is flagged, and its band wider. */
  readonly maxTwapGapBps: number;
  /** The venues' clocks may stand this far from the machine's, by their median, before the feed is halted. */
  readonly maxClockMs: number;
  readonly haircut: HaircutPolicy;
  /** When the market behind the feed is open; absent: always. Closed, the price is disputed. */
  readonly marketHours?: readonly WeeklyWindow[];
}

export interface HaircutPolicy {
  /** How long it takes to sell what secures a position, from a minute to ten days. */
  readonly liquidationHorizonMs: number;
  /** No smoothed haircut lies below this part of the value. */
  readonly floor: number;
  /** Weight of the haircut's own mean of thirty days, 0..1: what steadies it. */
  readonly steadyWeight: number;
  /** Weight of its mean over a year's stressed observations, those above the mean; with `steadyWeight` at most 1. */
  readonly stressWeight: number;
  /** The smoothed haircut falls by at most this part of itself a day. */
  readonly maxFallPerDay: number;
}

/** A time of each week, in milliseconds since Sunday 00:00 UTC; it may reach over Saturday's end. */
export interface WeeklyWindow {
  readonly opensAtMs: number;
  /** Another instant than the opening. */
  readonly closesAtMs: number;
}

export interface SourcePlan {
  /** `binance:BTCUSDT` */
  readonly id: string;
  readonly venue: string;
  readonly instrument: string;
  readonly feed: number;
  readonly upstream: number;
  /** Units of the asset in one unit of the instrument: 1000 for `1000PEPE`. Its price is divided by it. */
  readonly multiplier: number;
  /** The feed that converts the source's quote currency into the feed's; absent for a native source. */
  readonly leg?: number;
  /** Relative liquidity; normalised and capped at max(25 %, 1/n) among a feed's upstreams. */
  readonly weight: number;
  /** Older than this, by receive time or by the venue's own event time, a quote has no vote. */
  readonly maxAgeMs: number;
  /** A book that has stood still for so long has no vote, however often it is said again; absent: no such limit. */
  readonly maxQuietMs?: number;
  /** An event time this far ahead of the receive time is refused. */
  readonly maxFutureMs: number;
  /** Present where the source is an anchor: it has no vote, and speaks when the price stands further from it than this. */
  readonly anchor?: { readonly maxDeviationBps: number };
}

/** An anchor that a chain answers for; those that venues answer for are sources. */
export interface AnchorPlan {
  /** `chainlink:BTC/USD` */
  readonly id: string;
  readonly feed: number;
  readonly upstream: number;
  /** An anchor's answer older than this is no witness. */
  readonly maxAgeMs: number;
  /** How far the price may stand from the anchor before the anchor speaks: its own deviation threshold and a margin. */
  readonly maxDeviationBps: number;
}

export interface GroupPlan {
  /** `majors`: how stream, REST and relayer call it; contracts know the hash of its feeds. */
  readonly name: string;
  /** 1 to 60 feeds, by index, in the order of their places. A feed may stand in several groups. */
  readonly feeds: readonly number[];
}

/** An index of the volatility that options on a feed's asset imply. It is no price: only risk listens to it. */
export interface ImpliedPlan {
  /** `deribit:btc_usd` */
  readonly id: string;
  readonly venue: string;
  readonly instrument: string;
  readonly feed: number;
  /** What was said so long ago is not known any more. */
  readonly maxAgeMs: number;
  /** A time this far ahead of the receive time is refused. */
  readonly maxFutureMs: number;
}

/** A wrapped or staked asset has a second value: what its contract gives back for it. */
export interface RedemptionPlan {
  /** `rate:WSTETH/USD` */
  readonly id: string;
  readonly feed: number;
  /** The feed that turns the rate, units of this feed's asset, into the currency of the wrapped one's. */
  readonly underlying: number;
  /** A rate of the right order: the first that is accepted lies within a factor of two. */
  readonly nominalRate: number;
  /** The rate may grow by so much a year: 0.2 is 20 %. */
  readonly maxGrowthPerYear: number;
  /** The rate may stand so far below the highest that it ever was, relative to that; 0 where it never falls. */
  readonly maxFall: number;
  /** A rate that was last read so long ago is not known any more. */
  readonly maxAgeMs: number;
  /** Market and redemption value this far apart are worth a word. */
  readonly maxPegGapBps: number;
}
