import { bump, INVENTED_HOURS, inventHours } from '../../test/support/invented-hours';
import { OracleDriver, newOracle, T0 } from '../../test/support/oracle-driver';
import { planOf } from '../../test/support/plans';
import { loadKeccak } from '../platform/keccak';
import { SECOND_MS } from './units/time';
import type { Cut } from './cut';
import type { OracleInput } from './input';
import type { Keccak } from './reporting/keccak';
import type { RiskModels } from './risk-past';

const PLAN = planOf({ 'BTC/USD': { sources: { a: {}, b: {}, c: {}, d: {} } } });
const PARAMETERS = { mu: 0, omega: 2e-6, alpha: 0.2, beta: 0.7 };
/** T0 lies 14 minutes into its hour, and bars are folded some seconds after their minute. */
const [FITTED, HOUR_ENDS, END] = [700, 2_760, 3_100];

/** Every second, and at some of them what else there is to hear. */
function run(driver: OracleDriver, from: number, to: number, also: Record<number, OracleInput[]> = {}): Cut[] {
  const before = driver.cuts.length;
  for (let second = from; second < to; second++) {
    const price = 65_000 + 20 * bump(second);
    const said = Object.fromEntries(['a', 'b', 'c', 'd'].map((venue) => [`${venue}:BTC/USD`, price]));
    driver.to(T0 + second * SECOND_MS, [...driver.say(said), ...(also[second] ?? [])]);
  }
  return driver.cuts.slice(before);
}

function fitAt(effective: number): OracleInput {
  return { kind: 'fit', feed: 0, parameters: PARAMETERS, effectiveCut: (T0 + effective * SECOND_MS) / 10 };
}

function risksOf(cuts: readonly Cut[]): unknown[] {
  return cuts.flatMap(({ at, risk }) => (risk === undefined ? [] : [{ at, ...risk.feeds[0] }]));
}

describe('parameters that were fitted elsewhere', () => {
  let keccak: Keccak;
  let cuts: Cut[];

  beforeAll(async () => {
    keccak = await loadKeccak();
    const driver = new OracleDriver(PLAN, keccak);
    inventHours(driver.oracle);
    cuts = run(driver, 0, END, { [FITTED - 90]: [fitAt(FITTED)] });
  }, 60_000);

  it('take effect at their cut, which says so', () => {
    expect(cuts.filter(({ fits }) => fits !== undefined)).toMatchObject([
      { at: T0 + FITTED * SECOND_MS, fits: [{ feed: 0, parameters: PARAMETERS }] },
    ]);
  });

  it('change what is published from the next hour on, and nothing before', () => {
    const driver = new OracleDriver(PLAN, keccak);
    inventHours(driver.oracle);
    const without = risksOf(run(driver, 0, END));
    const known = risksOf(cuts);
    const before = cuts.filter(({ at, risk }) => risk !== undefined && at <= T0 + HOUR_ENDS * SECOND_MS).length;
    expect(known.slice(0, before)).toEqual(without.slice(0, before));
    expect(known.slice(before)).not.toEqual(without.slice(before));
    expect(known).toHaveLength(without.length);
  }, 60_000);

  it.each([
    ['before they were heard', FITTED - 100],
    ['since', FITTED + 200],
  ])(
    'are there after a restart from a checkpoint made %s and the cuts that followed',
    (_, checkpointAt) => {
      const [restart] = [FITTED + 400];
      const first = new OracleDriver(PLAN, keccak);
      inventHours(first.oracle);
      run(first, 0, checkpointAt, { [FITTED - 90]: [fitAt(FITTED)] });
      const models: RiskModels = first.oracle.saveModels();
      const state = first.oracle.checkpoint();
      const followed = run(first, checkpointAt, restart, { [FITTED - 90]: [fitAt(FITTED)] });
      const whole = first.oracle.state();

      const resumed = newOracle(PLAN, keccak, state, models);
      for (const cut of followed) resumed.absorb(cut);
      expect(resumed.state()).toEqual(whole);
    },
    60_000,
  );

  it('can be fitted to the hours that it has seen', () => {
    const driver = new OracleDriver(PLAN, keccak);
    inventHours(driver.oracle);
    const returns = driver.oracle.hourlyReturns(0);
    expect(returns).toHaveLength(INVENTED_HOURS - 1);
    expect(returns[41]).toBeCloseTo(0.004 * bump(42), 12);
  });
});
