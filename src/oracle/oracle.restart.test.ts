import fc from 'fast-check';
import { newOracle, OracleDriver, T0 } from '../../test/support/oracle-driver';
import { planOf } from '../../test/support/plans';
import { loadKeccak } from '../platform/keccak';
import { stateFromJson, stateToJson } from '../runtime/state-json';
import type { Cut } from './cut';
import type { Oracle, OracleState } from './oracle';
import type { Keccak } from './reporting/keccak';

const PLAN = planOf({
  'USDT/USD': { decimals: 6, policy: { minUpstreams: 2, okUpstreams: 3 }, sources: { a: {}, b: {}, c: {} } },
  'BTC/USD': { sources: { a: {}, b: {}, c: {}, d: { leg: 'USDT/USD' }, e: { leg: 'USDT/USD' } } },
});

let keccak: Keccak;
beforeAll(async () => {
  keccak = await loadKeccak();
});

/** A price that moves every half second, a little differently at each source. */
function saying(second: number): Record<string, number> {
  const btc = 65_000 + 20 * (((second * 2) % 7) - 3);
  return {
    'a:USDT/USD': 1,
    'b:USDT/USD': 1 + ((second * 2) % 3) * 1e-5,
    'c:USDT/USD': 0.9999,
    ...Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((venue, index) => [`${venue}:BTC/USD`, btc + index])),
  };
}

/** From one instant up to another, every half second, in seconds after T0. */
function run(driver: OracleDriver, from: number, to: number): void {
  for (let second = from; second < to; second += 0.5) driver.to(T0 + second * 1_000, driver.say(saying(second)));
}

function throughJson(state: OracleState): OracleState {
  return stateFromJson(JSON.parse(JSON.stringify(stateToJson(state)))) as OracleState;
}

/** What the past amounts to, without the report that stands: that one is deliberately said anew. */
function stateOf(oracle: Oracle): unknown {
  return stateToJson(oracle.state());
}

describe('an oracle that is restarted', () => {
  it('has the same state after JSON, to the bit', () => {
    const driver = new OracleDriver(PLAN, keccak);
    run(driver, 0, 90);
    const state = throughJson(driver.oracle.state());
    expect(state).toEqual(driver.oracle.state());
    expect(stateOf(newOracle(PLAN, keccak, state))).toEqual(stateOf(driver.oracle));
  });

  it('has the same state from an older one and the cuts since: the past is a fold over what was published', () => {
    const driver = new OracleDriver(PLAN, keccak);
    run(driver, 0, 70);
    const checkpoint = throughJson(driver.oracle.state());
    const before = driver.cuts.length;
    run(driver, 70, 75);
    driver.to(T0 + 75_100, [driver.operator('halt', 'BTC/USD')]);
    run(driver, 75.5, 77);
    driver.to(T0 + 77_100, [driver.operator('resume', 'BTC/USD')]);
    run(driver, 77.5, 80);
    const restored = newOracle(PLAN, keccak, checkpoint);
    for (const cut of driver.cuts.slice(before)) restored.absorb(cut);
    expect(stateOf(restored)).toEqual(stateOf(driver.oracle));
  });

  it('goes on like one that lost all its connections at that instant, byte for byte', () => {
    const whole = new OracleDriver(PLAN, keccak);
    run(whole, 0, 80);
    const state = throughJson(whole.oracle.state());
    const restarted = new OracleDriver(PLAN, keccak, state);

    // What a restart changes: no source has a word that stands, every feed and its figures are said anew, and the
    // time since the last cut had no price. A disconnect of all, in the tick after that cut, amounts to nearly that.
    const lastAt = whole.cuts.at(-1)!.at;
    const everything = whole.disconnect(...PLAN.sources.map(({ id }) => id));
    const halted = whole.to(lastAt + 10, [everything]);
    const first = restarted.to(lastAt + 10);
    expect(said(first)).toEqual(said(halted));
    expect(first[0]!.figures).toHaveLength(PLAN.feeds.length);

    for (const driver of [whole, restarted]) {
      driver.cuts.length = 0;
      run(driver, 80.5, 100);
    }
    expect(restarted.cuts.map(({ number, reports }) => [number, reports.map(quality)])).toEqual(
      whole.cuts.map(({ number, reports }) => [number, reports.map(quality)]),
    );
  });

  it('from one state makes the same bytes as any other from that state', () => {
    const driver = new OracleDriver(PLAN, keccak);
    run(driver, 0, 65);
    const [one, other] = [0, 1].map(() => {
      const restarted = new OracleDriver(PLAN, keccak, throughJson(driver.oracle.state()));
      run(restarted, 66, 90);
      return restarted.cuts;
    });
    expect(one).toEqual(other);
  });

  it('uses no cut number again, and says nothing about the time in which nobody watched', () => {
    const driver = new OracleDriver(PLAN, keccak);
    run(driver, 0, 65);
    const last = driver.cuts.at(-1)!;
    const restarted = new OracleDriver(PLAN, keccak, throughJson(driver.oracle.state()));
    const cuts = restarted.to(T0 + 3_600_000);
    expect(cuts.map(({ at }) => at)).toEqual([T0 + 3_600_000]);
    expect(cuts[0]!.number).toBeGreaterThan(last.number);
    expect(restarted.report('BTC/USD')).toMatchObject({ status: 'halted', prices: undefined });
  });

  it.each([
    ['the instant of the last cut', 0],
    ['an instant before it', -1],
  ])('refuses %s: a clock that was set back must not sign twice', (_reason, offset) => {
    const driver = new OracleDriver(PLAN, keccak);
    run(driver, 0, 2);
    const restarted = newOracle(PLAN, keccak, throughJson(driver.oracle.state()));
    expect(() => restarted.advance(driver.cuts.at(-1)!.at + offset, [])).toThrow(RangeError);
  });

  it('waits out the tick of the last cut', () => {
    const driver = new OracleDriver(PLAN, keccak);
    run(driver, 0, 2);
    const { at, number } = driver.cuts.at(-1)!;
    const restarted = new OracleDriver(PLAN, keccak, throughJson(driver.oracle.state()));
    expect(restarted.to(at + 0.5)).toEqual([]);
    expect(restarted.oracle.dueAt()).toBe(at + 10);
    expect(restarted.to(at + 10)[0]!.number).toBe(number + 1);
  });

  it.each([
    ['as long as the last cut was valid, the price stood', 303, 3, 10_000],
    ['to the last instant of that', 305, 5, 10_000],
    ['and after it there was none', 306, 5, 9_833],
  ])('keeps TWAP, stable price and volatility: %s', (_reason, second, returns, coverageBps) => {
    const driver = new OracleDriver(PLAN, keccak);
    run(driver, 0, 300);
    driver.to(T0 + 300_000);
    const before = lastFigures(driver.cuts);
    const restarted = new OracleDriver(PLAN, keccak, throughJson(driver.oracle.state()));
    restarted.to(T0 + second * 1_000);
    const figures = lastFigures(restarted.cuts);
    expect(figures.observations).toBe(before.observations + returns);
    expect(figures.volatilityPpm! / before.volatilityPpm!).toBeCloseTo(Math.sqrt(299 / (299 + returns)), 2);
    expect(figures.stable! / before.stable!).toBeCloseTo(1, 5);
    expect(figures.twaps[0]).toMatchObject({ price: expect.any(Number) as number, coverageBps });
  });

  it('is not warming again', () => {
    const driver = new OracleDriver(PLAN, keccak);
    run(driver, 0, 300);
    const restarted = new OracleDriver(PLAN, keccak, throughJson(driver.oracle.state()));
    restarted.to(T0 + 303_000);
    run(restarted, 303.5, 304);
    expect(restarted.report('BTC/USD').status).toBe('grace');
    run(restarted, 304, 314);
    expect(restarted.report('BTC/USD').status).toBe('ok');
  });

  it('while what it published is valid, leaves the past that an oracle has which went on and published the same', () => {
    const driver = new OracleDriver(PLAN, keccak);
    run(driver, 0, 355);
    const state = throughJson(driver.oracle.state());
    const life = fc.record({
      silentMs: fc.integer({ min: 10, max: 5_000 }),
      wordsAfterMs: fc.constantFrom(0, 40, 900, 2_500),
    });
    fc.assert(
      fc.property(life, ({ silentMs, wordsAfterMs }) => {
        const startAt = state.at + silentMs;
        const restarted = new OracleDriver(PLAN, keccak, state);
        const words = saying(400);
        if (wordsAfterMs > 0) restarted.to(startAt);
        for (let ms = wordsAfterMs; ms < 12_000; ms += 700) restarted.to(startAt + ms, restarted.say(words));
        const undisturbed = newOracle(PLAN, keccak, state);
        for (const cut of restarted.cuts) undisturbed.absorb(cut);
        expect(restarted.cuts.some(({ at, risk }) => risk !== undefined && at > startAt)).toBe(true);
        expect(withoutStatus(undisturbed)).toEqual(withoutStatus(restarted.oracle));
      }),
      { numRuns: 40 },
    );
  });

  it('goes through grace even where all its sources speak in its very first instant', () => {
    const driver = new OracleDriver(PLAN, keccak);
    run(driver, 0, 75);
    expect(driver.report('BTC/USD').status).toBe('ok');
    const restarted = new OracleDriver(PLAN, keccak, throughJson(driver.oracle.state()));
    restarted.to(T0 + 75_500, restarted.say(saying(75.5)));
    expect(restarted.report('BTC/USD')).toMatchObject({ status: 'grace', reasons: ['resuming'] });
  });

  it('goes on counting the reports of each feed', () => {
    const driver = new OracleDriver(PLAN, keccak);
    run(driver, 0, 65);
    const restarted = new OracleDriver(PLAN, keccak, throughJson(driver.oracle.state()));
    restarted.to(T0 + 66_000);
    expect(restarted.report('BTC/USD').sequence).toBe(driver.report('BTC/USD').sequence + 1);
  });

  it('keeps what an operator halted', () => {
    const driver = new OracleDriver(PLAN, keccak);
    run(driver, 0, 65);
    driver.to(T0 + 65_100, [driver.operator('halt', 'BTC/USD'), driver.operator('halt', 'USDT/USD')]);
    const state = throughJson(driver.oracle.state());
    expect(state.halts).toEqual(['USDT/USD', 'BTC/USD']);
    const restarted = new OracleDriver(PLAN, keccak, state);
    run(restarted, 66, 67);
    expect(restarted.report('BTC/USD').reasons).toContain('operatorHalt');
    expect(restarted.cuts.at(-1)!.halts).toEqual([0, 1]);
  });

  it('starts a feed that is new in its configuration cold, and leaves the others theirs', () => {
    const driver = new OracleDriver(PLAN, keccak);
    run(driver, 0, 65);
    const wider = planOf({
      'ETH/USD': { sources: { a: {}, b: {}, c: {} } },
      'BTC/USD': { sources: { a: {}, b: {}, c: {}, d: {}, e: {} } },
    });
    const restarted = new OracleDriver(wider, keccak, throughJson(driver.oracle.state()));
    restarted.to(T0 + 66_000);
    expect(restarted.report('ETH/USD').sequence).toBe(1);
    expect(restarted.report('BTC/USD').sequence).toBeGreaterThan(65);
    expect(restarted.cuts[0]!.figures.map(({ stable }) => stable !== undefined)).toEqual([false, true]);
  });
});

/** What a restart begins anew is since when the price is back: it was not published in between. */
function withoutStatus(oracle: Oracle): unknown {
  const { feeds, ...rest } = oracle.state();
  const pasts = Object.entries(feeds).map(([id, { memory, ...past }]) => [id, { ...memory, resumedAt: 0 }, past]);
  return stateToJson({ ...rest, feeds: pasts });
}

function lastFigures(cuts: readonly Cut[]): Cut['figures'][number] {
  return cuts.flatMap(({ figures }) => figures).findLast(({ feed }) => feed === 1)!;
}

function quality({ feed, status, reasons, permits, prices, sources, observedAt }: Cut['reports'][number]): object {
  return { feed, status, reasons, permits, price: prices?.price, sources, observedAt };
}

function said(cuts: readonly Cut[]): unknown {
  return cuts.map(({ number, at, reports }) => ({ number, at, reports }));
}
