import { newOracle, OracleDriver, quoteOf, T0 } from '../../test/support/oracle-driver';
import { planOf } from '../../test/support/plans';
import { loadKeccak } from '../platform/keccak';
import { stateFromJson, stateToJson } from '../runtime/state-json';
import type { Cut, Liquidity } from './cut';
import type { OracleState } from './oracle';
import type { Keccak } from './reporting/keccak';

const MINUTE_MS = 60_000;
const VENUES = ['a', 'b', 'c', 'd', 'e'];
const PLAN = planOf({
  'USDT/USD': { decimals: 6, policy: { minUpstreams: 2, okUpstreams: 3 }, sources: { a: {}, b: {}, c: {} } },
  'BTC/USD': { sources: { a: {}, b: {}, c: {}, d: { leg: 'USDT/USD' }, e: { leg: 'USDT/USD' } } },
});

let keccak: Keccak;
beforeAll(async () => {
  keccak = await loadKeccak();
});

/** What its book holds per basis point, by source or venue; one without says no sizes. */
type Books = Readonly<Record<string, number>>;

const EVEN: Books = { a: 1_000, b: 1_000, c: 1_000, d: 1_000, e: 1_000 };

/** Every second from one minute after T0 up to another, all venues say 100 and what stands there. */
function run(driver: OracleDriver, from: number, to: number, books: Books = EVEN): void {
  for (let at = T0 + from * MINUTE_MS; at < T0 + to * MINUTE_MS; at += 1_000) driver.to(at, quotes(driver, books));
}

function quotes(driver: OracleDriver, books: Books): ReturnType<OracleDriver['say']> {
  const said = PLAN.sources.map(({ id, venue }) => {
    const price = id.endsWith('USDT/USD') ? 1 : 100;
    const book = books[id] ?? books[venue];
    const size = book === undefined ? undefined : book / price;
    return [id, quoteOf(price, { bidSize: size, askSize: size })] as const;
  });
  return driver.say(Object.fromEntries(said));
}

function newest(driver: OracleDriver, feed = 1): Liquidity {
  return driver.cuts.flatMap(({ liquidity = [] }) => liquidity).findLast((each) => each.feed === feed)!;
}

const weightsOf = (driver: OracleDriver): number[] => newest(driver).upstreams.map(({ weight }) => weight);

/** The model's cost of one unit of depth over 100 bp for a minute. */
const PER_DEPTH = 2.05;

describe('liquidity', () => {
  it('is published at the first cut and then once a minute, each feed with a second of its own', () => {
    const driver = new OracleDriver(PLAN, keccak);
    run(driver, 0.5, 2.5);
    const published = driver.cuts.filter(({ liquidity }) => liquidity !== undefined);
    expect(published.map(({ at, liquidity }) => [at - T0, liquidity!.map(({ feed }) => feed)])).toEqual([
      [30_000, [0, 1]],
      [60_000, [0]],
      [61_000, [1]],
      [120_000, [0]],
      [121_000, [1]],
    ]);
    expect(published[0]!.liquidity![1]).toEqual({
      feed: 1,
      cut: published[0]!.number,
      costToMove: undefined,
      upstreams: VENUES.map((_, upstream) => ({ upstream, weight: 0.2, depth: undefined })),
    });
  });

  it('stays as configured while nobody says a size, and says nothing of what it costs', () => {
    const driver = new OracleDriver(PLAN, keccak);
    run(driver, 0, 3, {});
    expect(weightsOf(driver)).toEqual([0.2, 0.2, 0.2, 0.2, 0.2]);
    expect(newest(driver).costToMove).toBeUndefined();
    expect(driver.verdict('a:BTC/USD').depth).toBeNaN();
  });

  it('lets weights follow the depth that has persisted, and the vote with them', () => {
    const driver = new OracleDriver(PLAN, keccak);
    run(driver, 0, 62, { ...EVEN, a: 500 });
    const [least, ...others] = weightsOf(driver);
    expect(least! / others[0]!).toBeCloseTo(0.5, 2);
    expect(driver.verdict('a:BTC/USD')).toMatchObject({ verdict: 'used', depth: 500 });
    expect(driver.verdict('a:BTC/USD').weight).toBeCloseTo(least!, 5);
  });

  it('is moved neither by a spoof of fifty times the book nor by what is shown and withheld', () => {
    const driver = new OracleDriver(PLAN, keccak);
    run(driver, 0, 62);
    const before = newest(driver);
    for (let second = 0; second < 60; second++) {
      const at = T0 + 62 * MINUTE_MS + second * 1_000;
      driver.to(at, quotes(driver, EVEN));
      driver.to(at + 500, quotes(driver, { ...EVEN, b: 50_000 }));
      driver.to(at + 800, quotes(driver, EVEN));
    }
    run(driver, 63, 63.1);
    expect(newest(driver).cut).toBeGreaterThan(before.cut);
    expect({ ...newest(driver), cut: 0 }).toEqual({ ...before, cut: 0 });
  });

  it('gives nobody more than the cap, however long his wall stands and however little is left of the others', () => {
    const driver = new OracleDriver(PLAN, keccak);
    run(driver, 0, 90, { a: 1e-3, b: 1e9, c: 1e-3, d: 1e-3, e: 1e-3 });
    expect(Math.max(...weightsOf(driver))).toBeLessThanOrEqual(0.25);
    expect(driver.report('BTC/USD').status).toBe('ok');
  });

  it('counts fresh weight against what is configured, whatever the books hold', () => {
    const plan = planOf({ 'BTC/USD': { sources: { a: {}, b: {}, c: {}, d: { weight: 1 }, e: { weight: 1 } } } });
    const driver = new OracleDriver(plan, keccak);
    const say = (venues: readonly string[], size: number) =>
      driver.say(
        Object.fromEntries(venues.map((venue) => [`${venue}:BTC/USD`, quoteOf(100, { bidSize: size, askSize: size })])),
      );
    for (let at = T0; at < T0 + 62 * MINUTE_MS; at += 1_000) {
      driver.to(at, [...say(['a', 'b'], 100), ...say(['c', 'd', 'e'], 1)]);
    }
    driver.to(T0 + 62 * MINUTE_MS, [driver.disconnect('c:BTC/USD', 'd:BTC/USD', 'e:BTC/USD')]);
    expect(driver.report('BTC/USD').reasons).toContain('thinWeight');
  });

  it('costs three books of five, or the leg and one', () => {
    const driver = new OracleDriver(PLAN, keccak);
    run(driver, 0, 2);
    run(driver, 2, 2.1);
    expect(newest(driver).costToMove).toBeCloseTo(3_000 * PER_DEPTH, -1);
    const thinLeg = new OracleDriver(PLAN, keccak);
    run(thinLeg, 0, 2.1, { ...EVEN, 'a:USDT/USD': 10, 'b:USDT/USD': 20 });
    expect(newest(thinLeg, 0).costToMove).toBeCloseTo(30 * PER_DEPTH, 3);
    expect(newest(thinLeg).costToMove).toBeCloseTo(1_030 * PER_DEPTH, 0);
  });

  it('costs less while some are silent: those who vote are fewer', () => {
    const driver = new OracleDriver(PLAN, keccak);
    run(driver, 0, 2);
    driver.to(T0 + 2 * MINUTE_MS + 1, [driver.disconnect('d:BTC/USD', 'e:BTC/USD')]);
    for (let at = T0 + 2 * MINUTE_MS + 500; at <= T0 + 3 * MINUTE_MS; at += 1_000) {
      driver.to(
        at,
        quotes(driver, EVEN).filter((input) => input.kind === 'quote' && input.source < 6),
      );
    }
    driver.to(T0 + 3 * MINUTE_MS + 10);
    expect(newest(driver).costToMove).toBeCloseTo(2_000 * PER_DEPTH, -1);
  });

  describe('over a restart', () => {
    const throughJson = (state: OracleState): OracleState =>
      stateFromJson(JSON.parse(JSON.stringify(stateToJson(state)))) as OracleState;

    it('is rebuilt to the bit from an older state and the cuts since, minutes included', () => {
      const driver = new OracleDriver(PLAN, keccak);
      run(driver, 0, 2.3, { ...EVEN, a: 300 });
      const checkpoint = throughJson(driver.oracle.state());
      const before = driver.cuts.length;
      run(driver, 2.3, 5.7, { ...EVEN, b: 7_000, c: NaN });
      const restored = newOracle(PLAN, keccak, checkpoint);
      for (const cut of driver.cuts.slice(before)) restored.absorb(cut);
      expect(stateToJson(restored.state())).toEqual(stateToJson(driver.oracle.state()));
    });

    it('goes on with the weights that were in force, at its first cut', () => {
      const driver = new OracleDriver(PLAN, keccak);
      run(driver, 0, 62.5, { ...EVEN, a: 500 });
      const restarted = new OracleDriver(PLAN, keccak, throughJson(driver.oracle.state()));
      const at = driver.cuts.at(-1)!.at + 100;
      restarted.to(at, quotes(restarted, { ...EVEN, a: 500 }));
      expect({ ...newest(restarted), cut: 0 }).toEqual({ ...newest(driver), cut: 0 });
      const share = (cut: Cut): number => cut.verdicts.weight[cut.verdicts.source.indexOf(3)]!;
      expect(share(restarted.cuts[0]!)).toBe(share(driver.cuts.at(-1)!));
    });

    it('forgets the liquidity of an asset that was migrated', () => {
      const driver = new OracleDriver(PLAN, keccak);
      run(driver, 0, 2.1);
      const feeds = PLAN.feeds.map((feed) => ({ ...feed, asset: { ...feed.asset, version: 2 } }));
      const migrated = new OracleDriver({ ...PLAN, feeds }, keccak, throughJson(driver.oracle.state()));
      migrated.to(driver.cuts.at(-1)!.at + 100);
      expect(newest(migrated)).toMatchObject({
        costToMove: undefined,
        upstreams: [{ depth: undefined }, {}, {}, {}, {}],
      });
    });
  });
});
