import { planOf } from '../../../test/support/plans';
import { quoteOf } from '../../../test/support/oracle-driver';
import { verdictCode } from '../verdict';
import { Slots } from './slots';

const PLAN = planOf({
  'PEPE/USD': { decimals: 8, sources: { binance: { multiplier: 1_000 }, okx: {} } },
});
const BINANCE = 0;
const OKX = 1;

function slotOf(slots: Slots, source: number): object {
  return {
    code: slots.code[source],
    price: slots.price[source],
    receivedAt: slots.receivedAt[source],
    eventAt: slots.eventAt[source],
  };
}

describe('Slots', () => {
  it('are silent until a source has spoken', () => {
    const slots = new Slots(PLAN);
    expect(slotOf(slots, OKX)).toEqual({ code: verdictCode('silent'), price: NaN, receivedAt: NaN, eventAt: NaN });
  });

  it('hold the price of one unit of the asset, when it was heard and when it was said', () => {
    const slots = new Slots(PLAN);
    expect(slots.observe(BINANCE, quoteOf(0.012, { eventAt: 990 }), 1_000)).toBe(true);
    expect(slotOf(slots, BINANCE)).toEqual({
      code: verdictCode('used'),
      price: 0.012 / 1_000,
      receivedAt: 1_000,
      eventAt: 990,
    });
  });

  it('hold no event time where the venue gives none, not even that of the quote before', () => {
    const slots = new Slots(PLAN);
    slots.observe(OKX, quoteOf(1, { eventAt: 990 }), 1_000);
    slots.observe(OKX, quoteOf(1), 1_001);
    expect(slots.eventAt[OKX]).toBeNaN();
  });

  it('let a refused quote displace the one before: the source no longer stands by that', () => {
    const slots = new Slots(PLAN);
    slots.observe(OKX, quoteOf(1), 1_000);
    expect(slots.observe(OKX, quoteOf(1, { bid: 2 }), 1_010)).toBe(true);
    expect(slotOf(slots, OKX)).toEqual({
      code: verdictCode('crossed'),
      price: NaN,
      receivedAt: 1_010,
      eventAt: NaN,
    });
    expect([slots.measured[OKX], slots.limit[OKX]]).toEqual([2, 1]);
  });

  it.each([
    ['a repeated sequence is an echo', [7, 7], 1],
    ['a backward sequence is an echo', [7, 6], 1],
    ['a higher sequence is news', [7, 8], 2],
    ['a first sequence of zero is a sequence', [0, 0], 1],
    ['without sequences every quote is news', [undefined, undefined], 2],
    ['a quote without one does not let an older one back in', [7, undefined, 6], 2],
  ])('%s', (_reason, sequences, heard) => {
    const slots = new Slots(PLAN);
    const changed = sequences.map((sequence, index) => slots.observe(OKX, quoteOf(1 + index, { sequence }), 1_000));
    expect(changed.filter(Boolean)).toHaveLength(heard);
    expect(slots.price[OKX]).toBe(heard);
  });

  it('an echo does not make a quote younger', () => {
    const slots = new Slots(PLAN);
    slots.observe(OKX, quoteOf(1, { sequence: 7 }), 1_000);
    slots.observe(OKX, quoteOf(1, { sequence: 7 }), 9_000);
    expect(slots.receivedAt[OKX]).toBe(1_000);
  });

  it('the same sequence at a later time of the venue confirms the quote; at the same time it is an echo', () => {
    const slots = new Slots(PLAN);
    slots.observe(OKX, quoteOf(1, { sequence: 7, eventAt: 990 }), 1_000);
    expect(slots.observe(OKX, quoteOf(1, { sequence: 7, eventAt: 990 }), 2_000)).toBe(false);
    expect(slots.observe(OKX, quoteOf(1, { sequence: 7, eventAt: 3_990 }), 4_000)).toBe(true);
    expect(slots.receivedAt[OKX]).toBe(4_000);
  });

  it('a refused quote counts in the sequence: what came before it stays in the past', () => {
    const slots = new Slots(PLAN);
    slots.observe(OKX, quoteOf(1, { sequence: 8, bid: 0 }), 1_000);
    expect(slots.observe(OKX, quoteOf(1, { sequence: 7 }), 1_001)).toBe(false);
    expect(slots.code[OKX]).toBe(verdictCode('notPositive'));
  });

  it('forget what was said, and let the sequence start anew', () => {
    const slots = new Slots(PLAN);
    slots.observe(OKX, quoteOf(1, { sequence: 7, eventAt: 990 }), 1_000);
    slots.forget(OKX);
    expect(slotOf(slots, OKX)).toEqual({ code: verdictCode('silent'), price: NaN, receivedAt: NaN, eventAt: NaN });
    expect(slots.observe(OKX, quoteOf(2, { sequence: 1 }), 1_010)).toBe(true);
    expect(slots.price[OKX]).toBe(2);
  });

  it('touch nobody else', () => {
    const slots = new Slots(PLAN);
    slots.observe(OKX, quoteOf(1), 1_000);
    slots.observe(BINANCE, quoteOf(0, {}), 1_000);
    slots.forget(BINANCE);
    expect(slots.price[OKX]).toBe(1);
  });

  it('refuse a source that the plan does not have: that is a bug', () => {
    expect(() => new Slots(PLAN).observe(2, quoteOf(1), 1_000)).toThrow('source 2 is not among the 2 of the plan');
  });

  it.each([
    ['another bid', { bid: 0.5 }, 2_000],
    ['another size', { bidSize: 3 }, 2_000],
    ['a size that is no longer told', { askSize: undefined }, 2_000],
    ['another price that the venue dates', { bid: 0.5, eventAt: 1_900 }, 1_900],
    ['another price dated ahead of its receipt', { bid: 0.5, eventAt: 2_100 }, 2_000],
    ['the same book at a later time', { eventAt: 1_900, sequence: 9 }, 990],
    ['the same book with another last trade', { last: 7 }, 990],
  ])('a book is as old as its last change: after %s', (_reason, particular, changedAt) => {
    const slots = new Slots(PLAN);
    const book = { bidSize: 1, askSize: 2 };
    slots.observe(OKX, quoteOf(1, { ...book, eventAt: 990, sequence: 8 }), 1_000);
    slots.observe(OKX, quoteOf(1, { ...book, sequence: 9, ...particular }), 2_000);
    expect(slots.changedAt[OKX]).toBe(changedAt);
  });

  it('what was said before it was forgotten is no book that stands still', () => {
    const slots = new Slots(PLAN);
    slots.observe(OKX, quoteOf(1), 1_000);
    slots.forget(OKX);
    slots.observe(OKX, quoteOf(1), 5_000);
    expect(slots.changedAt[OKX]).toBe(5_000);
  });
});
