import type { EpochMs } from '../../oracle/units/time';
import type { Clock, Timers } from '../../platform/clock/clock';
import { modelsFor, type AssetOverrides } from './assets';
import type { AggregatorOptions } from './chainlink-rounds';
import type { Exchange } from './exchange';
import { binance } from './exchanges/binance';
import { bitstamp } from './exchanges/bitstamp';
import { bybit } from './exchanges/bybit';
import { coinbase } from './exchanges/coinbase';
import { deribit } from './exchanges/deribit';
import { kraken } from './exchanges/kraken';
import { okx } from './exchanges/okx';
import type { FaultOrder } from './faults';
import { seedFor } from './random';
import { startRpcNode } from './rpc-node';
import { Truth, type PriceMove } from './truth';
import {
  exchangeOf,
  listingOf,
  venueQuote,
  type Instrument,
  type Listing,
  type ExchangeName,
  type VenueName,
  type VenueQuote,
} from './venue-quotes';
import { VenueServer } from './venue-server';

const EXCHANGES: Readonly<Record<ExchangeName, Exchange>> = {
  binance,
  bitstamp,
  bybit,
  coinbase,
  deribit,
  kraken,
  okx,
};

/** The mean wait between two changes of one book: five a second. */
const UPDATE_EVERY_MS = 200;

export interface MarketOptions {
  /** The same seed, start, instruments and models give the same truths and the same books at every instant. */
  readonly seed: number;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Where history ends and the 10 ms grid begins; the clock's now unless told otherwise. */
  readonly startAt?: EpochMs;
  readonly instruments: readonly Instrument[];
  /** Price feeds on the simulated chain. */
  readonly aggregators?: readonly AggregatorOptions[];
  readonly assets?: AssetOverrides;
  readonly updateEveryMs?: number;
  /** Ethereum's unless told otherwise. */
  readonly chainId?: number;
}

export interface Market {
  /** `ws://127.0.0.1:PORT` for each exchange that has an instrument. */
  readonly endpoints: Readonly<Partial<Record<VenueName, string>>>;
  /** `http://127.0.0.1:PORT`, JSON-RPC */
  readonly rpcUrl: string;
  /** Where the simulated history begins, 66 minutes before the start. */
  readonly since: EpochMs;
  /** Units of `quote` that one unit of `base` is really worth; from `since`, the last 75 minutes. */
  truthOf(base: string, quote: string, at: EpochMs): number;
  /** What the exchange's book truly says to a reader at that instant, whatever its faults. */
  quoteAt(venue: string, instrument: string, at: EpochMs): VenueQuote;
  /** Moves what an asset is really worth, from now on, and every book with it. @throws RangeError for an unknown asset */
  move(move: PriceMove): void;
  /** Takes what `parseFault` gives. @throws RangeError for an exchange without instruments */
  fault(order: FaultOrder): void;
  /** Ends one fault of an exchange, or all of them. */
  heal(venue: VenueName, fault?: FaultOrder['fault']): void;
  /** Lets an exchange ask its clients, in its own words, to connect anew. */
  announceRestart(venue: VenueName): void;
  stop(): Promise<void>;
}

/**
 * Opens the market: a truth, the exchanges that quote it and a chain that carries it, on loopback ports.
 * @throws RangeError naming assets without a model or exchanges that it cannot play
 */
export async function startMarket(options: MarketOptions): Promise<Market> {
  const { seed, clock, timers, instruments, aggregators = [], updateEveryMs = UPDATE_EVERY_MS } = options;
  const models = modelsFor(
    [...instruments, ...aggregators].flatMap(({ base, quote }) => [base, quote]),
    options.assets,
  );
  const listings = instruments.map((instrument) => listingOf(seed, instrument, models));
  const truth = new Truth(seed, options.startAt ?? clock.now(), models);
  const quote = (listing: Listing, at: EpochMs) => venueQuote(truth, listing, at);

  const byName = new Map(listings.map((listing) => [`${listing.venue}:${listing.instrument}`, listing]));
  const servers = new Map<VenueName, VenueServer>();
  for (const venue of new Set(listings.map((listing) => listing.venue))) {
    const own = listings.filter((listing) => listing.venue === venue);
    const exchange = EXCHANGES[exchangeOf(venue)];
    const venueSeed = seedFor(seed, venue);
    servers.set(
      venue,
      await VenueServer.start({ exchange, listings: own, quote, updateEveryMs, seed: venueSeed, clock, timers }),
    );
  }
  const node = await startRpcNode({ chainId: options.chainId ?? 1, aggregators, truth, clock });

  const serverOf = (venue: VenueName): VenueServer => {
    const server = servers.get(venue);
    if (server !== undefined) return server;
    throw new RangeError(`this market has no instrument on ${venue}; it has ${[...servers.keys()].join(', ')}`);
  };

  return {
    endpoints: Object.fromEntries([...servers].map(([venue, server]) => [venue, server.endpoint])),
    rpcUrl: node.url,
    since: truth.since,
    truthOf: (base, quoteAsset, at) => truth.truthOf(base, quoteAsset, at),
    quoteAt(venue, instrument, at) {
      const listing = byName.get(`${venue}:${instrument}`);
      if (listing === undefined) throw new RangeError(`this market has no ${instrument} on ${venue}`);
      return quote(listing, at);
    },
    move: (move) => truth.move(move, clock.now()),
    fault({ venue, fault, amount }) {
      serverOf(venue).fault(fault, amount);
    },
    heal(venue, fault) {
      serverOf(venue).heal(fault);
    },
    announceRestart(venue) {
      serverOf(venue).announceRestart();
    },
    async stop() {
      await Promise.all([node.stop(), ...[...servers.values()].map((server) => server.stop())]);
    },
  };
}
