import { openPlainMarket, SUBSCRIBE_BTC } from '../../../../test/support/plain-market';
import { coinbase } from './coinbase';

describe(`coinbase ${coinbase.paths.join()}`, () => {
  test('sends the snapshot, then the acknowledgement, then updates, in one unbroken sequence', async () => {
    await using venue = await openPlainMarket('coinbase');
    const client = await venue.connect();
    client.send(SUBSCRIBE_BTC.coinbase);
    client.send({ type: 'subscribe', channel: 'heartbeats' });
    await client.until('"heartbeats":["heartbeats"]');
    await venue.clock.advance(3_000);
    await client.until('"heartbeat_counter":3');
    const frames = client.frames.map((frame) => JSON.parse(frame) as Record<string, unknown>);
    expect(frames.map((frame) => frame['sequence_num'])).toEqual(frames.map((_, index) => index));
    expect(frames.slice(0, 3).map((frame) => frame['channel'])).toEqual(['ticker', 'subscriptions', 'subscriptions']);
    expect(frames[0]).toEqual({
      channel: 'ticker',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/),
      sequence_num: 0,
      events: [
        {
          type: 'snapshot',
          tickers: [
            expect.objectContaining({
              type: 'ticker',
              product_id: 'BTC-USD',
              best_bid: expect.stringMatching(/^\d+\.\d+$/),
              best_ask: expect.stringMatching(/^\d+\.\d+$/),
            }),
          ],
        },
      ],
    });
    expect(frames[2]?.['events']).toEqual([{ subscriptions: { heartbeats: ['heartbeats'], ticker: ['BTC-USD'] } }]);
    expect(client.frames.filter((frame) => frame.includes('"type":"update"')).length).toBeGreaterThan(3);
  });

  test('tells the exchange’s own time, not that of arrival', async () => {
    await using venue = await openPlainMarket('coinbase', 1e9);
    const client = await venue.connect();
    client.send(SUBSCRIBE_BTC.coinbase);
    const { timestamp } = await client.object('snapshot');
    const { eventAt } = venue.market.quoteAt('coinbase', 'BTC-USD', venue.clock.now());
    expect(new Date(String(timestamp)).getTime()).toBe(Math.floor(eventAt));
  });

  test('beats once a second, counting', async () => {
    await using venue = await openPlainMarket('coinbase', 1e9);
    const client = await venue.connect();
    client.send({ type: 'subscribe', channel: 'heartbeats' });
    await client.until('subscriptions');
    await venue.clock.advance(3_000);
    const beats = [1, 2, 3].map(async (count) => client.object(`"heartbeat_counter":${count}}`));
    for (const beat of beats) expect(await beat).toMatchObject({ channel: 'heartbeats' });
  });

  test('gives the data of BTC-USD to whoever asks for BTC-USDC', async () => {
    await using venue = await openPlainMarket('coinbase', 1e9);
    const client = await venue.connect();
    client.send({ type: 'subscribe', product_ids: ['BTC-USDC'], channel: 'ticker' });
    expect(await client.until('snapshot')).toContain('"product_id":"BTC-USD"');
  });

  test.each([
    ['not json', 'type must be subscribe'],
    ['{"type":"subscribe","channel":"nope"}', 'channel nope is not supported'],
    ['{"type":"subscribe","channel":"ticker"}', 'must name a product'],
    ['{"type":"subscribe","channel":"ticker","product_ids":"BTC-USD"}', 'must be an array of strings'],
    ['{"type":"subscribe","channel":"ticker","product_ids":["NO-USD"]}', 'NO-USD is not a valid product'],
  ])('answers %s with an error', async (request, message) => {
    await using venue = await openPlainMarket('coinbase', 1e9);
    const client = await venue.connect();
    client.send(request);
    expect(await client.object('error')).toEqual({ type: 'error', message: expect.stringContaining(message) });
  });

  test('closes a connection that has not subscribed in five seconds', async () => {
    await using venue = await openPlainMarket('coinbase', 1e9);
    const client = await venue.connect();
    await venue.clock.advance(5_100);
    expect((await client.closed).code).toBe(1008);
  });
});
