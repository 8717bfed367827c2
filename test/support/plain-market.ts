import { startMarket, type Market } from '../../src/lab/market/market';
import type { Venue } from '../../src/lab/market/venue-quotes';
import { PlainClient } from './plain-client';
import { SteeredClock } from './steered-clock';

/** On each exchange BTC against USD or USDT, by the exchange's own symbol. */
export const BTC_SYMBOL: Readonly<Record<Venue, string>> = {
  binance: 'BTCUSDT',
  bitstamp: 'btcusd',
  bybit: 'BTCUSDT',
  coinbase: 'BTC-USD',
  kraken: 'BTC/USD',
  okx: 'BTC-USDT',
};

/** A frame that makes the exchange send its BTC market. */
export const SUBSCRIBE_BTC: Readonly<Record<Venue, object>> = {
  binance: { method: 'SUBSCRIBE', params: ['btcusdt@bookTicker'], id: 1 },
  bitstamp: { event: 'bts:subscribe', data: { channel: 'order_book_btcusd' } },
  bybit: { op: 'subscribe', args: ['orderbook.1.BTCUSDT'] },
  coinbase: { type: 'subscribe', product_ids: ['BTC-USD'], channel: 'ticker' },
  kraken: { method: 'subscribe', params: { channel: 'ticker', symbol: ['BTC/USD'], event_trigger: 'bbo' } },
  okx: { op: 'subscribe', args: [{ channel: 'bbo-tbt', instId: 'BTC-USDT' }] },
};

/** One exchange that a test steers through time and listens to. */
export interface PlainMarket extends AsyncDisposable {
  readonly clock: SteeredClock;
  readonly market: Market;
  readonly url: string;
  connect(path?: string): Promise<PlainClient>;
}

/** A market of one exchange with BTC and ETH; `updateEveryMs` beyond an hour keeps its books still. */
export async function openPlainMarket(venue: Venue, updateEveryMs = 200): Promise<PlainMarket> {
  const clock = new SteeredClock(1_780_000_000_000);
  const btc = BTC_SYMBOL[venue];
  const eth = btc.replace('BTC', 'ETH').replace('btc', 'eth');
  const quote = btc.toUpperCase().endsWith('USDT') ? 'USDT' : 'USD';
  const market = await startMarket({
    seed: 1,
    clock,
    timers: clock,
    updateEveryMs,
    instruments: [
      { venue, instrument: btc, base: 'BTC', quote },
      { venue, instrument: eth, base: 'ETH', quote },
    ],
  });
  const clients: PlainClient[] = [];
  const url = market.endpoints[venue] ?? '';
  return {
    clock,
    market,
    url,
    async connect(path = '') {
      const client = await PlainClient.connect(`${url}${path}`);
      clients.push(client);
      return client;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.end();
      await market.stop();
    },
  };
}
