import fc from 'fast-check';
import type { OracleInput } from '../../src/oracle/input';
import type { OraclePlan } from '../../src/oracle/plan';
import { DAY_MS, WEEK_MS } from '../../src/oracle/units/time';
import { quoteOf, T0 } from './oracle-driver';
import { planOf } from './plans';

/** All of the week but some seconds soon after the start. */
const OPEN = { opensAtMs: weekMs(T0 + 6_000), closesAtMs: weekMs(T0 + 2_500) };
const WITNESS = { anchor: { maxDeviationBps: 50 } };

/** Everything at once: a leg, converted and native sources, anchors of three kinds, short ages, quick halts, hours. */
export const BUSY = planOf(
  {
    'BTC/USD': {
      policy: {
        warmUpMs: 1_500,
        graceMs: 700,
        disagreementHaltMs: 600,
        maxAgeMs: 1_700,
        medianToleranceBps: 20,
        maxNativeGapBps: 20,
        minAnchors: 1,
        maxJumpBps: 150,
        maxRateBps: 60,
        maxClockMs: 700,
      },
      sources: {
        a: { maxAgeMs: 1_500 },
        b: { maxAgeMs: 1_200, weight: 5 },
        c: { maxAgeMs: 2_500, maxQuietMs: 2_000 },
        d: { leg: 'USDT/USD', weight: 9 },
        e: { leg: 'USDT/USD', maxAgeMs: 900 },
        p: { maxAgeMs: 1_400, ...WITNESS },
        q: { maxAgeMs: 1_800, leg: 'USDT/USD', ...WITNESS },
      },
    },
    'USDT/USD': {
      decimals: 6,
      policy: { warmUpMs: 0, graceMs: 300, minUpstreams: 2, okUpstreams: 3, minNative: 2, marketHours: [OPEN] },
      sources: { a: { maxAgeMs: 1_900 }, b: { maxAgeMs: 2_100 }, c: {} },
    },
  },
  [{ id: 'chainlink:BTC/USD', feed: 'BTC/USD', maxAgeMs: 1_300, maxDeviationBps: 50 }],
  [
    {
      id: 'rate:BTC/USD',
      feed: 'BTC/USD',
      underlying: 'USDT/USD',
      nominalRate: 100,
      maxGrowthPerYear: 1,
      maxFall: 0.005,
      maxAgeMs: 4_000,
      maxPegGapBps: 20,
    },
  ],
);

/** What is heard at one instant. */
export interface Turn {
  readonly at: number;
  readonly inputs: readonly OracleInput[];
}

const price = fc.oneof(
  { weight: 9, arbitrary: fc.double({ min: 99, max: 101, noNaN: true }) },
  fc.constantFrom(0, -1, NaN, Infinity, 1e308, 5e-324, 130, 1e9),
);
const input = (at: number, plan: OraclePlan): fc.Arbitrary<OracleInput> =>
  fc.oneof(
    {
      weight: 20,
      arbitrary: fc
        .record({
          source: fc.nat({ max: plan.sources.length - 1 }),
          price,
          spread: fc.option(fc.double({ min: -0.001, max: 0.025, noNaN: true }), { nil: undefined, freq: 20 }),
          eventAgo: fc.option(fc.integer({ min: -1_500, max: 3_000 }), { nil: undefined, freq: 2 }),
          sequence: fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined, freq: 1 }),
        })
        .map(({ source, price: said, spread, eventAgo, sequence }): OracleInput => {
          const value = plan.sources[source]!.feed === 1 ? said / 100 : said;
          const eventAt = eventAgo === undefined ? undefined : at - eventAgo;
          return {
            kind: 'quote',
            source,
            quote: quoteOf(value, {
              ask: spread === undefined ? undefined : value * (1 + spread),
              bidSize: 1,
              askSize: 2,
              eventAt,
              sequence,
            }),
          };
        }),
    },
    {
      weight: 1,
      arbitrary: fc
        .subarray(plan.sources.map((_, source) => source))
        .map((sources): OracleInput => ({ kind: 'disconnect', sources })),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({ value: fc.double({ min: 98, max: 102, noNaN: true }), ago: fc.integer({ min: 0, max: 2_000 }) })
        .map(({ value, ago }): OracleInput => ({ kind: 'anchor', anchor: 0, value, updatedAt: at - ago })),
    },
    {
      weight: 3,
      arbitrary: fc
        .record({ value: fc.constantFrom(100, 100, 100.1, 99.8, 90, 1.7e6), ago: fc.integer({ min: 0, max: 2_000 }) })
        .map(({ value, ago }): OracleInput => ({ kind: 'redemption', redemption: 0, value, updatedAt: at - ago })),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({
          source: fc.nat({ max: plan.sources.length - 1 }),
          verdict: fc.constantFrom('atBound' as const, 'sequencerDown' as const),
        })
        .map((said): OracleInput => ({ kind: 'dismissSource', ...said })),
    },
    { weight: 1, arbitrary: fc.constant<OracleInput>({ kind: 'dismissAnchor', anchor: 0 }) },
    {
      weight: 1,
      arbitrary: fc
        .record({
          action: fc.constantFrom('halt' as const, 'resume' as const, 'resume' as const),
          feed: fc.nat({ max: 1 }),
        })
        .map((said): OracleInput => ({ kind: 'operator', ...said })),
    },
  );

/** All speak at once; sometimes the light ones, who are the majority by count, against the heavy ones. */
const chorus: fc.Arbitrary<OracleInput[]> = fc.constantFrom(100, 100, 103).map((light) =>
  BUSY.sources.map(({ feed, weight }, source): OracleInput => {
    const value = feed === 1 ? 1 : weight > 1 ? 100 : light;
    return { kind: 'quote', source, quote: quoteOf(value) };
  }),
);

/** A market of some seconds under the plan `BUSY`: turns at strictly later instants, most with several inputs. */
export const arbitraryMarket: fc.Arbitrary<readonly Turn[]> = fc
  .array(
    fc.oneof(
      fc.integer({ min: 1, max: 60 * 1024 }).map((steps) => steps / 1024),
      fc.integer({ min: 100, max: 3_000 }),
    ),
    { minLength: 1, maxLength: 40 },
  )
  .chain((waits) => {
    let at = T0;
    const instants = waits.map((wait) => (at += wait));
    return fc.tuple(
      ...instants.map((instant) =>
        fc
          .oneof(
            { weight: 5, arbitrary: fc.array(input(instant, BUSY), { maxLength: 9 }) },
            { weight: 1, arbitrary: chorus },
          )
          .map((inputs): Turn => ({ at: instant, inputs })),
      ),
    );
  });

/** Milliseconds since Sunday 00:00 UTC. */
function weekMs(at: number): number {
  return (at + 4 * DAY_MS) % WEEK_MS;
}
