import { isDeepStrictEqual } from 'node:util';
import { bump, inventHours } from '../../test/support/invented-hours';
import { OracleDriver, newOracle, T0 } from '../../test/support/oracle-driver';
import { planOf } from '../../test/support/plans';
import { loadKeccak } from '../platform/keccak';
import type { Cut } from './cut';
import type { OracleInput } from './input';
import type { OraclePlan } from './plan';
import type { Keccak } from './reporting/keccak';
import type { RiskModels } from './risk-past';
import type { FeedRisk } from './risk/figures';
import { SECOND_MS } from './units/time';

const DEAF = planOf({ 'BTC/USD': { sources: { a: {}, b: {}, c: {}, d: {} } } });
const INDEX = { id: 'x:btc', venue: 'x', instrument: 'btc', feed: 0, maxAgeMs: 600_000, maxFutureMs: 1_000 };
const PLAN: OraclePlan = { ...DEAF, implied: [INDEX] };
/** T0 lies 14 minutes into its hour; risk of the step with which it ends is the last to rest on the hour before. */
const [HOUR_ENDS, END] = [2_760, 3_400];
const SAID = 0.8;

/** Every second, and every ten what the index says. */
function run(
  driver: OracleDriver,
  from: number,
  to: number,
  said?: (second: number) => OracleInput | undefined,
): Cut[] {
  const before = driver.cuts.length;
  for (let second = from; second < to; second++) {
    const price = 65_000 + 20 * bump(second);
    const prices = Object.fromEntries(['a', 'b', 'c', 'd'].map((venue) => [`${venue}:BTC/USD`, price]));
    const index = second % 10 === 0 ? said?.(second) : undefined;
    driver.to(T0 + second * SECOND_MS, [...driver.say(prices), ...(index === undefined ? [] : [index])]);
  }
  return driver.cuts.slice(before);
}

function word(second: number, volatility = SAID): OracleInput {
  return { kind: 'implied', implied: 0, volatility, observedAt: T0 + second * SECOND_MS };
}

/** It moves with every word, so that one that is lost shows. */
const moving = (second: number): OracleInput => word(second, SAID + second / 1e5);

function risksOf(cuts: readonly Cut[]): (FeedRisk & { readonly at: number })[] {
  return cuts.flatMap(({ at, risk }) => (risk?.feeds ?? []).map((feed) => ({ at, ...feed })));
}

describe('what options imply', () => {
  let keccak: Keccak;

  const lived = (plan: OraclePlan, said?: (second: number) => OracleInput | undefined) => {
    const driver = new OracleDriver(plan, keccak);
    inventHours(driver.oracle);
    return { driver, cuts: run(driver, 0, END, said) };
  };

  beforeAll(async () => {
    keccak = await loadKeccak();
  });

  it('changes nothing while nobody says it, configured or not: neither what is signed nor what is kept', () => {
    const [deaf, listening] = [lived(DEAF), lived(PLAN)];
    expect(isDeepStrictEqual(listening.cuts, deaf.cuts)).toBe(true);
    expect(isDeepStrictEqual(listening.driver.oracle.state(), deaf.driver.oracle.state())).toBe(true);
  }, 60_000);

  it('is published with its time and weight, and moves σ of a day and more from the next hour on', () => {
    const [without, with_] = [risksOf(lived(DEAF).cuts), risksOf(lived(PLAN, word).cuts)];
    expect(with_.length).toBe(without.length);
    for (const [place, { at, implied, ...rest }] of with_.entries()) {
      expect(implied?.volatility).toBe(SAID);
      expect(at - implied!.observedAt).toBeLessThanOrEqual(10 * SECOND_MS);
      expect(implied).toMatchObject({ dayWeight: 1 / 11, tenDayWeight: 1 / 11 });
      if (at <= T0 + HOUR_ENDS * SECOND_MS) expect({ at, ...rest }).toEqual(without[place]);
    }
    const [before, after] = [without, with_].map((risks) => risks.at(-1)!.horizons.map(({ sigma }) => sigma!));
    expect(after!.slice(0, 3)).toEqual(before!.slice(0, 3));
    for (const [place, days] of [
      [3, 1],
      [4, 10],
    ] as const) {
      const daily = (SAID * SAID * days) / 365;
      const mixed = (10 * before![place]! ** 2 + daily) / 11;
      expect(after![place]! ** 2 / mixed).toBeCloseTo(1, 1);
    }
  }, 60_000);

  it('is absent once it is old, and after a disconnect; refused where it cannot be', () => {
    const stale = risksOf(lived(PLAN, (second) => (second > 600 ? undefined : word(second))).cuts);
    for (const { at, implied } of stale) expect(implied !== undefined).toBe(at - T0 <= 1_200 * SECOND_MS);
    const gone = risksOf(
      lived(PLAN, (second) => (second > 600 ? { kind: 'dismissImplied', implied: 0 } : word(second))).cuts,
    );
    for (const { at, implied } of gone) expect(implied !== undefined).toBe(at - T0 <= 609 * SECOND_MS);
    for (const { implied, isDegraded, flaws } of risksOf(lived(PLAN, (second) => word(second, 80)).cuts)) {
      expect([implied, isDegraded, flaws]).toEqual([undefined, true, expect.arrayContaining(['impliedOutOfBounds'])]);
    }
  }, 90_000);

  it.each([
    ['before an hour ended', 1_500, 3_300],
    ['as an hour ended', HOUR_ENDS, 3_300],
    ['after an hour ended', 2_900, 3_300],
  ])(
    'is there after a restart from a checkpoint made %s, and the cuts that followed',
    (_, checkpointAt, restart) => {
      const first = new OracleDriver(PLAN, keccak);
      inventHours(first.oracle);
      run(first, 0, 1_000, moving);
      const models: RiskModels = first.oracle.saveModels();
      run(first, 1_000, checkpointAt, moving);
      const state = first.oracle.checkpoint();
      const followed = run(first, checkpointAt, restart, moving);

      const resumed = newOracle(PLAN, keccak, state, models);
      for (const cut of followed) resumed.absorb(cut);
      expect(resumed.state()).toEqual(first.oracle.state());
    },
    60_000,
  );

  it.each([
    ['no index', DEAF, PLAN, undefined],
    ['an index', PLAN, DEAF, word],
  ])(
    'a past with %s serves a plan with the other',
    (_, before, after, said) => {
      const { driver } = lived(before, said);
      const [same, other] = [before, after].map((plan) => new OracleDriver(plan, keccak, driver.oracle.state()));
      expect(run(other!, END, END + 10)).toEqual(run(same!, END, END + 10));
    },
    60_000,
  );
});
