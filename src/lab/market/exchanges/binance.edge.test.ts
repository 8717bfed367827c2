import { openPlainMarket, SUBSCRIBE_BTC } from '../../../../test/support/plain-market';
import { binance } from './binance';

describe(binance.paths.join(' and '), () => {
  test('acknowledges a subscription by its id, then sends book tickers in the combined envelope', async () => {
    await using venue = await openPlainMarket('binance');
    const client = await venue.connect('/stream');
    client.send(SUBSCRIBE_BTC.binance);
    expect(await client.until('result')).toBe('{"result":null,"id":1}');
    await venue.clock.advance(2_000);
    const first = await client.object('"stream":"btcusdt@bookTicker"');
    const { bid, ask } = venue.market.quoteAt('binance', 'BTCUSDT', venue.clock.now());
    expect(first).toEqual({
      stream: 'btcusdt@bookTicker',
      data: {
        u: expect.any(Number),
        s: 'BTCUSDT',
        b: expect.stringMatching(/^\d+\.\d{8}$/),
        B: expect.stringMatching(/^\d+\.\d{8}$/),
        a: expect.stringMatching(/^\d+\.\d{8}$/),
        A: expect.stringMatching(/^\d+\.\d{8}$/),
      },
    });
    const data = first['data'] as { b: string; a: string; u: number };
    expect(Number(data.b) / bid).toBeCloseTo(1, 2);
    expect(Number(data.a) / ask).toBeCloseTo(1, 2);
    const second = (await client.object('bookTicker'))['data'] as { u: number };
    expect(second.u).toBeGreaterThan(data.u);
  });

  test('takes streams from the address too, and sends them bare on /ws', async () => {
    await using venue = await openPlainMarket('binance');
    const combined = await venue.connect('/stream?streams=btcusdt@bookTicker/ethusdt@bookTicker');
    const bare = await venue.connect('/ws/ethusdt@bookTicker');
    await venue.clock.advance(2_000);
    expect(await combined.until('BTCUSDT')).toContain('"stream":"btcusdt@bookTicker"');
    expect(await combined.until('ETHUSDT')).toContain('"stream":"ethusdt@bookTicker"');
    expect(await bare.until('"u"')).toMatch(/^\{"u":\d+,"s":"ETHUSDT"/);
  });

  test('acknowledges an unknown stream and stays silent about it', async () => {
    await using venue = await openPlainMarket('binance');
    const client = await venue.connect('/stream');
    client.send({ method: 'SUBSCRIBE', params: ['BTCUSDT@bookTicker', 'nope@bookTicker'], id: 'a1' });
    expect(await client.until('result')).toBe('{"result":null,"id":"a1"}');
    await venue.clock.advance(2_000);
    client.send({ method: 'LIST_SUBSCRIPTIONS', id: 2 });
    await client.until('"id":2');
    expect(client.frames.join()).not.toContain('bookTicker","data"');
  });

  test('ends a subscription', async () => {
    await using venue = await openPlainMarket('binance', 1e9);
    const client = await venue.connect('/stream?streams=btcusdt@bookTicker');
    client.send({ method: 'UNSUBSCRIBE', params: ['btcusdt@bookTicker'], id: 3 });
    client.send({ method: 'LIST_SUBSCRIPTIONS', id: 4 });
    expect(await client.until('"id":4')).toBe('{"result":[],"id":4}');
  });

  test.each([
    ['{"method":', '{"code":3,"msg":"Invalid JSON'],
    ['{"method":"SUBSCRIBE","params":[]}', 'request ID must be an unsigned integer'],
    ['{"id":1}', 'missing field `method`'],
    ['{"method":"SUBSCRIPE","id":1}', 'unknown variant `SUBSCRIPE`, expected one of `SUBSCRIBE`'],
    ['{"method":"SET_PROPERTY","params":["nope",true],"id":1}', '{"code":0,"msg":"Unknown property","id":1}'],
    ['{"method":"SET_PROPERTY","params":["combined",1],"id":1}', '{"code":1,"msg":"Invalid value type'],
  ])('answers %s with its documented error', async (request, error) => {
    await using venue = await openPlainMarket('binance', 1e9);
    const client = await venue.connect('/stream');
    client.send(request);
    expect(await client.until('"code"')).toContain(error);
  });

  test('pings every 20 s and closes a connection that gives no pong for a minute', async () => {
    await using venue = await openPlainMarket('binance', 1e9);
    const polite = await venue.connect('/stream');
    const rude = await venue.connect('/stream');
    rude.socket.removeAllListeners('ping');
    Object.assign(rude.socket, { _autoPong: false });
    const pinged = new Promise((resolve) => polite.socket.once('ping', resolve));
    for (let second = 0; second < 100; second++) await venue.clock.advance(1_000);
    await pinged;
    expect(await rude.closed).toEqual({ code: 1008, reason: 'no pong' });
    expect(polite.socket.readyState).toBe(polite.socket.OPEN);
  });

  test('closes a connection that sends more than five messages a second', async () => {
    await using venue = await openPlainMarket('binance', 1e9);
    const client = await venue.connect('/stream');
    for (let id = 1; id <= 6; id++) client.send({ method: 'LIST_SUBSCRIPTIONS', id });
    expect(await client.closed).toEqual({ code: 1008, reason: 'Too many requests' });
  });

  test('announces a shutdown as an event', async () => {
    await using venue = await openPlainMarket('binance', 1e9);
    const client = await venue.connect('/stream');
    venue.market.announceRestart('binance');
    expect(await client.object('serverShutdown')).toEqual({
      stream: '!serverShutdown',
      data: { e: 'serverShutdown', E: venue.clock.now() },
    });
  });

  test('serves no other path', async () => {
    await using venue = await openPlainMarket('binance', 1e9);
    await expect(venue.connect('/v2')).rejects.toThrow('404');
  });
});
