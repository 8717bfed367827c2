import { BTC_SYMBOL, openPlainMarket, SUBSCRIBE_BTC } from '../../../test/support/plain-market';
import { SteeredClock } from '../../../test/support/steered-clock';
import { parseFault } from './faults';
import { startMarket } from './market';
import { VENUES, type Venue } from './venue-quotes';

/** What draws an answer from each exchange at once: all it sent before has arrived when the answer has. */
const PROBE: Readonly<Record<Venue, readonly [question: string, answer: string]>> = {
  binance: ['{"method":"LIST_SUBSCRIPTIONS","id":77}', '"id":77'],
  bitstamp: ['{"event":"bts:heartbeat"}', 'bts:heartbeat'],
  bybit: ['{"op":"ping"}', 'pong'],
  coinbase: ['{"type":"probe"}', '"type":"error"'],
  kraken: ['{"method":"ping"}', 'pong'],
  okx: ['ping', 'pong'],
};

/** What only a frame that carries a quote holds. */
const QUOTE = /"b":|best_bid|"bid":|"bids":/;

/** The best bid and ask of a frame that carries a quote, in any of the six languages. */
function pricesOf(frame: string): number[] {
  const [bid, ask] = ['b|bid|bids|best_bid', 'a|ask|asks|best_ask'].map((name) =>
    new RegExp(`"(?:${name})":(?:\\[\\[)?"?([\\d.]+)`).exec(frame),
  );
  return [bid, ask].flatMap((found) => (found?.[1] === undefined ? [] : [Number(found[1])]));
}

/** Its time, by the exchange's clock, in epoch milliseconds. */
function timeOf(frame: string): number {
  const micro = /"microtimestamp":"(\d+)"/.exec(frame)?.[1];
  const milli = /"(?:cts|ts)":"?(\d{13})/.exec(frame)?.[1];
  const iso = /"timestamp":"([^"]+Z)"/.exec(frame)?.[1];
  return micro !== undefined ? Number(micro) / 1_000 : milli !== undefined ? Number(milli) : Date.parse(iso ?? '');
}

async function subscribed(venue: Venue, updateEveryMs?: number) {
  const plain = await openPlainMarket(venue, updateEveryMs);
  const client = await plain.connect();
  client.send(SUBSCRIBE_BTC[venue]);
  await probe();
  async function probe(): Promise<void> {
    client.send(PROBE[venue][0]);
    await client.until(PROBE[venue][1]);
  }
  return Object.assign(plain, {
    client,
    probe,
    /** The frames of the next so many milliseconds. */
    async listen(ms: number): Promise<string[]> {
      const from = client.frames.length;
      await plain.clock.advance(ms);
      await probe();
      return client.frames.slice(from, -1);
    },
    fault(order: string): void {
      plain.market.fault(parseFault(`${venue}:${order}`));
    },
  });
}

describe.each(VENUES)('%s', (venue) => {
  test('changes its books some five times a second', async () => {
    await using plain = await subscribed(venue);
    const quotes = (await plain.listen(20_000)).filter((frame) => QUOTE.test(frame));
    expect(quotes.length).toBeGreaterThan(50);
    expect(quotes.length).toBeLessThan(130);
  });

  test('killed: drops its clients, refuses new ones, and serves again when healed', async () => {
    await using plain = await subscribed(venue);
    plain.fault('kill');
    expect((await plain.client.closed).code).toBe(1006);
    await expect(plain.connect()).rejects.toThrow();
    plain.market.heal(venue);
    const back = await plain.connect();
    back.send(PROBE[venue][0]);
    await back.until(PROBE[venue][1]);
  });

  test('silenced: says nothing at all on a connection that stays', async () => {
    await using plain = await subscribed(venue);
    const before = plain.client.frames.length;
    plain.fault('silence');
    let ponged = false;
    plain.client.socket.on('pong', () => (ponged = true));
    plain.client.socket.ping();
    plain.client.send(PROBE[venue][0]);
    await plain.clock.advance(4_000);
    await plain.connect();
    expect([plain.client.frames.length, ponged]).toEqual([before, false]);
    plain.market.heal(venue);
    await plain.probe();
    expect(plain.client.socket.readyState).toBe(plain.client.socket.OPEN);
  });

  test('half open: completes no handshake and notices nothing, until healing resets it', async () => {
    await using plain = await subscribed(venue);
    const before = plain.client.frames.length;
    plain.fault('halfopen');
    const newcomer = plain.connect();
    newcomer.catch(() => undefined);
    await plain.clock.advance(4_000);
    expect(plain.client.frames.length).toBe(before);
    plain.market.heal(venue);
    await expect(newcomer).rejects.toThrow();
    expect((await plain.client.closed).code).toBe(1006);
  });

  test('frozen: its price stands still while its clock goes on', async () => {
    await using plain = await subscribed(venue);
    await plain.listen(2_000);
    plain.fault('freeze');
    const frames = (await plain.listen(5_000)).filter((frame) => QUOTE.test(frame));
    const prices = new Set(frames.map((frame) => pricesOf(frame).join()));
    expect(prices.size).toBeLessThanOrEqual(1);
    if (venue === 'kraken') expect(frames).toEqual([]);
    else expect(new Set(frames).size).toBeGreaterThan(5);
  });

  test('garbage: what should be quotes is noise', async () => {
    await using plain = await subscribed(venue);
    plain.fault('garbage');
    const frames = await plain.listen(5_000);
    expect(frames).toContain('<html><body>502 Bad Gateway</body></html>');
    expect(frames.flatMap(pricesOf).filter((price) => price > 1_000)).toEqual([]);
  });

  test('flooding: fifty of each', async () => {
    await using plain = await subscribed(venue);
    plain.fault('flood');
    const frames = (await plain.listen(2_000)).filter((frame) => QUOTE.test(frame));
    if (venue === 'kraken') expect(frames.length).toBeGreaterThan(3);
    else expect(frames.length).toBeGreaterThanOrEqual(150);
  });

  test.each([
    ['lie=200', 1.02],
    ['lie=-5000', 0.5],
    ['zero', 0],
  ])('%s: its prices are that far from its own book', async (fault, factor) => {
    await using plain = await subscribed(venue);
    plain.fault(fault);
    const frames = (await plain.listen(3_000)).filter((frame) => QUOTE.test(frame));
    expect(frames.length).toBeGreaterThan(0);
    const { bid } = plain.market.quoteAt(venue, BTC_SYMBOL[venue], plain.clock.now());
    for (const price of frames.flatMap(pricesOf)) expect(price / bid).toBeCloseTo(factor, 1);
  });

  test('crossed: its bid stands above its ask', async () => {
    await using plain = await subscribed(venue);
    plain.fault('crossed');
    const frames = (await plain.listen(3_000)).filter((frame) => QUOTE.test(frame));
    expect(frames.length).toBeGreaterThan(3);
    for (const [bid, ask] of frames.map(pricesOf)) expect(bid).toBeGreaterThan(ask ?? NaN);
  });

  test('faults add up, and one may be healed alone', async () => {
    await using plain = await subscribed(venue);
    plain.fault('zero');
    plain.fault('silence');
    plain.market.heal(venue, 'silence');
    const frames = (await plain.listen(3_000)).filter((frame) => QUOTE.test(frame));
    expect(frames.length).toBeGreaterThan(0);
    expect(frames.flatMap(pricesOf).every((price) => price === 0)).toBe(true);
  });
});

describe('exchanges with a clock of their own', () => {
  test.each(['bitstamp', 'bybit', 'coinbase', 'kraken', 'okx'] as const)('%s: skewed by an hour', async (venue) => {
    await using plain = await subscribed(venue);
    plain.fault('skew');
    const frames = (await plain.listen(2_000)).filter((frame) => QUOTE.test(frame));
    expect(frames.length).toBeGreaterThan(2);
    for (const frame of frames) expect(Math.abs(timeOf(frame) - plain.clock.now() - 3_600_000)).toBeLessThan(2_500);
  });
});

describe('exchanges that number their frames', () => {
  test.each([
    ['coinbase', /"sequence_num":(\d+)/],
    ['bybit', /"u":(\d+)/],
  ] as const)('%s: numbers skip where quotes are lost', async (venue, number) => {
    await using plain = await subscribed(venue);
    const steps = async (ms: number) => {
      const numbers = (await plain.listen(ms))
        .filter((frame) => QUOTE.test(frame))
        .map((f) => Number(number.exec(f)?.[1]));
      return new Set(numbers.slice(1).map((value, index) => value - (numbers[index] ?? NaN)));
    };
    expect(await steps(4_000)).toEqual(new Set([1]));
    plain.fault('gap');
    expect(await steps(8_000)).toEqual(new Set([1, 2]));
  });
});

describe(startMarket.name, () => {
  const clock = new SteeredClock();
  const open = (...instruments: Parameters<typeof startMarket>[0]['instruments']) =>
    startMarket({ seed: 1, clock, timers: clock, instruments });
  const btc = { venue: 'okx', instrument: 'BTC-USDT', base: 'BTC', quote: 'USDT' };

  test('gives two markets of one seed the same truths and books', async () => {
    const markets = [await open(btc), await open(btc)] as const;
    const at = clock.now() + 1_234;
    const [one, other] = markets.map((market) => [
      market.truthOf('BTC', 'USDT', at),
      market.quoteAt('okx', 'BTC-USDT', at),
    ]);
    expect(one).toEqual(other);
    for (const market of markets) await market.stop();
  });

  test('knows the books of the 65 minutes before it opened', async () => {
    const market = await open(btc);
    const quote = market.quoteAt('okx', 'BTC-USDT', clock.now() - 65 * 60_000);
    expect(quote.bid / market.truthOf('BTC', 'USDT', quote.eventAt)).toBeCloseTo(1, 2);
    await market.stop();
  });

  test('quotes a moved price on every book', async () => {
    const market = await open(btc, { ...btc, venue: 'kraken', instrument: 'BTC/USD', quote: 'USD' });
    market.move({ asset: 'BTC', bps: -5_000, overMs: 1_000 });
    const at = clock.now() + 1_500;
    for (const [venue, instrument] of [
      ['okx', 'BTC-USDT'],
      ['kraken', 'BTC/USD'],
    ] as const) {
      const fall = market.quoteAt(venue, instrument, at).bid / market.quoteAt(venue, instrument, clock.now()).bid;
      expect(Math.abs(fall - 0.5)).toBeLessThan(0.01);
    }
    await market.stop();
  });

  test('leaves no timer behind when it stops', async () => {
    const market = await open(btc);
    expect(clock.pending).toBeGreaterThan(0);
    await market.stop();
    expect(clock.pending).toBe(0);
  });

  test('refuses assets, exchanges and instruments that it does not know, by name', async () => {
    await expect(open({ ...btc, base: 'NOPE' })).rejects.toThrow(/no model of NOPE/);
    await expect(open({ ...btc, venue: 'mexc' })).rejects.toThrow(/cannot play mexc/);
    const market = await open(btc);
    expect(() => market.quoteAt('okx', 'ETH-USDT', clock.now())).toThrow(/no ETH-USDT on okx/);
    expect(() => {
      market.fault({ venue: 'kraken', fault: 'kill' });
    }).toThrow(/no instrument on kraken; it has okx/);
    await market.stop();
  });
});
