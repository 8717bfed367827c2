import fc from 'fast-check';
import { configHash } from './compile';
import { loadConfiguration } from './load';

const DIALECTS = ['binance', 'coinbase', 'kraken', 'okx', 'bybit', 'bitstamp', 'deribit', 'generic'];

describe('the configuration that is shipped', () => {
  const { plan, venues, nominalPrices, chains } = loadConfiguration('config', DIALECTS);
  const named = (id: string) => plan.feeds.findIndex((feed) => feed.id === id);
  const marketsOf = (id: string) => plan.sources.filter(({ feed }) => feed === named(id));
  const sourcesOf = (id: string) => marketsOf(id).filter(({ anchor }) => anchor === undefined);

  test('publishes 25 feeds: 18 majors, five stables and the euro, wrapped bitcoin, and a cross', () => {
    const ids = plan.feeds.map(({ id }) => id);
    const others = ['USDT/USD', 'USDC/USD', 'DAI/USD', 'PYUSD/USD', 'EUR/USD', 'WBTC/USD', 'ETH/BTC'];
    expect(ids).toHaveLength(25);
    expect(ids).toEqual(expect.arrayContaining(others));
    expect(ids.filter((id) => !others.includes(id))).toHaveLength(18);
  });

  test('asks all six venues for BTC/USD, each in its own spelling', () => {
    expect(sourcesOf('BTC/USD').map(({ id }) => id)).toEqual([
      'coinbase:BTC-USD',
      'kraken:BTC/USD',
      'bitstamp:btcusd',
      'binance:BTCUSDT',
      'okx:BTC-USDT',
      'bybit:BTCUSDT',
    ]);
  });

  test.each(['BTC', 'ETH', 'SOL'])(
    'has perpetuals of three exchanges for anchors of %s/USD, through the leg',
    (base) => {
      const anchors = marketsOf(`${base}/USD`).filter(({ anchor }) => anchor !== undefined);
      expect(anchors.map(({ id, leg, anchor }) => [id, leg, anchor])).toEqual(
        [`binance-perpetual:${base}USDT`, `okx-perpetual:${base}-USDT-SWAP`, `bybit-perpetual:${base}USDT`].map(
          (id) => [id, named('USDT/USD'), { maxDeviationBps: 100 }],
        ),
      );
    },
  );

  test('converts what is quoted in USDT by USDT/USD, and nothing else', () => {
    const legs = sourcesOf('BTC/USD').map(({ leg }) => (leg === undefined ? undefined : plan.feeds[leg]?.id));
    expect(legs).toEqual([undefined, undefined, undefined, 'USDT/USD', 'USDT/USD', 'USDT/USD']);
  });

  test.each(['USDT/USD', 'ETH/BTC'])('measures %s by native books alone', (id) => {
    expect(sourcesOf(id).filter(({ leg }) => leg !== undefined)).toEqual([]);
  });

  test('gives every price seven digits at least, and room for ten times as much', () => {
    const mantissas = plan.feeds.map(({ decimals }, i) => (nominalPrices[i] ?? 0) * 10 ** decimals);
    expect(Math.min(...mantissas)).toBeGreaterThanOrEqual(1e6);
    expect(10 * Math.max(...mantissas)).toBeLessThan(2 ** 53);
  });

  test('lists for each venue the instruments that its sources need', () => {
    const perpetuals = ['binance-perpetual', 'okx-perpetual', 'bybit-perpetual'];
    const seven = DIALECTS.filter((name) => name !== 'generic');
    expect(venues.map(({ name }) => name).toSorted()).toEqual([...seven, ...perpetuals].toSorted());
    expect(venues.flatMap(({ instruments }) => instruments)).toHaveLength(plan.sources.length + 2);
  });

  test('listens to what options imply of bitcoin and ether', () => {
    const index = { venue: 'deribit', maxAgeMs: 600_000, maxFutureMs: 1_000 };
    const feedOf = (named: string): number => plan.feeds.findIndex(({ id }) => id === named);
    expect(plan.implied).toEqual([
      { ...index, id: 'deribit:btc_usd', instrument: 'btc_usd', feed: feedOf('BTC/USD') },
      { ...index, id: 'deribit:eth_usd', instrument: 'eth_usd', feed: feedOf('ETH/USD') },
    ]);
  });

  test('has an anchor in the plan for every reader, by the same id', () => {
    expect(plan.anchors.map(({ id }) => id)).toEqual(chains.flatMap(({ readers }) => readers.map(({ id }) => id)));
    expect(plan.anchors.map(({ feed }) => plan.feeds[feed]?.id)).toEqual(['BTC/USD', 'ETH/USD']);
  });
});

describe(configHash.name, () => {
  const { plan, configHash: hash } = loadConfiguration('config', DIALECTS);

  test('is a SHA-256 by name', () => {
    expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test('does not depend on the order in which keys were written', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(Object.keys(plan), { minLength: Object.keys(plan).length }), (keys) => {
        const shuffled = Object.fromEntries(keys.map((key) => [key, plan[key as keyof typeof plan]]));
        expect(configHash(shuffled as unknown as typeof plan)).toBe(hash);
      }),
    );
  });

  test.each<[what: string, change: Partial<typeof plan>]>([
    ['the network', { network: 'other' }],
    ['the order of feeds', { feeds: plan.feeds.toReversed() }],
    ['a weight', { sources: plan.sources.map((source, i) => (i === 0 ? { ...source, weight: 21 } : source)) }],
  ])('changes with %s', (_what, change) => {
    expect(configHash({ ...plan, ...change })).not.toBe(hash);
  });
});
