import { MINUTE_MS, type EpochMs } from '../../oracle/units/time';
import type { AssetModel } from './assets';
import { normalAt, seedFor, uniformAt } from './random';
import type { Truth } from './truth';

/** The exchanges that the market can play. */
export const VENUES = ['binance', 'bitstamp', 'bybit', 'coinbase', 'kraken', 'okx'] as const;
export type Venue = (typeof VENUES)[number];

/** Markets of perpetuals, each in the language of the exchange that runs it. Their basis is nothing but noise. */
const PERPETUALS = { 'binance-perpetual': 'binance', 'okx-perpetual': 'okx', 'bybit-perpetual': 'bybit' } as const;

/** An exchange of options, of which it plays the indices of implied volatility and nothing else. */
const OPTIONS = 'deribit';

/** Whose language is spoken. */
export type ExchangeName = Venue | typeof OPTIONS;

/** Whoever serves instruments of its own. */
export type VenueName = ExchangeName | keyof typeof PERPETUALS;

/** One market of one exchange, as the oracle's configuration names it. */
export interface Instrument {
  readonly venue: string;
  /** The exchange's own symbol. */
  readonly instrument: string;
  readonly base: string;
  readonly quote: string;
  /** Units of the base in one unit of the instrument: 1000 for `1000PEPE`. */
  readonly multiplier?: number;
}

/** An instrument and what the simulation has decided about it once and for all. */
export interface Listing extends Instrument {
  readonly venue: VenueName;
  readonly seed: number;
  /** Decimals of a price, and of a size. */
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
  /** A typical size at the top of the book, in units of the instrument. */
  readonly typicalSize: number;
  /** Of an index: where it swings about, in per cent a year. */
  readonly level?: number;
}

/** A top of the book as it arrives at the reader's end. */
export interface VenueQuote {
  readonly bid: number;
  readonly ask: number;
  readonly bidSize: number;
  readonly askSize: number;
  /** Price of the last trade. */
  readonly last: number;
  /** Whether this change of the book came with a trade. */
  readonly traded: boolean;
  /** When it held at the exchange, by the exchange's clock. */
  readonly eventAt: EpochMs;
}

interface VenueProfile {
  /** From the exchange's match to the reader's socket. */
  readonly lagMs: number;
  readonly spreadBps: number;
  /** Standard deviation of the exchange's own mid about the truth. */
  readonly noiseBps: number;
  /** What typically stands at the top of the book. */
  readonly topUsd: number;
}

/** Chosen, not measured: the deeper the exchange, the nearer, tighter and quieter. */
const PROFILES: Readonly<Record<Venue, VenueProfile>> = {
  binance: { lagMs: 20, spreadBps: 1, noiseBps: 1, topUsd: 90_000 },
  okx: { lagMs: 45, spreadBps: 1.2, noiseBps: 1.1, topUsd: 60_000 },
  bybit: { lagMs: 65, spreadBps: 1.4, noiseBps: 1.2, topUsd: 50_000 },
  coinbase: { lagMs: 85, spreadBps: 1.5, noiseBps: 1.2, topUsd: 45_000 },
  kraken: { lagMs: 110, spreadBps: 2, noiseBps: 1.4, topUsd: 30_000 },
  bitstamp: { lagMs: 145, spreadBps: 4, noiseBps: 1.8, topUsd: 20_000 },
};

/** Added to the lag, newly drawn for each of these intervals; an interval later no quote can overtake another. */
const JITTER_MS = 5;
const JITTER_EVERY_MS = 100;

/** An exchange's mid strays from the truth and comes back in some seconds: a new draw each, joined smoothly. */
const NOISE_EVERY_MS = 2_000;

/** Stable coins and currencies trade closer to their value, and deeper, than crypto. */
const CALM_NOISE = 0.5;

/** A tick is some 1/100,000 of a price, as on the exchanges' majors; ten decimals are the most any of them shows. */
const TICK_DIGITS = 5;
const MAX_DECIMALS = 10;
const INDEX_DECIMALS = 2;

/** @throws RangeError for an exchange that the market cannot play */
export function listingOf(seed: number, instrument: Instrument, models: ReadonlyMap<string, AssetModel>): Listing {
  const { venue, base, quote, multiplier = 1 } = instrument;
  if (!isVenue(venue)) {
    throw new RangeError(`the simulated market cannot play ${venue}; it plays ${VENUE_NAMES.join(', ')}`);
  }
  const listed = { ...instrument, venue, seed: seedFor(seed, `${venue}:${instrument.instrument}`) };
  const exchange = exchangeOf(venue);
  if (exchange === OPTIONS) {
    const level = (models.get(base)?.volatility ?? 0) * 100 * PREMIUM;
    return { ...listed, priceDecimals: INDEX_DECIMALS, sizeDecimals: 0, typicalSize: 1, level };
  }
  const usd = startPriceOf(base, models) * multiplier;
  const price = usd / startPriceOf(quote, models);
  const size = PROFILES[exchange].topUsd / usd;
  return {
    ...listed,
    priceDecimals: clamp(TICK_DIGITS - Math.floor(Math.log10(price)), 0, MAX_DECIMALS),
    sizeDecimals: clamp(4 - Math.floor(Math.log10(size)), 0, 8),
    typicalSize: size,
  };
}

export const VENUE_NAMES: readonly VenueName[] = [
  ...VENUES,
  ...(Object.keys(PERPETUALS) as (keyof typeof PERPETUALS)[]),
  OPTIONS,
];

export function isVenue(name: string): name is VenueName {
  return (VENUE_NAMES as readonly string[]).includes(name);
}

/** In whose language a venue is served. */
export function exchangeOf(venue: VenueName): ExchangeName {
  return isPerpetual(venue) ? PERPETUALS[venue] : venue;
}

function isPerpetual(venue: VenueName): venue is keyof typeof PERPETUALS {
  return Object.hasOwn(PERPETUALS, venue);
}

/** What an exchange's book says to a reader at an instant. A pure function: the same instant gives the same quote. */
export function venueQuote(truth: Truth, listing: Listing, at: EpochMs): VenueQuote {
  const { seed, venue, base, quote, multiplier = 1, typicalSize } = listing;
  const exchange = exchangeOf(venue);
  if (exchange === OPTIONS) return indexQuote(listing, at);
  const profile = PROFILES[exchange];
  const slice = Math.floor(at / JITTER_EVERY_MS);
  const eventAt = at - profile.lagMs - JITTER_MS * uniformAt(seed, slice);
  const calm = quote === 'USD' && STEADY.has(base) ? CALM_NOISE : 1;
  const noise = (calm * profile.noiseBps * smoothNoise(seed, at / NOISE_EVERY_MS)) / 10_000;
  const half = (calm * profile.spreadBps) / 20_000;
  const mid = truth.truthOf(base, quote, eventAt) * multiplier * (1 + noise);
  const scale = 10 ** listing.priceDecimals;
  const bid = Math.floor(mid * (1 - half) * scale) / scale;
  const ask = Math.ceil(mid * (1 + half) * scale) / scale;
  const toss = uniformAt(seed ^ 0x1f, slice);
  return {
    bid,
    ask,
    bidSize: sizeAt(seed ^ 0x2f, slice, typicalSize, listing.sizeDecimals),
    askSize: sizeAt(seed ^ 0x3f, slice, typicalSize, listing.sizeDecimals),
    last: toss < 0.5 ? bid : ask,
    traded: toss < 0.125 || toss >= 0.875,
    eventAt,
  };
}

/** An index of implied volatility stands so far above what comes, on average: the premium of who sells options. */
const PREMIUM = 1.1;
/** And strays from that by this part of itself, coming back in some minutes. */
const INDEX_SWING = 0.05;
const INDEX_SWING_EVERY_MS = 5 * MINUTE_MS;
const INDEX_LAG_MS = 100;

/** What the index says to a reader at an instant, as if it were a book with neither spread nor depth. */
function indexQuote({ seed, level = NaN, priceDecimals }: Listing, at: EpochMs): VenueQuote {
  const eventAt = at - INDEX_LAG_MS;
  const swung = level * Math.exp(INDEX_SWING * smoothNoise(seed, eventAt / INDEX_SWING_EVERY_MS));
  const value = Number(swung.toFixed(priceDecimals));
  return { bid: value, ask: value, bidSize: 1, askSize: 1, last: value, traded: false, eventAt };
}

const STEADY: ReadonlySet<string> = new Set(['USDT', 'USDC', 'DAI', 'PYUSD', 'EUR']);

/** A stationary standard normal process: two neighbouring draws, weighted so that the variance stays one. */
function smoothNoise(seed: number, position: number): number {
  const node = Math.floor(position);
  const weight = position - node;
  const blend = (1 - weight) * normalAt(seed ^ 0x4f, node) + weight * normalAt(seed ^ 0x4f, node + 1);
  return blend / Math.sqrt((1 - weight) * (1 - weight) + weight * weight);
}

/** Log-normal about the typical size, never less than one unit of the last decimal. */
function sizeAt(seed: number, slice: number, typical: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.max(1, Math.round(typical * Math.exp(0.5 * normalAt(seed, slice)) * scale)) / scale;
}

function startPriceOf(asset: string, models: ReadonlyMap<string, AssetModel>): number {
  const model = models.get(asset);
  if (model?.follows !== undefined) return startPriceOf(model.follows, models);
  return model?.startPrice ?? 1;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
