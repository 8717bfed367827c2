import { openPlainMarket, SUBSCRIBE_BTC } from '../../../../test/support/plain-market';
import { kraken } from './kraken';

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/) as string;

describe(`kraken ${kraken.paths.join()}`, () => {
  test('greets with its status, acknowledges each symbol, and sends a snapshot and updates of numbers', async () => {
    await using venue = await openPlainMarket('kraken');
    const client = await venue.connect('/v2');
    expect(await client.object('status')).toMatchObject({ channel: 'status', data: [{ system: 'online' }] });
    const params = { channel: 'ticker', symbol: ['BTC/USD', 'ETH/USD'], event_trigger: 'bbo' };
    client.send({ method: 'subscribe', params, req_id: 9 });
    for (const symbol of params.symbol) {
      expect(await client.object('"result"')).toEqual({
        method: 'subscribe',
        result: { channel: 'ticker', event_trigger: 'bbo', snapshot: true, symbol },
        success: true,
        req_id: 9,
        time_in: TIME,
        time_out: TIME,
      });
      const { data } = (await client.object('snapshot')) as { data: object[] };
      expect(data).toEqual([
        expect.objectContaining({ symbol, bid: expect.any(Number), ask: expect.any(Number), timestamp: TIME }),
      ]);
    }
    await venue.clock.advance(2_000);
    expect(await client.until('"type":"update"')).toContain('"channel":"ticker"');
  });

  test('updates on trades alone unless asked for the best bid and offer', async () => {
    await using venue = await openPlainMarket('kraken', 20);
    const both = await Promise.all([venue.connect(), venue.connect()]);
    const [bbo, trades] = both;
    bbo.send(SUBSCRIBE_BTC.kraken);
    trades.send({ method: 'subscribe', params: { channel: 'ticker', symbol: ['BTC/USD'] } });
    for (const client of both) await client.until('snapshot');
    await venue.clock.advance(10_000);
    for (const client of both) {
      client.send({ method: 'ping' });
      await client.until('pong');
    }
    expect(trades.frames.length).toBeGreaterThan(10);
    expect(trades.frames.length).toBeLessThan(bbo.frames.length / 2);
  });

  test('beats in a second without other news, once something is subscribed', async () => {
    await using venue = await openPlainMarket('kraken', 1e9);
    const idle = await venue.connect();
    const client = await venue.connect();
    client.send(SUBSCRIBE_BTC.kraken);
    await client.until('snapshot');
    await venue.clock.advance(2_000);
    expect(await client.until('heartbeat')).toBe('{"channel":"heartbeat"}');
    idle.send({ method: 'ping', req_id: 5 });
    expect(await idle.object('pong')).toMatchObject({ method: 'pong', req_id: 5 });
    expect(idle.frames.join()).not.toContain('heartbeat');
  });

  test('leaves the snapshot out when asked to', async () => {
    await using venue = await openPlainMarket('kraken', 1e9);
    const client = await venue.connect();
    client.send({ method: 'subscribe', params: { channel: 'ticker', symbol: ['BTC/USD'], snapshot: false } });
    client.send({ method: 'ping' });
    await client.until('pong');
    expect(client.frames.join()).not.toContain('"type":"snapshot"');
  });

  test.each([
    [{ channel: 'ticker', symbol: ['XBT/USD'] }, 'Currency pair not supported XBT/USD'],
    [{ channel: 'nope', symbol: ['BTC/USD'] }, 'Subscription name invalid'],
    [{ channel: 'ticker', symbol: 'BTC/USD' }, 'Symbol(s) not found'],
    [{ channel: 'ticker', symbol: ['BTC/USD'], event_trigger: 'sun' }, 'Event trigger not supported'],
    [{ channel: 'ticker', symbol: ['BTC/USD', 'BTC/USD'] }, 'Already subscribed'],
    [undefined, 'Malformed request'],
  ])('refuses to subscribe to %j', async (params, error) => {
    await using venue = await openPlainMarket('kraken', 1e9);
    const client = await venue.connect();
    client.send({ method: 'subscribe', params });
    expect(await client.object('"error"')).toMatchObject({ error, method: 'subscribe', success: false });
  });
});
