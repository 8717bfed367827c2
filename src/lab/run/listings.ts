import { modelsFor, type AssetModel, type AssetOverrides } from '../market/assets';
import { PROFILES, VENUES, type PerpName, type VenueName } from './venues';

/** The assets of the laboratory. Each is a row of LISTINGS: who has a book of it, and what that book is like. */
export const ASSETS = ['BTC', 'USDT', 'WBTC', 'THIN', 'SOLE', 'ALT', 'LBTC'] as const;
export type Asset = (typeof ASSETS)[number];
export type Currency = 'USD' | 'USDT' | 'BTC';

export interface Listing {
  readonly quote: Currency;
  /** Relative to the asset's other books. */
  readonly weight: number;
}

export interface Listings {
  readonly books: Readonly<Partial<Record<VenueName, Listing>>>;
  /** Spread and noise against the venue's books of BTC. */
  readonly roughness: number;
  /** Depth and volume against them. */
  readonly depth: number;
  readonly updateEveryMs: number;
  /** Whether its books are heard in every scenario, or only where it is judged. */
  readonly isAlwaysHeard: boolean;
  /** Whose price it follows: that asset's moves are its own too. */
  readonly follows?: Asset;
}

/** Books at these venues, of their usual weights. */
function books(names: readonly VenueName[], quote: (venue: VenueName) => Currency): Listings['books'] {
  return Object.fromEntries(
    names.map((venue) => [venue, { quote: quote(venue), weight: PROFILES[venue].weight } satisfies Listing]),
  );
}

const USDT_VENUES: readonly VenueName[] = ['v1', 'v3', 'v4', 'v5'];
const major = books(VENUES, (venue) => (USDT_VENUES.includes(venue) ? 'USDT' : 'USD'));
const usd = (...names: VenueName[]): Listings['books'] => books(names, () => 'USD');

/** What the configuration in config/lab publishes, it publishes from these books; a test holds the two together. */
export const LISTINGS: Readonly<Record<Asset, Listings>> = {
  BTC: { books: major, roughness: 1, depth: 1, updateEveryMs: 100, isAlwaysHeard: true },
  /** Its books stand closer to its value than a coin's. */
  USDT: {
    books: usd('v2', 'v4', 'v5', 'v6', 'v7'),
    roughness: 0.3,
    depth: 1,
    updateEveryMs: 400,
    isAlwaysHeard: true,
  },
  /** A wrapped bitcoin, redeemable one for one: most of it trades at home, on v3. */
  WBTC: {
    books: { v3: { quote: 'USD', weight: 60 }, v5: { quote: 'USD', weight: 8 }, v7: { quote: 'USD', weight: 5 } },
    roughness: 2,
    depth: 0.05,
    updateEveryMs: 500,
    isAlwaysHeard: true,
    follows: 'BTC',
  },
  /** Three thin books, and no witness. */
  THIN: { books: usd('v4', 'v6', 'v7'), roughness: 4, depth: 0.001, updateEveryMs: 500, isAlwaysHeard: true },
  /** One book only. */
  SOLE: { books: usd('v2'), roughness: 3, depth: 0.002, updateEveryMs: 300, isAlwaysHeard: false },
  /** As widely traded as BTC, and one witness. */
  ALT: { books: major, roughness: 1, depth: 0.3, updateEveryMs: 100, isAlwaysHeard: false },
  /** Quoted in bitcoin everywhere: without its leg it would be worth one dollar. */
  LBTC: {
    books: books(['v2', 'v6', 'v7'], () => 'BTC'),
    roughness: 2,
    depth: 0.05,
    updateEveryMs: 500,
    isAlwaysHeard: false,
    follows: 'BTC',
  },
};

/** What each venue of perpetuals has a market of, in dollars. */
export const PERPETUALS: Readonly<Record<PerpName, readonly Asset[]>> = { p1: ['BTC'], p2: ['BTC', 'ALT'] };

/** No jump unless a scenario has them. */
const NEVER_MS = 1e15;
const coin = (startPrice: number, volatility: number): AssetModel => ({
  kind: 'crypto',
  startPrice,
  volatility,
  jumpBps: 50,
  jumpEveryMs: NEVER_MS,
});

/** The models of all assets; `jumpsEveryMs` is BTC's. */
export function assetModels(jumpsEveryMs = NEVER_MS): Map<string, AssetModel> {
  const overrides: AssetOverrides = {
    BTC: { jumpEveryMs: jumpsEveryMs },
    USDT: { jumpEveryMs: NEVER_MS },
    WBTC: { jumpEveryMs: NEVER_MS },
    LBTC: { kind: 'wrapped', startPrice: 1, volatility: 1, jumpBps: 0, jumpEveryMs: NEVER_MS, follows: 'BTC' },
    THIN: coin(2.5, 1.2),
    SOLE: coin(0.8, 1.5),
    ALT: coin(3_400, 0.9),
  };
  return modelsFor(ASSETS, overrides);
}

/** Who lists an asset, and how. */
export function listingsOf(asset: Asset): (Listing & { readonly venue: VenueName })[] {
  return VENUES.flatMap((venue) => {
    const listing = LISTINGS[asset].books[venue];
    return listing === undefined ? [] : [{ venue, ...listing }];
  });
}
