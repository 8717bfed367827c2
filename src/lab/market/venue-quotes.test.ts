import { SECOND_MS } from '../../oracle/units/time';
import { modelsFor } from './assets';
import { Truth } from './truth';
import { listingOf, VENUES, venueQuote, type Instrument } from './venue-quotes';

const START = 1_780_000_000_000;
const models = modelsFor(['BTC', 'ETH', 'USDT', 'PEPE', 'EUR']);
const truth = new Truth(3, START, models);
const list = (instrument: Instrument) => listingOf(3, instrument, models);
const btcOn = (venue: string) => list({ venue, instrument: 'BTCUSD', base: 'BTC', quote: 'USD' });
const instants = Array.from({ length: 3_000 }, (_, index) => START + index * 37);

describe(venueQuote.name, () => {
  test.each(VENUES)('%s lags by 20 to 150 ms, and no quote overtakes another', (venue) => {
    const listing = btcOn(venue);
    let last = 0;
    for (const at of instants) {
      const { eventAt } = venueQuote(truth, listing, at);
      expect(at - eventAt).toBeGreaterThanOrEqual(20);
      expect(at - eventAt).toBeLessThanOrEqual(150);
      expect(eventAt).toBeGreaterThan(last);
      last = eventAt;
    }
  });

  test.each(VENUES)('%s strays from the truth of its own instant by 1 to 2 bp, and not to one side', (venue) => {
    const listing = btcOn(venue);
    const strays = Array.from({ length: 3_000 }, (_, index) => {
      const quote = venueQuote(truth, listing, START - index * SECOND_MS);
      return ((quote.bid + quote.ask) / 2 / truth.priceAt('BTC', quote.eventAt) - 1) * 10_000;
    });
    const mean = strays.reduce((sum, stray) => sum + stray, 0) / strays.length;
    const deviation = Math.sqrt(strays.reduce((sum, stray) => sum + (stray - mean) ** 2, 0) / strays.length);
    expect(Math.abs(mean)).toBeLessThan(0.2);
    expect(deviation).toBeGreaterThan(0.8);
    expect(deviation).toBeLessThan(2.1);
    expect(Math.max(...strays.map(Math.abs))).toBeLessThan(5 * deviation);
  });

  test.each(VENUES)('%s never crosses, stands on its ticks and spreads by 1 to 4 bp', (venue) => {
    const listing = btcOn(venue);
    for (const at of instants) {
      const { bid, ask, bidSize, askSize, last } = venueQuote(truth, listing, at);
      expect((ask / bid - 1) * 10_000).toBeGreaterThan(0.9);
      expect((ask / bid - 1) * 10_000).toBeLessThan(4.2);
      for (const price of [bid, ask]) expect(Number(price.toFixed(listing.priceDecimals))).toBe(price);
      expect(Math.min(bidSize, askSize)).toBeGreaterThan(0);
      expect([bid, ask]).toContain(last);
    }
  });

  test('honours the quote currency: a price in USDT is the truth over that of USDT', () => {
    const broken = modelsFor(['BTC', 'USDT'], { USDT: { startPrice: 0.9 } });
    const instrument = { venue: 'binance', instrument: 'BTCUSDT', base: 'BTC', quote: 'USDT' };
    const { bid, eventAt } = venueQuote(new Truth(3, START, broken), listingOf(3, instrument, broken), START);
    expect(bid / truth.priceAt('BTC', eventAt)).toBeCloseTo(1 / 0.9, 2);
  });

  test('multiplies the price of an instrument that holds many units', () => {
    const single = list({ venue: 'bybit', instrument: 'PEPEUSDT', base: 'PEPE', quote: 'USDT' });
    const thousand = list({ ...single, instrument: '1000PEPEUSDT', multiplier: 1_000 });
    expect(venueQuote(truth, thousand, START).bid / venueQuote(truth, single, START).bid).toBeCloseTo(1_000, -1);
  });

  test('is pure: the same instant gives the same quote, in whatever order', () => {
    const listing = btcOn('kraken');
    const there = instants.map((at) => venueQuote(truth, listing, at));
    const back = [...instants].reverse().map((at) => venueQuote(truth, listing, at));
    expect(back.reverse()).toEqual(there);
  });
});

describe(listingOf.name, () => {
  test.each([
    ['BTC', 'USD', 1],
    ['ETH', 'BTC', 7],
    ['EUR', 'USD', 5],
    ['PEPE', 'USDT', 10],
  ])('prices %s in %s to %d decimals', (base, quote, decimals) => {
    expect(list({ venue: 'okx', instrument: 'X', base, quote }).priceDecimals).toBe(decimals);
  });

  test('refuses an exchange that the market cannot play, by name', () => {
    expect(() => btcOn('mexc')).toThrow(/cannot play mexc; it plays binance, bitstamp/);
  });
});
