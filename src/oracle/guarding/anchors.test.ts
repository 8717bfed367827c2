import { quoteOf } from '../../../test/support/oracle-driver';
import { planOf } from '../../../test/support/plans';
import { VerdictRows } from '../aggregation/verdict-rows';
import type { LegValue } from '../conversion/leg-value';
import { Slots } from '../observation/slots';
import { verdictRows } from '../verdict';
import { Anchors } from './anchors';

const APART = { maxDeviationBps: 100 };
const PLAN = planOf(
  {
    'BTC/USD': { sources: { a: {}, p: { anchor: APART, maxAgeMs: 2_000 }, q: { anchor: APART, leg: 'USDT/USD' } } },
    'ETH/USD': { sources: { a: {} } },
    'USDT/USD': { sources: { a: {} } },
  },
  [
    { id: 'chainlink:BTC/USD', feed: 'BTC/USD', maxAgeMs: 5_000, ...APART },
    { id: 'twap:BTC/USD', feed: 'BTC/USD', maxAgeMs: 5_000, ...APART },
  ],
);
const [BTC, ETH, USDT] = [0, 1, 2];
const P = PLAN.sources.findIndex(({ id }) => id === 'p:BTC/USD');
const Q = PLAN.sources.findIndex(({ id }) => id === 'q:BTC/USD');

function newAnchors(legPrice?: number) {
  const slots = new Slots(PLAN);
  const verdicts = new VerdictRows(PLAN.sources.length);
  const legValues: (LegValue | undefined)[] = PLAN.feeds.map(() => undefined);
  if (legPrice !== undefined) legValues[USDT] = { price: legPrice, relativeHalfWidth: 0, isDegraded: false };
  return { slots, verdicts, anchors: new Anchors(PLAN, { slots, verdicts, legValues }) };
}

const judged = (verdicts: VerdictRows): unknown[] =>
  [...verdictRows(verdicts.take())].map(({ source, verdict, weight }) => [source, verdict, weight]);

describe('what chains answer', () => {
  it.each([
    ['one that never spoke is no witness', [], 1_000, 0],
    ['one just younger than its age is a witness', [[0, 90, 1_000]], 5_999, 1],
    ['one of exactly its age is no witness any more', [[0, 90, 1_000]], 6_000, 0],
    ['one that is no number is no witness', [[0, Infinity, 1_000]], 1_000, 0],
    ['two of two upstreams are two', [[0, 90, 1_000], [1, 90, 1_000]], 1_000, 2], // prettier-ignore
  ] as [string, [number, number, number][], number, number][])('%s', (_reason, heard, at, fresh) => {
    const { anchors } = newAnchors();
    for (const [anchor, value, updatedAt] of heard) anchors.observe(anchor, value, updatedAt);
    expect(anchors.hear(BTC, 100, at).testimony.fresh).toBe(fresh);
  });

  it.each([
    ['an older round is not heard', 999, 0],
    ['a correction of the same round is', 1_000, 1],
  ])('%s', (_reason, updatedAt, against) => {
    const { anchors } = newAnchors();
    anchors.observe(0, 100, 1_000);
    anchors.observe(0, 90, updatedAt);
    expect(anchors.hear(BTC, 100, 1_000).testimony.against).toBe(against);
  });

  it('tells the feed it speaks about; an anchor that the plan does not have is refused', () => {
    expect(newAnchors().anchors.observe(1, 100, 1_000)).toBe(BTC);
    expect(() => newAnchors().anchors.observe(2, 100, 1_000)).toThrow('anchor 2 is not among the 2 of the plan');
  });
});

describe('what venues answer', () => {
  it('is heard in the feed’s currency, and judged without a weight', () => {
    const { slots, verdicts, anchors } = newAnchors(0.5);
    slots.observe(P, quoteOf(103), 1_000);
    slots.observe(Q, quoteOf(200), 1_000);
    expect(anchors.hear(BTC, 100, 1_000).testimony).toMatchObject({ fresh: 2, agreeing: 1, against: 1 });
    expect(judged(verdicts)).toEqual([
      [P, 'witness', 0],
      [Q, 'witness', 0],
    ]);
  });

  it('is no witness when it is stale, refused, silent, or its leg is halted: the verdict says why', () => {
    const { slots, verdicts, anchors } = newAnchors();
    slots.observe(P, quoteOf(103), 1_000);
    slots.observe(Q, quoteOf(200), 1_000);
    expect(anchors.hear(BTC, 100, 3_000).testimony.fresh).toBe(0);
    expect(judged(verdicts)).toEqual([
      [P, 'staleReceived', 0],
      [Q, 'legHalted', 0],
    ]);
    slots.observe(P, quoteOf(103, { ask: 90 }), 3_000);
    slots.forget(Q);
    expect(anchors.hear(BTC, 100, 3_000).testimony.fresh).toBe(0);
    expect(judged(verdicts)).toEqual([
      [P, 'crossed', 0],
      [Q, 'silent', 0],
    ]);
  });
});

describe('Anchors', () => {
  it('know when the first that is fresh will be none: then the feed is to be looked at again', () => {
    const { slots, anchors } = newAnchors();
    anchors.observe(0, 100, 1_000);
    slots.observe(P, quoteOf(100), 2_500);
    expect(anchors.hear(BTC, 100, 3_000).expiresAt).toBe(4_500);
    expect(anchors.hear(BTC, 100, 4_500).expiresAt).toBe(6_000);
    expect(anchors.hear(BTC, 100, 6_000).expiresAt).toBe(Infinity);
  });

  it('speak of no other feed', () => {
    const { anchors } = newAnchors();
    anchors.observe(0, 90, 1_000);
    expect(anchors.hear(ETH, 100, 1_000)).toMatchObject({ testimony: { fresh: 0 }, expiresAt: Infinity });
  });
});
