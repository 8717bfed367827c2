import fc from 'fast-check';
import { planOf } from '../../../test/support/plans';
import type { LegValue } from '../conversion/leg-value';
import type { RateStanding } from './rate-standing';
import { HOUR_MS, YEAR_MS } from '../units/time';
import { reasonList } from './reasons';
import { Redemptions } from './redemption';

const RATE = {
  id: 'rate:WSTETH/USD',
  feed: 'WSTETH/USD',
  underlying: 'ETH/USD',
  nominalRate: 1.2,
  maxGrowthPerYear: 0.2,
  maxFall: 0,
  maxAgeMs: HOUR_MS,
  maxPegGapBps: 100,
};
const ETH = 0;
const WSTETH = 1;
const AT = 1_700_000_000_000;
const DAY_MS = 24 * HOUR_MS;
const ETHER: LegValue = { price: 2_000, relativeHalfWidth: 0.001, isDegraded: false };

function redemptions(particular: Partial<typeof RATE> = {}, ether: LegValue = ETHER): Redemptions {
  const plan = planOf(
    { 'ETH/USD': { sources: { a: {} } }, 'WSTETH/USD': { sources: { a: {} } } },
    [],
    [{ ...RATE, ...particular }],
  );
  return new Redemptions(plan, [ether, undefined]);
}

/** What stands after readings of (rate, instant), each judged at a cut of its own. */
function after(subject: Redemptions, ...readings: readonly (readonly [rate: number, at: number])[]) {
  for (const [rate, at] of readings) {
    subject.observe(0, rate, at);
    subject.judge();
  }
  return subject.standing(WSTETH);
}

describe('Redemptions judge', () => {
  it.each([
    ['the first rate of the right order is taken', {}, [[1.2, AT]], 1.2, undefined],
    [
      'a first rate of the wrong order is not: there is nothing to fall back to',
      {},
      [[1_700_000, AT]],
      undefined,
      1.7e6,
    ],
    [
      'the daily step of a staked asset is growth',
      {},
      [
        [1.2, AT],
        [1.2001, AT + 10],
      ],
      1.2001,
      undefined,
    ],
    [
      'a rate may not fall, be it by a hair',
      {},
      [
        [1.2, AT],
        [1.19999, AT + DAY_MS],
      ],
      1.2,
      1.19999,
    ],
    [
      'a fall within the allowance is taken',
      { maxFall: 0.01 },
      [
        [1.2, AT],
        [1.19, AT + 10],
      ],
      1.19,
      undefined,
    ],
    [
      'falls add up: they count from the highest',
      { maxFall: 0.01 },
      [
        [1.2, AT],
        [1.192, AT + 10],
        [1.184, AT + 20],
      ],
      1.192,
      1.184,
    ],
    [
      'a rate a million times too high is refused and not clamped',
      {},
      [
        [1.2, AT],
        [2_040_000, AT + 10],
      ],
      1.2,
      2.04e6,
    ],
    [
      'one round of nonsense leaves nothing behind',
      {},
      [
        [1.2, AT],
        [9, AT + 10],
        [1.2, AT + 20],
      ],
      1.2,
      undefined,
    ],
    [
      'steps one after the other share one allowance',
      {},
      [
        [1.2, AT],
        [1.2006, AT + 10],
        [1.2012, AT + 20],
      ],
      1.2006,
      1.2012,
    ],
    [
      'growth that was not used is kept',
      {},
      [
        [1.2, AT],
        [1.2, AT + 9 * DAY_MS],
        [1.206, AT + 10 * DAY_MS],
      ],
      1.206,
      undefined,
    ],
    [
      'a refused rate is taken once time allows it',
      {},
      [
        [1.2, AT],
        [1.21, AT + 10],
        [1.21, AT + 20 * DAY_MS],
      ],
      1.21,
      undefined,
    ],
    [
      'a node that lags refutes nothing',
      {},
      [
        [1.2, AT],
        [1.1, AT - 1],
      ],
      1.2,
      undefined,
    ],
  ] as [string, Partial<typeof RATE>, [number, number][], number | undefined, number | undefined][])(
    '%s',
    (_reason, particular, readings, accepted, refused) => {
      const standing = after(redemptions(particular), ...readings);
      expect([standing?.accepted?.rate, standing?.refused]).toEqual([accepted, refused]);
    },
  );

  it('only at a cut, the newest of what was read, and only once', () => {
    const subject = redemptions();
    expect(subject.observe(0, 9, AT)).toBe(WSTETH);
    subject.observe(0, 1.2, AT + 1);
    expect(subject.judge()).toMatchObject([{ feed: WSTETH, accepted: { rate: 1.2, readAt: AT + 1 } }]);
    expect(subject.judge()).toEqual([]);
  });

  it('and say nothing of a reading that says nothing new', () => {
    const subject = redemptions();
    after(subject, [1.2, AT]);
    subject.observe(0, 1.2, AT);
    expect(subject.judge()).toEqual([]);
  });

  it('no redemption that the plan does not have', () => {
    expect(() => redemptions().observe(1, 1, AT)).toThrow('redemption 1 is not among the 1 of the plan');
  });

  it('so that whatever is read, the accepted rate stays within the bound and was once read', () => {
    const readings = fc.array(fc.tuple(fc.double({ min: 0.5, max: 3, noNaN: true }), fc.nat(DAY_MS)), { minLength: 1 });
    fc.assert(
      fc.property(readings, (steps) => {
        const subject = redemptions();
        let at = AT;
        const read = [1.2];
        after(subject, [1.2, at]);
        for (const [rate, elapsed] of steps) {
          at += elapsed;
          read.push(rate);
          const { accepted } = after(subject, [rate, at]) as RateStanding;
          expect(read).toContain(accepted?.rate);
          expect(accepted?.rate).toBeGreaterThanOrEqual(1.2);
          expect(accepted?.rate).toBeLessThanOrEqual(1.2 * Math.exp((0.2 * (at - AT + DAY_MS)) / YEAR_MS) * (1 + 1e-9));
        }
      }),
    );
  });
});

describe('Redemptions value', () => {
  it('a feed by its rate and the price of what it redeems for, with that price’s band', () => {
    const subject = redemptions();
    after(subject, [1.2, AT]);
    expect(subject.appraise(WSTETH, 2_400, AT)).toEqual({ value: { low: 2_397.6, high: 2_402.4 }, reasons: 0 });
  });

  it('no feed that has no redemption', () => {
    expect(redemptions().appraise(ETH, 2_000, AT)).toEqual({ value: undefined, reasons: 0 });
  });

  it.each([
    ['a market at its redemption value', 2_400, AT, [], true],
    ['a market within the gap', 2_377, AT, [], true],
    ['a market a third below: a peg gap, or a home book', 1_600, AT, ['pegGap'], true],
    ['a market above', 2_430, AT, ['pegGap'], true],
    ['no market, which stands nowhere', NaN, AT, [], true],
    ['a rate just young enough', 2_400, AT + HOUR_MS - 1, [], true],
    ['a rate that nobody has read for too long', 2_400, AT + HOUR_MS, ['redemptionUnknown'], false],
  ] as [string, number, number, string[], boolean][])('%s', (_reason, market, at, reasons, known) => {
    const subject = redemptions();
    after(subject, [1.2, AT]);
    const { value, reasons: set } = subject.appraise(WSTETH, market, at);
    expect([reasonList(set), value !== undefined]).toEqual([reasons, known]);
  });

  it('nothing where the underlying is halted, and say so', () => {
    const subject = new Redemptions(
      planOf({ 'ETH/USD': { sources: { a: {} } }, 'WSTETH/USD': { sources: { a: {} } } }, [], [RATE]),
      [undefined, undefined],
    );
    after(subject, [1.2, AT]);
    const { value, reasons } = subject.appraise(WSTETH, 2_400, AT);
    expect([value, reasonList(reasons)]).toEqual([undefined, ['legHalted', 'redemptionUnknown']]);
  });

  it('by a degraded underlying all the same, and say so', () => {
    const subject = redemptions({}, { ...ETHER, isDegraded: true });
    after(subject, [1.2, AT]);
    expect(reasonList(subject.appraise(WSTETH, 2_400, AT).reasons)).toEqual(['legDegraded']);
  });

  it('by the rate before one that was refused, whose age grows', () => {
    const subject = redemptions();
    after(subject, [1.2, AT], [9, AT + HOUR_MS - 1]);
    const { value, reasons } = subject.appraise(WSTETH, 2_400, AT + HOUR_MS - 1);
    expect([value?.low, reasonList(reasons)]).toEqual([2_397.6, ['redemptionOutOfBounds']]);
    expect(reasonList(subject.appraise(WSTETH, 2_400, AT + HOUR_MS).reasons)).toEqual([
      'redemptionOutOfBounds',
      'redemptionUnknown',
    ]);
  });

  it('nothing before a rate was read', () => {
    expect(reasonList(redemptions().appraise(WSTETH, 2_400, AT).reasons)).toEqual(['redemptionUnknown']);
  });

  it('and know when the rate will be too old: then the feed is to be looked at again', () => {
    const subject = redemptions();
    expect(subject.expiresAt(WSTETH, AT)).toBe(Infinity);
    after(subject, [1.2, AT]);
    expect(subject.expiresAt(WSTETH, AT)).toBe(AT + HOUR_MS);
    expect(subject.expiresAt(WSTETH, AT + HOUR_MS)).toBe(Infinity);
    expect(subject.expiresAt(ETH, AT)).toBe(Infinity);
  });
});
