import { openPlainMarket, SUBSCRIBE_BTC } from '../../../../test/support/plain-market';
import { bybit } from './bybit';

describe(`bybit ${bybit.paths.join()}`, () => {
  test('acknowledges, then sends nothing but snapshots of the best level, numbered without a gap', async () => {
    await using venue = await openPlainMarket('bybit');
    const client = await venue.connect('/v5/public/spot');
    client.send({ ...SUBSCRIBE_BTC.bybit, req_id: 'r1' });
    expect(await client.object('"op"')).toEqual({
      success: true,
      ret_msg: 'subscribe',
      conn_id: expect.any(String),
      req_id: 'r1',
      op: 'subscribe',
    });
    await venue.clock.advance(3_000);
    client.send({ op: 'ping' });
    expect(await client.object('pong')).toMatchObject({ success: true, ret_msg: 'pong', op: 'ping' });
    const books = client.frames
      .filter((frame) => frame.includes('"topic"'))
      .map((frame) => JSON.parse(frame) as { data: { u: number }; ts: number; cts: number });
    const decimal = expect.stringMatching(/^\d+(\.\d+)?$/) as string;
    expect(books[0]).toEqual({
      topic: 'orderbook.1.BTCUSDT',
      ts: expect.any(Number),
      type: 'snapshot',
      data: {
        s: 'BTCUSDT',
        b: [[decimal, decimal]],
        a: [[decimal, decimal]],
        u: expect.any(Number),
        seq: expect.any(Number),
      },
      cts: expect.any(Number),
    });
    expect(books.length).toBeGreaterThan(3);
    expect(books.map(({ data }) => data.u)).toEqual(books.map((_, index) => (books[0]?.data.u ?? 0) + index));
  });

  test('repeats an unchanged book after three seconds, under its old number', async () => {
    await using venue = await openPlainMarket('bybit', 1e9);
    const client = await venue.connect();
    client.send(SUBSCRIBE_BTC.bybit);
    const first = await client.until('"topic"');
    await venue.clock.advance(5_000);
    expect(await client.until('"topic"')).toBe(first);
  });

  test.each([
    [['orderbook.1.NOUSDT'], 'Invalid symbol :[orderbook.1.NOUSDT]'],
    [['orderbook.7.BTCUSDT'], 'error:handler not found,topic:orderbook.7.BTCUSDT'],
    [Array.from({ length: 11 }, () => 'orderbook.1.BTCUSDT'), 'args size >10'],
    [[], 'Params Error'],
    ['orderbook.1.BTCUSDT', 'Params Error'],
    [['orderbook.1.BTCUSDT', 'orderbook.1.NOUSDT'], 'Invalid symbol :[orderbook.1.NOUSDT]'],
  ])('refuses %j as a whole', async (args, message) => {
    await using venue = await openPlainMarket('bybit');
    const client = await venue.connect();
    client.send({ op: 'subscribe', args });
    expect(await client.object('"op"')).toMatchObject({ success: false, ret_msg: message, op: 'subscribe' });
    await venue.clock.advance(2_000);
    client.send({ op: 'ping' });
    await client.until('pong');
    expect(client.frames.join()).not.toContain('"topic"');
  });
});
