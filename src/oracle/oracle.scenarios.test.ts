import { OracleDriver, T0 } from '../../test/support/oracle-driver';
import { planOf } from '../../test/support/plans';
import { loadKeccak } from '../platform/keccak';
import type { Reason, Status } from './report';
import type { Keccak } from './reporting/keccak';

const EVERYTHING = ['open', 'withdraw', 'liquidate', 'repay', 'topUp'];
const LIQUIDATE = ['liquidate', 'repay', 'topUp'];
const RESCUE = ['repay', 'topUp'];

let keccak: Keccak;
beforeAll(async () => {
  keccak = await loadKeccak();
});

describe('BTC/USD of six exchanges', () => {
  const USDT = { 'coinbase:USDT/USD': 1, 'kraken:USDT/USD': 1, 'bitstamp:USDT/USD': 1 };
  const PRICES: Readonly<Record<string, number>> = {
    'coinbase:BTC/USD': 65_000,
    'kraken:BTC/USD': 65_001,
    'bitstamp:BTC/USD': 64_999,
    'binance:BTC/USD': 65_000.5,
    'okx:BTC/USD': 64_999.5,
    'bybit:BTC/USD': 65_000,
  };
  const LEG = { leg: 'USDT/USD' };

  const PLAN = planOf({
    'USDT/USD': {
      decimals: 8,
      policy: { minUpstreams: 2, okUpstreams: 3, maxAgeMs: 60_000, nominalVolatility: 0.02 },
      sources: { coinbase: { maxAgeMs: 60_000 }, kraken: { maxAgeMs: 60_000 }, bitstamp: { maxAgeMs: 60_000 } },
    },
    'BTC/USD': {
      decimals: 4,
      sources: { coinbase: {}, kraken: {}, bitstamp: {}, binance: LEG, okx: LEG, bybit: LEG },
    },
  });

  /** Sixty-one seconds in which all speak. */
  function warm(): OracleDriver {
    const driver = new OracleDriver(PLAN, keccak);
    driver.to(T0);
    driver.keep(T0 + 61_000, { ...USDT, ...PRICES });
    return driver;
  }

  function without(...venues: string[]): Record<string, number> {
    return Object.fromEntries(Object.entries(PRICES).filter(([id]) => !venues.includes(id.split(':')[0]!)));
  }

  function kill(driver: OracleDriver, ...venues: string[]): void {
    const at = driver.cuts.at(-1)!.at + 100;
    driver.to(at, [driver.disconnect(...venues.map((venue) => `${venue}:BTC/USD`))]);
  }

  function says(driver: OracleDriver): [Status, readonly Reason[], readonly string[]] {
    const { status, reasons, permits } = driver.report('BTC/USD');
    return [status, reasons, permits];
  }

  it('warms up for a minute, with a price that permits nothing new', () => {
    const driver = new OracleDriver(PLAN, keccak);
    driver.to(T0);
    driver.keep(T0 + 60_000, { ...USDT, ...PRICES });
    expect(says(driver)).toEqual(['warming', ['warmingUp'], RESCUE]);
    expect(driver.report('BTC/USD').prices).toMatchObject({ price: 650_000_000, collateral: undefined });
    driver.keep(T0 + 61_000, { ...USDT, ...PRICES });
    expect(says(driver)).toEqual(['ok', [], EVERYTHING]);
    expect(driver.report('BTC/USD').prices!.collateral).toBeGreaterThan(0);
  });

  it('without Binance is ok', () => {
    const driver = warm();
    kill(driver, 'binance');
    expect(says(driver)).toEqual(['ok', [], EVERYTHING]);
    expect(driver.report('BTC/USD').sources.upstreams).toBe(5);
  });

  it('without Binance, OKX and Bybit is thin: opens nothing, and still liquidates', () => {
    const driver = warm();
    kill(driver, 'binance', 'okx', 'bybit');
    expect(says(driver)).toEqual(['degraded', ['thinUpstreams'], LIQUIDATE]);
    expect(driver.report('BTC/USD').prices?.price).toBe(650_000_000);
  });

  it('without its native books rests on a leg alone: nobody is liquidated by that', () => {
    const driver = warm();
    kill(driver, 'coinbase', 'kraken', 'bitstamp');
    expect(says(driver)).toEqual(['degraded', ['thinUpstreams', 'tooFewNative'], RESCUE]);
  });

  it('without any has no price: absent, not old and not zero', () => {
    const driver = warm();
    kill(driver, 'coinbase', 'kraken', 'bitstamp', 'binance', 'okx', 'bybit');
    expect(says(driver)[0]).toBe('halted');
    expect(says(driver)[1]).toContain('tooFewUpstreams');
    expect(says(driver)[2]).toEqual(RESCUE);
    expect(driver.report('BTC/USD')).toMatchObject({ prices: undefined, observedAt: undefined, dispersionBps: 0 });
  });

  it('comes back through ten seconds of grace', () => {
    const driver = warm();
    kill(driver, 'coinbase', 'kraken', 'bitstamp', 'binance', 'okx', 'bybit');
    const backAt = T0 + 70_000;
    driver.to(backAt, driver.say({ ...USDT, ...PRICES }));
    expect(says(driver)).toEqual(['grace', ['resuming'], RESCUE]);
    expect(driver.report('BTC/USD').prices?.price).toBe(650_000_000);
    driver.keep(backAt + 9_500, { ...USDT, ...PRICES });
    driver.to(backAt + 9_999);
    expect(says(driver)).toEqual(['grace', ['resuming'], RESCUE]);
    driver.to(backAt + 10_000);
    expect(says(driver)).toEqual(['ok', [], EVERYTHING]);
  });

  it('does not come back with what was said before it was disconnected', () => {
    const driver = warm();
    kill(driver, 'coinbase', 'kraken', 'bitstamp', 'binance', 'okx', 'bybit');
    driver.keep(T0 + 65_000, { ...USDT, 'coinbase:BTC/USD': 65_000, 'kraken:BTC/USD': 65_000 });
    expect(says(driver)[0]).toBe('halted');
    expect(driver.report('BTC/USD').sources.used).toBe(2);
  });

  it('halts in a silent market exactly when the votes that made its quorum expire, with no input at all', () => {
    const driver = warm();
    const at = driver.cuts.at(-1)!.at;
    driver.to(at + 500, driver.say(without('coinbase', 'kraken', 'bitstamp', 'binance')));
    driver.to(at + 9_999);
    expect(says(driver)[0]).toBe('ok');
    driver.to(at + 10_000);
    expect(says(driver)[0]).toBe('halted');
    expect(driver.cuts.at(-1)).toMatchObject({ at: at + 10_000 });
  });

  it('keeps its error within 5 bp of what the exchanges say for as long as it has a price', () => {
    const driver = warm();
    const order = ['binance', 'okx', 'bybit', 'kraken'];
    order.forEach((venue, index) => {
      kill(driver, venue);
      driver.keep(driver.cuts.at(-1)!.at + 3_000, { ...USDT, ...without(...order.slice(0, index + 1)) });
    });
    const prices = driver.cuts
      .flatMap(({ reports }) => reports)
      .flatMap((report) => (report.feed === 1 && report.prices !== undefined ? [report.prices.price] : []));
    for (const price of prices) expect(Math.abs(price / 650_000_000 - 1)).toBeLessThan(5e-4);
    expect(says(driver)[0]).toBe('halted');
  });
});

describe('a majority by count that moves against the weight', () => {
  const sources = {
    big: { weight: 100 },
    large: { weight: 100 },
    mid: { weight: 50 },
    s1: { weight: 8 },
    s2: { weight: 8 },
    s3: { weight: 8 },
    s4: { weight: 8 },
  };
  const PLAN = planOf({ 'BTC/USD': { policy: { warmUpMs: 0, graceMs: 1_000 }, sources } });
  const HONEST = {
    'big:BTC/USD': 100.02,
    'large:BTC/USD': 100.01,
    'mid:BTC/USD': 100,
    's1:BTC/USD': 99.99,
    's2:BTC/USD': 100,
    's3:BTC/USD': 100,
    's4:BTC/USD': 100,
  };
  const SMALL_AT = (price: number): Record<string, number> => ({
    's1:BTC/USD': price,
    's2:BTC/USD': price,
    's3:BTC/USD': price,
    's4:BTC/USD': price,
  });

  function warm(): OracleDriver {
    const driver = new OracleDriver(PLAN, keccak);
    driver.to(T0, driver.say(HONEST));
    driver.keep(T0 + 2_000, HONEST);
    expect(driver.report('BTC/USD').status).toBe('ok');
    return driver;
  }

  it('is seen at once: the price is the one nearer the last agreed, the band holds both, nobody is liquidated', () => {
    const driver = warm();
    driver.to(T0 + 2_100, driver.say(SMALL_AT(130)));
    const { status, reasons, permits, prices } = driver.report('BTC/USD');
    expect([status, permits]).toEqual(['degraded', RESCUE]);
    expect(reasons).toContain('mediansDisagree');
    expect(prices!.price).toBe(10_001);
    expect(prices!.low).toBeLessThanOrEqual(10_001);
    expect(prices!.high).toBeGreaterThanOrEqual(13_000);
  });

  it('halts by itself once it has lasted for two seconds', () => {
    const driver = warm();
    const said = { ...HONEST, ...SMALL_AT(130) };
    driver.to(T0 + 2_100, driver.say(said));
    driver.to(T0 + 4_099);
    expect(driver.report('BTC/USD').status).toBe('degraded');
    driver.to(T0 + 4_100);
    expect(driver.cuts.at(-1)!.at).toBe(T0 + 4_100);
    expect(driver.report('BTC/USD')).toMatchObject({ status: 'halted', prices: undefined });
    expect(driver.report('BTC/USD').reasons).toEqual(expect.arrayContaining(['mediansDisagree', 'disagreementLasts']));
  });

  it('halts as punctually while quotes keep coming', () => {
    const driver = warm();
    const said = { ...HONEST, ...SMALL_AT(130) };
    driver.to(T0 + 2_100, driver.say(said));
    driver.keep(T0 + 6_000, said, 70);
    const halt = driver.cuts.find(({ reports }) => reports.some(({ status }) => status === 'halted'));
    expect(halt?.at).toBe(T0 + 4_100);
  });

  it('returns through grace when they agree again', () => {
    const driver = warm();
    driver.to(T0 + 2_100, driver.say({ ...HONEST, ...SMALL_AT(130) }));
    driver.keep(T0 + 5_000, { ...HONEST, ...SMALL_AT(130) });
    driver.to(T0 + 5_100, driver.say(HONEST));
    expect(driver.report('BTC/USD').status).toBe('grace');
    driver.to(T0 + 6_100);
    expect(driver.report('BTC/USD').status).toBe('ok');
  });

  it('starts the clock anew when they agreed in between', () => {
    const driver = warm();
    driver.to(T0 + 2_100, driver.say(SMALL_AT(130)));
    driver.to(T0 + 4_000, driver.say(SMALL_AT(100)));
    expect(driver.report('BTC/USD').status).toBe('ok');
    driver.to(T0 + 4_050, driver.say(SMALL_AT(130)));
    driver.to(T0 + 6_049);
    expect(driver.report('BTC/USD').status).toBe('degraded');
    driver.to(T0 + 6_050);
    expect(driver.report('BTC/USD').status).toBe('halted');
  });

  it('is no majority the other way round: half of the weight does not carry the count', () => {
    const driver = warm();
    driver.to(T0 + 2_100, driver.say({ 'big:BTC/USD': 130, 'large:BTC/USD': 130 }));
    expect(driver.report('BTC/USD')).toMatchObject({ status: 'ok', reasons: ['outliers'], prices: { price: 10_000 } });
    expect(driver.verdict('big:BTC/USD')).toMatchObject({ verdict: 'outlier', weight: 0 });
  });
});
