import { openPlainMarket, SUBSCRIBE_BTC } from '../../../../test/support/plain-market';
import { okx } from './okx';

describe(`okx ${okx.paths.join()}`, () => {
  test('acknowledges each argument, then sends the top of its book, each with a later sequence', async () => {
    await using venue = await openPlainMarket('okx');
    const client = await venue.connect('/ws/v5/public');
    const args = ['BTC-USDT', 'ETH-USDT'].map((instId) => ({ channel: 'bbo-tbt', instId }));
    client.send({ op: 'subscribe', args });
    for (const arg of args) {
      expect(await client.object('"event"')).toEqual({ event: 'subscribe', arg, connId: expect.any(String) });
      const decimal = expect.stringMatching(/^\d+(\.\d+)?$/) as string;
      const level = [decimal, decimal, '0', expect.stringMatching(/^\d+$/)];
      expect(await client.object('"data"')).toEqual({
        arg,
        data: [{ asks: [level], bids: [level], ts: expect.stringMatching(/^\d{13}$/), seqId: expect.any(Number) }],
      });
    }
    await venue.clock.advance(3_000);
    client.send('ping');
    await client.until('pong');
    const ids = client.frames.flatMap((frame) => {
      const id = frame.includes('"instId":"BTC-USDT"},"data"') ? /"seqId":(\d+)/.exec(frame) : null;
      return id === null ? [] : [Number(id[1])];
    });
    expect(ids.length).toBeGreaterThan(3);
    for (const [index, id] of ids.entries()) if (index > 0) expect(id).toBeGreaterThan(ids[index - 1] ?? id);
  });

  test.each([
    ['{"op":"subscribe","argss":[]}', '60012', 'Invalid request: {"op":"subscribe","argss":[]}'],
    ['nonsense', '60012', 'Invalid request: nonsense'],
    ['{"op":"subscribe","args":["BTC"]}', '60012', 'Invalid request'],
    [
      '{"op":"subscribe","args":[{"channel":"bbo-tbt","instId":"NO-USDT"}]}',
      '60018',
      "Wrong URL or channel:bbo-tbt,instId:NO-USDT doesn't exist",
    ],
    ['{"op":"subscribe","args":[{"channel":"nope","instId":"BTC-USDT"}]}', '60018', 'Wrong URL or channel:nope'],
  ])('answers %s with error %s', async (request, code, msg) => {
    await using venue = await openPlainMarket('okx', 1e9);
    const client = await venue.connect();
    client.send(request);
    expect(await client.object('error')).toMatchObject({ event: 'error', code, msg: expect.stringContaining(msg) });
  });

  test('closes a connection without traffic after 30 s; a text ping keeps it', async () => {
    await using venue = await openPlainMarket('okx', 1e9);
    const quiet = await venue.connect();
    const kept = await venue.connect();
    for (let second = 0; second < 40; second += 10) {
      kept.send('ping');
      expect(await kept.until('pong')).toBe('pong');
      await venue.clock.advance(10_000);
    }
    expect(await quiet.closed).toEqual({ code: 4004, reason: 'No data received in 30s' });
    expect(kept.socket.readyState).toBe(kept.socket.OPEN);
  });

  test('gives notice of a service upgrade', async () => {
    await using venue = await openPlainMarket('okx', 1e9);
    const client = await venue.connect();
    client.send(SUBSCRIBE_BTC.okx);
    await client.until('data');
    venue.market.announceRestart('okx');
    expect(await client.object('notice')).toMatchObject({ event: 'notice', code: '64008' });
  });
});
