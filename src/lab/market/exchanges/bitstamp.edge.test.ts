import { openPlainMarket, SUBSCRIBE_BTC } from '../../../../test/support/plain-market';
import { bitstamp } from './bitstamp';

describe(`bitstamp ${bitstamp.paths.join()}`, () => {
  test('acknowledges, then sends whole books: strings, best first, microseconds', async () => {
    await using venue = await openPlainMarket('bitstamp');
    const client = await venue.connect();
    client.send(SUBSCRIBE_BTC.bitstamp);
    expect(await client.object('subscription_succeeded')).toEqual({
      event: 'bts:subscription_succeeded',
      channel: 'order_book_btcusd',
      data: {},
    });
    await venue.clock.advance(2_000);
    const times: number[] = [];
    for (let frames = 0; frames < 3; frames++) {
      const { data, channel, event } = (await client.object('"data":{"timestamp"')) as {
        data: { timestamp: string; microtimestamp: string; bids: string[][]; asks: string[][] };
        channel: string;
        event: string;
      };
      expect([channel, event]).toEqual(['order_book_btcusd', 'data']);
      const [bids, asks] = [data.bids, data.asks].map((side) => side.map(([price]) => Number(price)));
      expect(bids).toHaveLength(20);
      expect(bids).toEqual([...new Set(bids)].sort((one, other) => other - one));
      expect(asks).toEqual([...new Set(asks)].sort((one, other) => one - other));
      expect(asks?.[0]).toBeGreaterThan(bids?.[0] ?? NaN);
      expect(data.microtimestamp).toMatch(/^\d{16}$/);
      expect(data.microtimestamp.startsWith(data.timestamp)).toBe(true);
      times.push(Number(data.microtimestamp));
    }
    expect(times).toEqual([...times].sort((one, other) => one - other));
  });

  test('answers a heartbeat and ends a subscription', async () => {
    await using venue = await openPlainMarket('bitstamp', 1e9);
    const client = await venue.connect();
    client.send({ event: 'bts:heartbeat' });
    expect(await client.object('heartbeat')).toEqual({
      event: 'bts:heartbeat',
      channel: '',
      data: { status: 'success' },
    });
    client.send({ event: 'bts:unsubscribe', data: { channel: 'order_book_btcusd' } });
    expect(await client.until('bts:unsubscription_succeeded')).toContain('order_book_btcusd');
  });

  test.each([
    ['nonsense', 'Incorrect JSON format.'],
    ['{"event":"bts:subscribe","data":{}}', 'Bad subscription string.'],
    ['{"event":"bts:subscribe","data":{"channel":"order_book_nopusd"}}', 'Bad subscription string.'],
    ['{"event":"bts:ping"}', 'Bad subscription string.'],
  ])('answers %s with its error', async (request, message) => {
    await using venue = await openPlainMarket('bitstamp', 1e9);
    const client = await venue.connect();
    client.send(request);
    expect(await client.object('bts:error')).toEqual({
      event: 'bts:error',
      channel: '',
      data: { code: null, message },
    });
  });

  test('requests a reconnection', async () => {
    await using venue = await openPlainMarket('bitstamp', 1e9);
    const client = await venue.connect();
    venue.market.announceRestart('bitstamp');
    expect(await client.object('reconnect')).toEqual({ event: 'bts:request_reconnect', channel: '', data: '' });
  });
});
