import { newOracle, OracleDriver, T0 } from '../../test/support/oracle-driver';
import { planOf } from '../../test/support/plans';
import { loadKeccak } from '../platform/keccak';
import { stateFromJson, stateToJson } from '../runtime/state-json';
import type { OracleState } from './oracle';
import type { Keccak } from './reporting/keccak';

/** The wrapped asset stands first, so that only its edge to the underlying can bring that before it. */
const PLAN = planOf(
  {
    'WSTETH/USD': { policy: { warmUpMs: 1_000 }, sources: { a: {}, b: {}, c: {}, d: {} } },
    'ETH/USD': { policy: { warmUpMs: 1_000 }, sources: { a: {}, b: {}, c: {}, d: {} } },
  },
  [],
  [
    {
      id: 'rate:WSTETH/USD',
      feed: 'WSTETH/USD',
      underlying: 'ETH/USD',
      nominalRate: 1.2,
      maxGrowthPerYear: 0.2,
      maxFall: 0,
      maxAgeMs: 60_000,
      maxPegGapBps: 100,
    },
  ],
);
const VENUES = ['a', 'b', 'c', 'd'];
const RESCUE = ['repay', 'topUp'];

let keccak: Keccak;
beforeAll(async () => {
  keccak = await loadKeccak();
});

const saying = (wsteth: number, eth: number): Record<string, number> =>
  Object.fromEntries(
    VENUES.flatMap((venue) => [
      [`${venue}:WSTETH/USD`, wsteth],
      [`${venue}:ETH/USD`, eth],
    ]),
  );

/** Twenty seconds in which market and redemption agree: both feeds are ok. */
function settled(): OracleDriver {
  const driver = new OracleDriver(PLAN, keccak);
  driver.to(T0, [...driver.say(saying(2_400, 2_000)), driver.redemption('rate:WSTETH/USD', 1.2, T0)]);
  driver.keep(T0 + 20_000, saying(2_400, 2_000));
  return driver;
}

describe('a wrapped asset', () => {
  it('whose market and redemption agree is ok', () => {
    expect(settled().report('WSTETH/USD')).toMatchObject({ status: 'ok', reasons: [] });
  });

  it('counts for new risk at what it redeems for where the market pays more, and is shown at the market', () => {
    const driver = settled();
    driver.keep(T0 + 29_500, saying(2_400, 1_900));
    driver.to(T0 + 30_000, driver.say(saying(2_400, 1_899.99)));
    const { prices, reasons, status } = driver.report('WSTETH/USD');
    expect([status, reasons]).toEqual(['ok', ['pegGap']]);
    expect(prices).toMatchObject({ price: 240_000 });
    expect(prices?.collateral).toBeLessThanOrEqual(228_000);
    expect(prices?.liability).toBeGreaterThanOrEqual(240_000);
  });

  it('counts at the market where that pays less: no rate lifts a collateral above what it sells for', () => {
    const driver = settled();
    driver.keep(T0 + 30_000, saying(2_100, 2_000));
    const { prices, reasons } = driver.report('WSTETH/USD');
    expect(reasons).toContain('pegGap');
    expect(prices?.collateral).toBeLessThanOrEqual(210_000);
    expect(prices?.liability).toBeGreaterThanOrEqual(239_000);
  });

  it('follows its underlying within the same cut', () => {
    const driver = settled();
    const [cut] = driver.to(T0 + 20_500, driver.say(Object.fromEntries(VENUES.map((v) => [`${v}:ETH/USD`, 1_990]))));
    expect(cut?.reports.map(({ feed }) => feed)).toEqual([0, 1]);
    expect(driver.report('WSTETH/USD').prices?.collateral).toBeLessThanOrEqual(238_800);
  });

  it('opens nothing while its underlying is halted, says so, and may be liquidated', () => {
    const driver = settled();
    driver.to(T0 + 20_500, [driver.operator('halt', 'ETH/USD')]);
    expect(driver.report('WSTETH/USD')).toMatchObject({
      status: 'degraded',
      reasons: ['legHalted', 'redemptionUnknown'],
      permits: ['liquidate', ...RESCUE],
    });
  });

  it.each([
    ['fell', 1.19],
    ['is 1.7 million times too high', 2_040_000],
  ])('whose rate %s liquidates nobody, and stands by the rate before', (_reason, rate) => {
    const driver = settled();
    driver.to(T0 + 20_500, [driver.redemption('rate:WSTETH/USD', rate, T0 + 20_000)]);
    const { status, reasons, permits, prices } = driver.report('WSTETH/USD');
    expect([status, reasons, permits]).toEqual(['degraded', ['redemptionOutOfBounds'], RESCUE]);
    expect(prices).toMatchObject({ price: 240_000 });
    expect(prices?.liability).toBeLessThan(241_000);
    driver.to(T0 + 21_000, [driver.redemption('rate:WSTETH/USD', 1.2, T0 + 21_000)]);
    expect(driver.report('WSTETH/USD').status).toBe('ok');
  });

  it('whose rate nobody reads any more opens nothing, at the very instant that it is too old', () => {
    const driver = settled();
    driver.keep(T0 + 59_900, saying(2_400, 2_000));
    expect(driver.report('WSTETH/USD').reasons).toEqual([]);
    driver.to(T0 + 60_100);
    expect(driver.cuts.some(({ at }) => at === T0 + 60_000)).toBe(true);
    expect(driver.report('WSTETH/USD')).toMatchObject({ status: 'degraded', reasons: ['redemptionUnknown'] });
  });
});

describe('a redemption rate over a restart', () => {
  const throughJson = (state: OracleState): OracleState =>
    stateFromJson(JSON.parse(JSON.stringify(stateToJson(state)))) as OracleState;

  /** A minute of it, with growth, a fall that is refused and a rate that lags. */
  function eventful(driver: OracleDriver): void {
    driver.to(T0 + 20_500, [driver.redemption('rate:WSTETH/USD', 1.2003, T0 + 20_000)]);
    driver.to(T0 + 21_000, [driver.redemption('rate:WSTETH/USD', 1.2003, T0 + 20_500)]);
    driver.to(T0 + 21_500, [driver.redemption('rate:WSTETH/USD', 1.19, T0 + 21_000)]);
    driver.to(T0 + 22_000, [driver.redemption('rate:WSTETH/USD', 1.2, T0 + 19_000)]);
  }

  it('is what it would be without one, from the state or from an older one and the cuts since', () => {
    const driver = settled();
    const older = throughJson(driver.oracle.state());
    const published = driver.cuts.length;
    eventful(driver);
    const state = driver.oracle.state();
    expect(state.rates).toMatchObject({ 'WSTETH/USD v1': { accepted: { rate: 1.2003 }, refused: 1.19 } });

    const folded = newOracle(PLAN, keccak, older);
    for (const cut of driver.cuts.slice(published)) folded.absorb(cut);
    expect(folded.state().rates).toEqual(state.rates);
    expect(newOracle(PLAN, keccak, throughJson(state)).state().rates).toEqual(state.rates);
  });

  it('judges the next reading as if there had been none, and still liquidates nobody', () => {
    const whole = settled();
    eventful(whole);
    const restarted = new OracleDriver(PLAN, keccak, throughJson(whole.oracle.state()));
    for (const driver of [whole, restarted]) {
      driver.to(T0 + 23_000, driver.say(saying(2_400, 2_000)));
      driver.keep(T0 + 39_500, saying(2_400, 2_000));
      driver.to(T0 + 40_000, driver.say(saying(2_400.01, 2_000.01)));
      expect(driver.report('WSTETH/USD').reasons).toEqual(['redemptionOutOfBounds']);
      driver.to(T0 + 40_100, [driver.redemption('rate:WSTETH/USD', 1.2006, T0 + 40_000)]);
      expect(driver.report('WSTETH/USD').reasons).toEqual([]);
    }
    expect(restarted.oracle.state().rates).toEqual(whole.oracle.state().rates);
    expect(restarted.report('WSTETH/USD').prices?.collateral).toBe(whole.report('WSTETH/USD').prices?.collateral);
  });

  it('says nothing of feeds without one', () => {
    const driver = new OracleDriver(planOf({ 'BTC/USD': { sources: { a: {} } } }), keccak);
    const [cut] = driver.to(T0);
    expect([cut, driver.oracle.state()].some((said) => said !== undefined && 'rates' in said)).toBe(false);
  });
});
