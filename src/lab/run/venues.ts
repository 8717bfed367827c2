/** The seven venues of the laboratory, in the order of their weights. */
export const VENUES = ['v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7'] as const;
export type VenueName = (typeof VENUES)[number];

export interface VenueProfile {
  /** Share of the market's liquidity and volume, in percent. */
  readonly weight: number;
  /** What it quotes BTC in. */
  readonly quote: 'USD' | 'USDT';
  /** Whether it also has a book of USDT in dollars. */
  readonly hasUsdt: boolean;
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
  quote: VenueProfile['quote'],
  hasUsdt: boolean,
  [lagMs, spreadBps, noiseBps]: readonly [number, number, number],
): VenueProfile {
  const depthUsdPerBp = weight * 40_000;
  return {
    weight,
    quote,
    hasUsdt,
    lagMs,
    spreadBps,
    noiseBps,
    depthUsdPerBp,
    volumeUsdPerSecond: weight * 2_000,
  };
}

/** Chosen, not measured: the deeper the venue, the nearer, tighter and quieter. */
export const PROFILES: Readonly<Record<VenueName, VenueProfile>> = {
  v1: profile(35, 'USDT', false, [20, 1, 1]),
  v2: profile(20, 'USD', true, [35, 1.2, 1.1]),
  v3: profile(15, 'USDT', false, [45, 1.4, 1.2]),
  v4: profile(10, 'USDT', true, [60, 1.8, 1.4]),
  v5: profile(8, 'USDT', true, [80, 2, 1.6]),
  v6: profile(7, 'USD', true, [110, 3, 1.8]),
  v7: profile(5, 'USD', true, [140, 4, 2]),
};
