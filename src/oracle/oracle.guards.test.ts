import fc from 'fast-check';
import { OracleDriver, quoteOf, T0 } from '../../test/support/oracle-driver';
import { planOf, type FeedSketch } from '../../test/support/plans';
import { loadKeccak } from '../platform/keccak';
import { stateFromJson, stateToJson } from '../runtime/state-json';
import type { OracleState } from './oracle';
import type { FeedPolicy, OraclePlan } from './plan';
import type { Reason, Report } from './report';
import type { Keccak } from './reporting/keccak';

const VENUES = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
const APART = { anchor: { maxDeviationBps: 100 } };
const AT_ONCE: Partial<FeedPolicy> = { warmUpMs: 0, graceMs: 0 };
const SIX = Object.fromEntries(VENUES.map((venue) => [venue, {}]));
const PERPETUALS = { p: APART, q: APART, r: APART };
const FEED = 'BTC/USD';

let keccak: Keccak;
beforeAll(async () => {
  keccak = await loadKeccak();
});

const planWith = (
  policy: Partial<FeedPolicy> = {},
  sources: FeedSketch['sources'] = { ...SIX, ...PERPETUALS },
): OraclePlan => planOf({ [FEED]: { decimals: 4, policy: { ...AT_ONCE, ...policy }, sources } });
const of = (venues: readonly string[], price: number): Record<string, number> =>
  Object.fromEntries(venues.map((venue) => [`${venue}:${FEED}`, price]));
const votes = (price: number): Record<string, number> => of(VENUES, price);
const anchors = (price: number): Record<string, number> => of(['p', 'q', 'r'], price);

/** Twenty seconds at 100, which anchors and votes agree on. */
function settled(plan = planWith()): OracleDriver {
  const driver = new OracleDriver(plan, keccak);
  const hasAnchors = plan.sources.some(({ anchor }) => anchor !== undefined);
  const all = { ...votes(100), ...(hasAnchors ? anchors(100) : {}) };
  driver.to(T0, driver.say(all));
  driver.keep(T0 + 20_000, all, 500);
  return driver;
}
const widthBps = ({ prices }: Report): number => ((prices!.high - prices!.low) / 2 / prices!.price) * 10_000;
const now = (driver: OracleDriver): number => driver.cuts.at(-1)!.at;
const reportsSince = (driver: OracleDriver, at: number): Report[] =>
  driver.cuts.filter((cut) => cut.at >= at).flatMap(({ reports }) => reports);

describe('a captured majority', () => {
  it('is disputed at once and halted within half a second, where the anchors stay', () => {
    const driver = settled();
    const from = now(driver) + 100;
    driver.to(from, driver.say({ ...votes(105), ...anchors(100) }));
    expect(driver.report(FEED)).toMatchObject({ status: 'degraded', permits: ['repay', 'topUp'] });
    driver.keep(from + 500, { ...votes(105), ...anchors(100) }, 50);
    expect(driver.report(FEED)).toMatchObject({ status: 'halted', prices: undefined });
    expect(driver.report(FEED).reasons).toContain('anchorsAgainst');
  });

  it('is halted when the time comes, although nobody says anything any more', () => {
    const driver = settled();
    const from = now(driver) + 100;
    driver.to(from, driver.say(votes(105)));
    driver.to(from + 1_000);
    expect(reportsSince(driver, from).map(({ status }) => status)).toEqual(
      expect.arrayContaining(['degraded', 'halted']),
    );
    expect(driver.cuts.find((cut) => cut.reports[0]?.status === 'halted')?.at).toBe(from + 300);
  });

  it('is no longer believed to be one when the anchors follow in time', () => {
    const driver = settled();
    const from = now(driver) + 100;
    driver.to(from, driver.say(votes(103)));
    driver.to(from + 200, driver.say(anchors(103)));
    driver.keep(from + 15_000, { ...votes(103), ...anchors(103) });
    expect(reportsSince(driver, from).map(({ status }) => status)).not.toContain('halted');
    expect(driver.report(FEED).permits).toContain('liquidate');
  });

  it('is not what it looks like when the anchors leave first: sources may follow within two seconds', () => {
    const driver = settled();
    const from = now(driver) + 100;
    driver.to(from, driver.say(anchors(103)));
    driver.keep(from + 1_900, { ...votes(100), ...anchors(103) });
    driver.to(from + 1_950, driver.say(votes(103)));
    expect(reportsSince(driver, from).map(({ status }) => status)).not.toContain('halted');
  });
});

describe('one lying anchor', () => {
  it('never halts, disputes or moves a price, wherever it stands', () => {
    const lie = fc.oneof(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), fc.constantFrom(0.01, 99, 101, 1e12));
    fc.assert(
      fc.property(lie, fc.constantFrom('p', 'q', 'r'), (price, liar) => {
        const [lied, honest] = [settled(), settled()];
        const at = now(honest) + 250;
        honest.keep(at + 5_000, { ...votes(100), ...anchors(100) });
        lied.keep(at + 5_000, { ...votes(100), ...anchors(100), ...of([liar], price) });
        expect(lied.report(FEED)).toMatchObject({ status: 'ok', prices: { price: honest.report(FEED).prices!.price } });
      }),
      { numRuns: 40 },
    );
  });
});

describe('voices that fall silent together', () => {
  const lost = (count: number, price: number): OracleDriver => {
    const driver = settled(planWith({}, SIX));
    const [gone, left] = [VENUES.slice(0, count), VENUES.slice(count)];
    const at = now(driver) + 100;
    driver.to(at, [driver.disconnect(...gone.map((venue) => `${venue}:${FEED}`)), ...driver.say(of(left, price))]);
    driver.keep(at + 8_000, of(left, price));
    return driver;
  };

  it('leave no majority behind: what is left of less than a quarter of the weight has no price', () => {
    expect(lost(5, 100).report(FEED).reasons).toEqual(expect.arrayContaining(['weightLost']));
  });

  it('leave a price behind that may be used where it goes on as it was, and not where it jumps', () => {
    const policy = { minUpstreams: 2 };
    const drivers = [100, 102].map((price) => {
      const driver = settled(planWith(policy, SIX));
      const at = now(driver) + 100;
      driver.to(at, [
        driver.disconnect(...of4().map((venue) => `${venue}:${FEED}`)),
        ...driver.say(of(['e', 'f'], price)),
      ]);
      driver.keep(at + 15_000, of(['e', 'f'], price));
      return driver;
    });
    expect(drivers.map((driver) => driver.report(FEED).permits.includes('liquidate'))).toEqual([true, false]);
    expect(drivers[1]!.report(FEED).reasons).toContain('rateOutOfBounds');
  });

  const of4 = (): readonly string[] => VENUES.slice(0, 4);
});

describe('a jump without a path', () => {
  const jumped = (): OracleDriver => {
    const driver = settled(planWith({}, SIX));
    driver.keep(now(driver) + 20_000, votes(0.1));
    return driver;
  };

  it('has no price, however long it stands', () => {
    const { status, reasons } = jumped().report(FEED);
    expect([status, reasons]).toEqual(['halted', expect.arrayContaining(['pathlessJump'])]);
  });

  it('is over some seconds after the price is back, by time alone', () => {
    const driver = jumped();
    const back = now(driver) + 100;
    driver.to(back, driver.say(votes(101)));
    expect(driver.report(FEED).reasons).toEqual(expect.arrayContaining(['pathlessJump', 'resuming']));
    driver.to(back + 3_500);
    expect(driver.report(FEED)).toMatchObject({ prices: { price: 1_010_000 } });
    expect(driver.cuts.find((cut) => cut.at > back && cut.reports.length > 0)?.at).toBe(back + 3_000);
  });

  it('is over when an operator resumes the feed, at the new price', () => {
    const driver = jumped();
    driver.to(now(driver) + 100, [driver.operator('resume', FEED)]);
    driver.keep(now(driver) + 12_000, votes(0.1));
    expect(driver.report(FEED)).toMatchObject({ prices: { price: 1_000 } });
  });

  it('is over when the anchors have stood by the new level for some seconds', () => {
    const driver = settled();
    driver.keep(now(driver) + 2_000, { ...votes(0.1), ...anchors(0.1) });
    expect(driver.report(FEED).status).toBe('halted');
    driver.keep(now(driver) + 2_000, { ...votes(0.1), ...anchors(0.1) });
    expect(driver.report(FEED).prices?.price).toBe(1_000);
  });

  it('is none for a new version of the asset, which has no past', () => {
    const driver = jumped();
    const plan = planWith({}, SIX);
    const [feed] = plan.feeds;
    const migrated = { ...plan, feeds: [{ ...feed!, asset: { symbol: 'BTC', version: 2 } }] };
    const state = stateFromJson(JSON.parse(JSON.stringify(stateToJson(driver.oracle.state())))) as OracleState;
    const restarted = new OracleDriver(migrated, keccak, state);
    restarted.to(now(driver) + 1_000, restarted.say(votes(0.1)));
    expect(restarted.report(FEED).prices?.price).toBe(1_000);
  });

  it('is remembered over a restart', () => {
    const driver = jumped();
    const state = stateFromJson(JSON.parse(JSON.stringify(stateToJson(driver.oracle.state())))) as OracleState;
    const restarted = new OracleDriver(driver.plan, keccak, state);
    restarted.to(now(driver) + 1_000, restarted.say(votes(0.1)));
    expect(restarted.report(FEED).reasons).toContain('pathlessJump');
  });

  it('is not what a crash of 15 % in a minute makes', () => {
    const driver = settled();
    driver.keep(now(driver) + 280_000, { ...votes(100), ...anchors(100) }, 2_000);
    const from = now(driver);
    for (let ms = 100; ms <= 60_000; ms += 100) {
      const price = 100 * (1 - (0.15 * ms) / 60_000);
      driver.to(from + ms, driver.say({ ...votes(price), ...anchors(price) }));
    }
    const said = new Set<Reason>(reportsSince(driver, from + 1).flatMap(({ reasons }) => reasons));
    for (const reason of ['pathlessJump', 'rateOutOfBounds', 'anchorsDisagree'] as const)
      expect(said).not.toContain(reason);
    expect(said).toContain('twapApart');
  });
});

describe('guards that look back', () => {
  /** A walk that may jump, and anchors that never agree with it: they are not there. */
  const walk = fc.array(fc.double({ min: -0.18, max: 0.18, noNaN: true }), { minLength: 5, maxLength: 40 });
  const walked = (steps: readonly number[], policy: Partial<FeedPolicy> = {}): OracleDriver => {
    const driver = settled(planWith(policy, SIX));
    let price = 100;
    for (const step of steps) {
      price *= Math.exp(step);
      driver.to(now(driver) + 700, driver.say(votes(price)));
    }
    return driver;
  };

  it('never halt alone: neither pace nor average', () => {
    fc.assert(
      fc.property(walk, (steps) => {
        const driver = walked(steps, { maxRateBps: 1, maxTwapGapBps: 1 });
        for (const { status, prices } of reportsSince(driver, T0 + 20_001)) {
          expect(status).not.toBe('halted');
          expect(prices).toBeDefined();
        }
      }),
      { numRuns: 60 },
    );
  });

  it('never put a number of their own in the place of a price: it is that of a feed without guards, or none', () => {
    const unguarded = { maxRateBps: Infinity, maxTwapGapBps: Infinity, maxJumpBps: Infinity };
    const wild = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 5, maxLength: 40 });
    fc.assert(
      fc.property(fc.oneof(walk, wild), (steps) => {
        const [guarded, free] = [walked(steps), walked(steps, unguarded)];
        const prices = new Map(
          free.cuts.flatMap(({ at, reports }) => reports.map((report) => [at, report.prices?.price])),
        );
        for (const { at, reports } of guarded.cuts) {
          for (const { prices: found } of reports) {
            if (found !== undefined && prices.has(at)) expect(found.price).toBe(prices.get(at));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('fall silent by themselves, ten seconds after a spike', () => {
    const driver = settled(planWith({}, SIX));
    driver.to(now(driver) + 300, driver.say(votes(106)));
    expect(driver.report(FEED).reasons).toContain('rateOutOfBounds');
    const spiked = now(driver);
    driver.to(spiked + 9_000);
    expect(driver.report(FEED).reasons).toContain('rateOutOfBounds');
    driver.to(spiked + 9_999);
    expect(driver.report(FEED).reasons).not.toContain('rateOutOfBounds');
  });
});

describe('a leg that is halted by a guard', () => {
  it.each([
    ['its breaker', {}, 0.1],
    ['its clocks', { maxClockMs: 1_000 }, 1],
  ])('takes what hangs on it along: %s', (_guard, policy, usdt) => {
    const plan = planOf({
      'BTC/USD': {
        policy: AT_ONCE,
        sources: { a: { leg: 'USDT/USD' }, b: { leg: 'USDT/USD' }, c: { leg: 'USDT/USD' } },
      },
      'USDT/USD': { decimals: 6, policy: { ...AT_ONCE, ...policy }, sources: SIX },
    });
    const driver = new OracleDriver(plan, keccak);
    const say = (price: number, at: number, lateMs: number) =>
      driver.to(at, [
        ...driver.say({ 'a:BTC/USD': 100, 'b:BTC/USD': 100, 'c:BTC/USD': 100 }),
        ...driver.say(
          Object.fromEntries(VENUES.map((venue) => [`${venue}:USDT/USD`, quoteOf(price, { eventAt: at - lateMs })])),
        ),
      ]);
    for (let at = T0; at <= T0 + 5_000; at += 500) say(1, at, 50);
    expect(driver.report('BTC/USD').prices).toBeDefined();
    say(usdt, T0 + 5_500, 2_000);
    expect(driver.report('USDT/USD').status).toBe('halted');
    expect(driver.report('BTC/USD')).toMatchObject({ status: 'halted', prices: undefined });
    expect(driver.report('BTC/USD').reasons).toEqual(expect.arrayContaining(['tooFewUpstreams', 'legHalted']));
  });
});

describe('what changes without input', () => {
  it('is the market’s closing and its opening, to the tick', () => {
    const hours = [
      { opensAtMs: (T0 + 345_600_000 + 5_005) % 604_800_000, closesAtMs: (T0 + 345_600_000 + 3_000) % 604_800_000 },
    ];
    const driver = new OracleDriver(planWith({ marketHours: hours, maxAgeMs: 60_000 }, SIX), keccak);
    driver.to(T0, driver.say(votes(100)));
    driver.to(T0 + 6_500);
    const changes = driver.cuts.flatMap(({ at, reports }) =>
      reports.map(({ reasons }) => [at - T0, reasons.includes('marketClosed')]),
    );
    expect(changes).toContainEqual([3_000, true]);
    expect(changes).toContainEqual([5_010, false]);
  });

  it('is a band that age alone makes too wide', () => {
    const sources = Object.fromEntries(VENUES.map((venue) => [venue, { maxAgeMs: 60_000 }]));
    const heard = (wideBandBps: number): OracleDriver => {
      const driver = new OracleDriver(planWith({ wideBandBps, maxAgeMs: 60_000 }, sources), keccak);
      driver.to(T0, driver.say(votes(100)));
      driver.keep(T0 + 5_000, votes(100));
      return driver;
    };
    const limit = widthBps(heard(100).report(FEED)) + 5;
    const driver = heard(limit);
    driver.to(now(driver) + 50_000);
    const widened = reportsSince(driver, T0).find(({ reasons }) => reasons.includes('wideBand'));
    expect(widthBps(widened!)).toBeGreaterThan(limit);
    expect(widthBps(widened!)).toBeLessThan(limit + 0.05);
  });
});
