/** The seven venues of the laboratory, in the order of their weights. */
export const VENUES = ['v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7'] as const;
export type VenueName = (typeof VENUES)[number];

/** Two venues of perpetuals: they bear witness and have no vote. */
export const PERPS = ['p1', 'p2'] as const;
export type PerpName = (typeof PERPS)[number];

/** Who reads the one chain there is: each bears witness and has no vote. */
export const CHAIN_READERS = ['chainlink', 'pool', 'redemption'] as const;
export type ReaderName = (typeof CHAIN_READERS)[number];

interface VenueProfile {
  /** Share of the market's liquidity and volume, in percent. */
  readonly weight: number;
  /** From the match at the venue to the reader. */
  readonly lagMs: number;
  readonly spreadBps: number;
  /** Standard deviation of the venue's own middle about the truth. */
  readonly noiseBps: number;
  /** Resting within one basis point of the middle. */
  readonly depthUsdPerBp: number;
  /** Traded in a second. */
  readonly volumeUsdPerSecond: number;
}

function profile(
  weight: number,
  [lagMs, spreadBps, noiseBps]: readonly [lagMs: number, spreadBps: number, noiseBps: number],
): VenueProfile {
  return {
    weight,
    lagMs,
    spreadBps,
    noiseBps,
    depthUsdPerBp: weight * 40_000,
    volumeUsdPerSecond: weight * 2_000,
  };
}

/** Chosen, not measured: the deeper the venue, the nearer, tighter and quieter. A perpetual has a basis of its own. */
export const PROFILES: Readonly<Record<VenueName | PerpName, VenueProfile>> = {
  v1: profile(35, [20, 1, 1]),
  v2: profile(20, [35, 1.2, 1.1]),
  v3: profile(15, [45, 1.4, 1.2]),
  v4: profile(10, [60, 1.8, 1.4]),
  v5: profile(8, [80, 2, 1.6]),
  v6: profile(7, [110, 3, 1.8]),
  v7: profile(5, [140, 4, 2]),
  p1: profile(60, [25, 1, 3]),
  p2: profile(40, [40, 1.5, 4]),
};
