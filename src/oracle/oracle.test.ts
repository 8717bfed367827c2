import { OracleDriver, quoteOf, T0 } from '../../test/support/oracle-driver';
import { planOf, type FeedSketch } from '../../test/support/plans';
import { loadKeccak } from '../platform/keccak';
import type { FeedPolicy } from './plan';
import { decodePriceLeaf } from './reporting/price-leaf';
import type { Keccak } from './reporting/keccak';

/** Warm with the first second and without grace, where a test is about something else. */
const AT_ONCE: Partial<FeedPolicy> = { warmUpMs: 0, graceMs: 0 };
const FOUR = { a: {}, b: {}, c: {}, d: {} };
const BTC: FeedSketch = { policy: AT_ONCE, sources: FOUR };
const all = (price: number, feed = 'BTC/USD'): Record<string, number> =>
  Object.fromEntries(Object.keys(FOUR).map((upstream) => [`${upstream}:${feed}`, price]));

let keccak: Keccak;
beforeAll(async () => {
  keccak = await loadKeccak();
});

describe('when a cut is made', () => {
  it('makes the first one at once: every feed has a report, if only a halted one', () => {
    const driver = new OracleDriver(planOf({ 'BTC/USD': BTC, 'ETH/USD': BTC }), keccak);
    const [cut] = driver.to(T0);
    expect(cut).toMatchObject({ number: T0 / 10, at: T0 });
    expect(cut!.reports.map(({ feed, sequence, status }) => [feed, sequence, status])).toEqual([
      [0, 1, 'halted'],
      [1, 1, 'halted'],
    ]);
    expect(cut!.figures).toHaveLength(2);
    expect(cut!.leaves.map(({ index }) => index)).toEqual([0, 2, 1, 3]);
    expect(cut!.header).toMatchObject({ cut: T0 / 10, validUntil: T0 + 5_000, signerEpoch: 1 });
  });

  it('lets input that comes sooner than a tick wait for the next cut, and then take part in it', () => {
    const driver = new OracleDriver(planOf({ 'BTC/USD': BTC }), keccak);
    driver.to(T0);
    expect(driver.to(T0 + 4, driver.say(all(100)))).toEqual([]);
    expect(driver.oracle.dueAt()).toBe(T0 + 10);
    expect(driver.to(T0 + 10)[0]?.reports).toMatchObject([{ prices: { price: 10_000 }, observedAt: T0 + 4 }]);
  });

  it('never makes two cuts in one tick, however their instants fall', () => {
    const driver = new OracleDriver(planOf({ 'BTC/USD': BTC }), keccak);
    driver.to(T0 + 9.5);
    driver.to(T0 + 12, driver.say(all(100)));
    expect(driver.oracle.dueAt()).toBe(T0 + 19.5);
    driver.to(T0 + 30);
    expect(driver.cuts.map(({ number }) => number - T0 / 10)).toEqual([0, 1]);
  });

  it('waits for the configured interval', () => {
    const plan = { ...planOf({ 'BTC/USD': BTC }), cuts: { minIntervalMs: 250, maxIntervalMs: 400, validForMs: 5_000 } };
    const driver = new OracleDriver(plan, keccak);
    driver.to(T0);
    driver.to(T0 + 20, driver.say(all(100)));
    expect(driver.oracle.dueAt()).toBe(T0 + 250);
    driver.to(T0 + 1_000);
    expect(driver.cuts.map(({ at }) => at - T0)).toEqual([0, 250, 650, 1_000]);
  });

  it('makes one on each whole second, with the figures of all feeds', () => {
    const driver = new OracleDriver(planOf({ 'BTC/USD': BTC }), keccak);
    driver.to(T0 + 123);
    driver.to(T0 + 3_500);
    expect(driver.cuts.map(({ at, figures }) => [at - T0, figures.length])).toEqual([
      [123, 1],
      [1_000, 1],
      [2_000, 1],
      [3_000, 1],
    ]);
  });

  it.each([
    ['an instant before the last', T0 - 1],
    ['the instant of a cut again', T0],
    ['what is no instant', NaN],
  ])('refuses %s', (_reason, at) => {
    const driver = new OracleDriver(planOf({ 'BTC/USD': BTC }), keccak);
    driver.to(T0);
    expect(() => driver.oracle.advance(at, [])).toThrow(RangeError);
  });
});

describe('what a cut says', () => {
  it('reports only what changed, and never the same twice', () => {
    const driver = new OracleDriver(planOf({ 'BTC/USD': BTC, 'ETH/USD': BTC }), keccak);
    driver.to(T0, driver.say({ ...all(100), ...all(50, 'ETH/USD') }));
    const [cut] = driver.to(T0 + 20, driver.say({ 'a:BTC/USD': 101 }));
    expect(cut!.reports.map(({ feed, sequence }) => [feed, sequence])).toEqual([[0, 2]]);
    expect(cut!.leaves.map(({ index }) => index)).toEqual([0]);
    expect([...cut!.verdicts.source]).toEqual([0, 1, 2, 3]);
  });

  it('writes leaves that say what the reports say', () => {
    const driver = new OracleDriver(planOf({ 'BTC/USD': BTC }), keccak);
    const [cut] = driver.to(T0, driver.say(all(100)));
    const leaf = decodePriceLeaf(cut!.leaves[0]!.bytes);
    const report = driver.report('BTC/USD');
    expect(leaf).toMatchObject({ feed: 'BTC/USD', status: report.status, cut: cut!.number, sequence: 1 });
    expect(leaf.prices?.price).toBe(10_000n);
  });

  it('gives every source of a feed a verdict, with the value measured and the limit', () => {
    const driver = new OracleDriver(planOf({ 'BTC/USD': { ...BTC, sources: { ...FOUR, e: {}, f: {} } } }), keccak);
    driver.to(T0, driver.say({ 'a:BTC/USD': 100, 'b:BTC/USD': 100 }));
    driver.to(
      T0 + 10_000,
      driver.say({
        'c:BTC/USD': 100,
        'd:BTC/USD': quoteOf(100, { eventAt: T0 - 500 }),
        'e:BTC/USD': quoteOf(100, { bid: 200 }),
      }),
    );
    const rows = ['a', 'b', 'c', 'd', 'e', 'f'].map((upstream) => driver.verdict(`${upstream}:BTC/USD`));
    expect(rows.map(({ verdict, weight, measured, limit }) => [verdict, weight, measured, limit])).toEqual([
      ['staleReceived', 0, 10_000, 10_000],
      ['staleReceived', 0, 10_000, 10_000],
      ['used', 1, 100, NaN],
      ['staleEvent', 0, 10_500, 10_000],
      ['crossed', 0, 200, 100],
      ['silent', 0, NaN, NaN],
    ]);
  });

  it('shares an upstream’s vote among its sources', () => {
    const mirror = { ...FOUR, m: { upstream: 0 } };
    const driver = new OracleDriver(planOf({ 'BTC/USD': { ...BTC, sources: mirror } }), keccak);
    driver.to(T0, driver.say({ ...all(100), 'm:BTC/USD': 104 }));
    expect([driver.verdict('a:BTC/USD').weight, driver.verdict('m:BTC/USD').weight]).toEqual([0.125, 0.125]);
    expect(driver.report('BTC/USD').sources).toEqual({ used: 5, upstreams: 4 });
  });

  it('takes no price that cannot be published, and so none can stop the other feeds', () => {
    const plan = planOf({ 'BTC/USD': BTC, 'DUST/USD': BTC });
    const driver = new OracleDriver(plan, keccak);
    driver.to(T0, driver.say({ ...all(100), ...all(0.009, 'DUST/USD') }));
    expect(driver.verdict('a:DUST/USD')).toMatchObject({ verdict: 'outOfRange', measured: 0.009, limit: 0.01 });
    driver.to(T0 + 20, driver.say(all(1e300, 'DUST/USD')));
    expect(driver.verdict('a:DUST/USD')).toMatchObject({ verdict: 'outOfRange', measured: 1e300 });
    expect(driver.report('DUST/USD')).toMatchObject({ status: 'halted', prices: undefined });
    expect(driver.report('BTC/USD')).toMatchObject({ prices: { price: 10_000 } });
  });

  it('publishes through any jump that a market may make, from the smallest price to the largest', () => {
    const unbroken = { ...BTC, policy: { ...AT_ONCE, maxJumpBps: Infinity } };
    const driver = new OracleDriver(planOf({ 'BTC/USD': unbroken }), keccak);
    for (let second = 0; second < 80; second++) {
      const at = T0 + second * 1_000 + 500;
      const price = second % 2 === 0 ? 0.01 : 9e12;
      const said = Object.keys(all(price)).map((id) => [id, quoteOf(price, { eventAt: at - 5_000 })] as const);
      driver.to(at, driver.say(Object.fromEntries(said)));
    }
    expect(driver.report('BTC/USD')).toMatchObject({
      status: 'degraded',
      prices: { low: 1, price: 9e14, high: Number.MAX_SAFE_INTEGER },
    });
    expect(driver.cuts.at(-1)!.figures).toEqual([]);
    expect(driver.to(T0 + 80_000)[0]!.figures[0]!.volatilityPpm).toBeUndefined();
  });

  it('is warm as soon as it has a stable price where no warm-up is asked for', () => {
    const driver = new OracleDriver(planOf({ 'BTC/USD': BTC }), keccak);
    driver.to(T0 + 300, driver.say(all(100)));
    expect(driver.report('BTC/USD')).toMatchObject({ status: 'warming', prices: { collateral: undefined } });
    driver.to(T0 + 1_000);
    expect(driver.report('BTC/USD')).toMatchObject({ status: 'ok', prices: { collateral: 9_996 } });
  });
});

describe('what hangs on a leg', () => {
  const LEGS = {
    'USDT/USD': {
      decimals: 6,
      policy: { ...AT_ONCE, minUpstreams: 2, okUpstreams: 3 },
      sources: { a: {}, b: {}, c: {} },
    },
    'BTC/USD': {
      policy: { ...AT_ONCE, medianToleranceBps: 10_000, maxNativeGapBps: 10_000 },
      sources: { a: {}, b: {}, d: { leg: 'USDT/USD' }, e: { leg: 'USDT/USD' }, f: { leg: 'USDT/USD' } },
    },
  };
  const USDT = { 'a:USDT/USD': 1, 'b:USDT/USD': 1, 'c:USDT/USD': 1 };
  const CONVERTED = { 'd:BTC/USD': 100, 'e:BTC/USD': 100, 'f:BTC/USD': 100 };
  const NATIVE = { 'a:BTC/USD': 100, 'b:BTC/USD': 100 };

  function warm(): OracleDriver {
    const driver = new OracleDriver(planOf(LEGS), keccak);
    driver.to(T0, driver.say({ ...USDT, ...CONVERTED, ...NATIVE }));
    driver.to(T0 + 2_000, driver.say({ ...USDT, ...CONVERTED, ...NATIVE }));
    return driver;
  }

  it('moves within the same cut, without a word of its own', () => {
    const driver = warm();
    const usdt = Object.fromEntries(Object.keys(USDT).map((id) => [id, 0.9]));
    const cuts = driver.to(T0 + 2_100, driver.say(usdt));
    expect(cuts).toHaveLength(1);
    // Each vote is two seconds old and leaves open what the price may have done since, some 3 bp.
    expect(Math.abs(driver.report('BTC/USD').prices!.price - 9_000)).toBeLessThanOrEqual(3);
  });

  it('loses its vote with a halted leg, in the same cut, and says why', () => {
    const driver = warm();
    const cuts = driver.to(T0 + 2_100, [driver.operator('halt', 'USDT/USD')]);
    expect(cuts).toHaveLength(1);
    expect(driver.verdict('d:BTC/USD')).toMatchObject({ verdict: 'legHalted', weight: 0 });
    expect(driver.report('BTC/USD')).toMatchObject({ status: 'halted', sources: { used: 2, upstreams: 2 } });
    expect(driver.report('BTC/USD').reasons).toEqual(expect.arrayContaining(['tooFewUpstreams', 'legHalted']));
    expect(driver.report('BTC/USD').prices).toBeUndefined();
  });

  it('votes again in the cut in which its leg returns', () => {
    const driver = warm();
    driver.to(T0 + 2_100, [driver.operator('halt', 'USDT/USD')]);
    driver.to(T0 + 2_200, [driver.operator('resume', 'USDT/USD')]);
    expect(driver.report('BTC/USD')).toMatchObject({ status: 'ok', prices: { price: 10_000 } });
  });

  it('only becomes wider with a degraded leg, which it names', () => {
    const driver = warm();
    const before = driver.report('BTC/USD').prices!;
    driver.to(T0 + 2_100, driver.say({ 'a:USDT/USD': 0.998, 'b:USDT/USD': 1.002, 'c:USDT/USD': quoteOf(0) }));
    expect(driver.report('USDT/USD')).toMatchObject({ status: 'degraded', reasons: ['thinUpstreams'] });
    const report = driver.report('BTC/USD');
    expect(report).toMatchObject({ status: 'ok', reasons: ['legDegraded'], prices: { price: before.price } });
    expect(report.prices!.high - report.prices!.low).toBeGreaterThan(before.high - before.low);
  });

  it('is judged by what it is worth after conversion, not by its own figures', () => {
    const plan = planOf({
      'KRW/USD': { decimals: 12, policy: { ...AT_ONCE }, sources: FOUR },
      'BTC/USD': {
        decimals: 10,
        policy: { ...AT_ONCE, minNative: 0 },
        sources: { a: { leg: 'KRW/USD' }, b: { leg: 'KRW/USD' }, c: { leg: 'KRW/USD' }, d: { leg: 'KRW/USD' } },
      },
    });
    const driver = new OracleDriver(plan, keccak);
    driver.to(T0, driver.say({ ...all(0.0007, 'KRW/USD'), ...all(90_000_000) }));
    expect(driver.report('BTC/USD').prices?.price).toBe(63_000 * 1e10);
  });
});

describe('operators', () => {
  it('halt a feed at the next cut, whatever its sources say, until they resume it through grace', () => {
    const driver = new OracleDriver(planOf({ 'BTC/USD': { ...BTC, policy: { ...AT_ONCE, graceMs: 10_000 } } }), keccak);
    driver.to(T0, driver.say(all(100)));
    driver.keep(T0 + 11_000, all(100));
    expect(driver.report('BTC/USD').status).toBe('ok');
    const [halt] = driver.to(T0 + 11_100, [driver.operator('halt', 'BTC/USD')]);
    expect(halt!.halts).toEqual([0]);
    expect(driver.report('BTC/USD')).toMatchObject({
      status: 'halted',
      reasons: ['operatorHalt'],
      permits: ['repay', 'topUp'],
      prices: undefined,
    });
    driver.keep(T0 + 20_000, all(100));
    expect(driver.report('BTC/USD').status).toBe('halted');
    const [resume] = driver.to(T0 + 20_100, [driver.operator('resume', 'BTC/USD')]);
    expect(resume!.halts).toEqual([]);
    expect(driver.report('BTC/USD')).toMatchObject({
      status: 'grace',
      reasons: ['resuming'],
      prices: { price: 10_000 },
    });
    driver.keep(T0 + 30_000, all(100));
    driver.to(T0 + 30_099);
    expect(driver.report('BTC/USD').status).toBe('grace');
    driver.to(T0 + 30_100);
    expect(driver.report('BTC/USD').status).toBe('ok');
  });
});

describe('an anchor that stands apart', () => {
  const ANCHOR = { id: 'chainlink:BTC/USD', feed: 'BTC/USD', maxAgeMs: 5_000, maxDeviationBps: 100 };

  it('doubles the band and is named; it moves no price, halts nothing, and permits what was permitted', () => {
    const driver = new OracleDriver(planOf({ 'BTC/USD': BTC }, [ANCHOR]), keccak);
    const spread = Object.fromEntries(Object.keys(all(1)).map((id) => [id, quoteOf(100, { bid: 99.9, ask: 100.1 })]));
    driver.to(T0, driver.say(spread));
    driver.to(T0 + 1_000, driver.say(spread));
    const before = driver.report('BTC/USD').prices!;
    driver.to(T0 + 1_100, [...driver.say(spread), driver.anchor(ANCHOR.id, 90, T0)]);
    const report = driver.report('BTC/USD');
    expect(report).toMatchObject({ status: 'ok', reasons: ['anchorApart'], prices: { price: before.price } });
    expect(report.prices!.high - report.prices!.price).toBe(2 * (before.high - before.price));
    expect(report.permits).toContain('open');
  });

  it('is forgotten at the instant it expires, with no input at all', () => {
    const driver = new OracleDriver(planOf({ 'BTC/USD': BTC }, [ANCHOR]), keccak);
    driver.to(T0, driver.say(all(100)));
    driver.to(T0 + 1_000, [driver.anchor(ANCHOR.id, 90, T0 - 1_750)]);
    driver.to(T0 + 3_249);
    expect(driver.report('BTC/USD').reasons).toEqual(['anchorApart']);
    driver.to(T0 + 3_250);
    expect(driver.report('BTC/USD').reasons).toEqual([]);
  });
});
