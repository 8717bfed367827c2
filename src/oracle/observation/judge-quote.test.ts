import { quoteOf } from '../../../test/support/oracle-driver';
import { judgeQuote, spreadBps } from './judge-quote';

const AT = 1_700_000_000_000;
const LIMITS = { maxSpreadBps: 200, maxFutureMs: 1_000 };

describe('judgeQuote', () => {
  it.each([
    ['without a bid nobody wants it', { bid: undefined }, 'oneSided', NaN, NaN],
    ['without an ask nobody gives it', { ask: undefined }, 'oneSided', NaN, NaN],
    ['nothing is free', { bid: 0 }, 'notPositive', 0, 0],
    ['a price is not negative', { bid: -1 }, 'notPositive', -1, 0],
    ['an ask of zero is none', { bid: 1, ask: 0 }, 'notPositive', 0, 0],
    ['a bid that is no number is no price', { bid: NaN }, 'notPositive', NaN, 0],
    ['an ask that is no number is no price', { ask: NaN }, 'notPositive', NaN, 0],
    ['infinity is beyond every number', { ask: Infinity }, 'outOfRange', Infinity, Number.MAX_VALUE],
    [
      'an infinite bid is out of range before it is crossed',
      { bid: Infinity },
      'outOfRange',
      Infinity,
      Number.MAX_VALUE,
    ],
    ['a bid above the ask is no market', { bid: 101, ask: 100 }, 'crossed', 101, 100],
    ['a spread over the limit names nobody its price', { bid: 98, ask: 102 }, 'wideSpread', 400, 200],
    ['an event further ahead than clocks differ is invented', { eventAt: AT + 1_001 }, 'future', 1_001, 1_000],
    ['the first fault found is the one named', { bid: 102, ask: 98, eventAt: AT + 5_000 }, 'crossed', 102, 98],
  ])('%s', (_reason, said, verdict, measured, limit) => {
    expect(judgeQuote(quoteOf(100, said), LIMITS, AT)).toEqual({ verdict, measured, limit });
  });

  it.each([
    ['a book without a spread is one', {}],
    ['a spread of exactly the limit is within it', { bid: 99, ask: 101 }],
    ['an event exactly as far ahead as clocks may differ is within it', { eventAt: AT + 1_000 }],
    ['an old event is for screening to judge', { eventAt: 0 }],
    ['an event time that the venue does not give is absent, not wrong', { eventAt: undefined }],
    ['the smallest positive number is positive', { bid: 5e-324, ask: 5e-324 }],
  ])('%s', (_reason, said) => {
    expect(judgeQuote(quoteOf(100, said), LIMITS, AT)).toBeUndefined();
  });

  it('measures the spread against the middle', () => {
    expect(spreadBps(99, 101)).toBe(200);
    expect(spreadBps(1e308, 1e308)).toBe(0);
  });
});
