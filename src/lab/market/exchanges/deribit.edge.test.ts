import { PlainClient } from '../../../../test/support/plain-client';
import { SteeredClock } from '../../../../test/support/steered-clock';
import { startMarket } from '../market';
import { deribit } from './deribit';

const AT = 1_780_000_000_000;

async function open() {
  const clock = new SteeredClock(AT);
  const instruments = [
    { venue: 'deribit', instrument: 'btc_usd', base: 'BTC', quote: 'USD' },
    { venue: 'deribit', instrument: 'eth_usd', base: 'ETH', quote: 'USD' },
  ];
  const market = await startMarket({ seed: 1, clock, timers: clock, instruments });
  const client = await PlainClient.connect(`${market.endpoints.deribit ?? ''}/ws/api/v2`);
  return {
    clock,
    market,
    client,
    async ask(id: number, method: string, params: object): Promise<unknown> {
      client.send({ jsonrpc: '2.0', id, method, params });
      return client.object(`"id":${id}`);
    },
    async [Symbol.asyncDispose]() {
      client.end();
      await market.stop();
    },
  };
}

const channelsOf = (...indices: readonly string[]) => ({
  channels: indices.map((index) => `deribit_volatility_index.${index}`),
});

describe(`deribit ${deribit.paths.join()}`, () => {
  test('tells each index that is subscribed to at once and every second: what the asset does, and a premium', async () => {
    await using venue = await open();
    const { result } = (await venue.ask(1, 'public/subscribe', channelsOf('btc_usd', 'nobody'))) as { result: unknown };
    expect(result).toEqual(['deribit_volatility_index.btc_usd']);
    const told = (await venue.client.object('"subscription"')) as { params: { channel: string; data: object } };
    expect(told.params).toEqual({
      channel: 'deribit_volatility_index.btc_usd',
      data: {
        volatility: venue.market.quoteAt('deribit', 'btc_usd', AT).last,
        timestamp: AT - 100,
        index_name: 'btc_usd',
      },
    });
    await venue.clock.advance(5_000);
    await venue.ask(2, 'public/test', {});
    const news = venue.client.frames.filter((frame) => frame.includes('"subscription"'));
    expect(news).toHaveLength(6);
    const figures = news.map((frame) => Number(/"volatility":([\d.]+)/.exec(frame)?.[1]));
    expect(Math.min(...figures)).toBeGreaterThan(70);
    expect(Math.max(...figures)).toBeLessThan(106);
  });

  test('asks whether anybody is there, and leaves who does not answer', async () => {
    await using venue = await open();
    expect(await venue.ask(1, 'public/set_heartbeat', { interval: 10 })).toMatchObject({ result: 'ok' });
    await venue.clock.advance(10_000);
    expect(await venue.client.until('heartbeat')).toContain('{"type":"heartbeat"}');
    await venue.clock.advance(10_000);
    await venue.client.until('test_request');
    await venue.ask(2, 'public/test', {});
    await venue.clock.advance(20_000);
    await venue.client.until('test_request');
    await venue.clock.advance(10_000);
    expect((await venue.client.closed).code).toBe(1000);
  });

  test.each([
    ['public/set_heartbeat', { interval: 5 }, 'Invalid params'],
    ['public/subscribe', {}, 'Invalid params'],
    ['public/auth', {}, 'Method not found'],
  ])('refuses %s %j', async (method, params, message) => {
    await using venue = await open();
    expect(await venue.ask(1, method, params)).toMatchObject({ error: { message } });
  });
});
