import { planOf } from '../../../test/support/plans';
import { ImpliedSlots } from './implied-slots';

const AT = 1_780_000_000_000;
const PLAN = {
  ...planOf({ USDT: { sources: {} }, BTC: { policy: { nominalVolatility: 0.5 }, sources: {} } }),
  implied: [{ id: 'x:btc', venue: 'x', instrument: 'btc', feed: 1, maxAgeMs: 600_000, maxFutureMs: 1_000 }],
};

function heard(volatility: number, observedAt = AT): ImpliedSlots {
  const slots = new ImpliedSlots(PLAN);
  slots.observe(0, volatility, observedAt, AT);
  return slots;
}

describe(ImpliedSlots.name, () => {
  test.each([
    ['what was said just now', 0.6, AT, 0, true],
    ['what may be believed at the most', 5, AT, 0, true],
    ['what may be believed at the least', 0.05, AT, 0, true],
    ['what is as old as may be', 0.6, AT - 60_000, 540_000, true],
    ['a clock that is a little ahead', 0.6, AT + 1_000, 0, true],
    ['what is too old', 0.6, AT - 60_000, 540_001, undefined],
    ['what a clock ahead said long ago', 0.6, AT + 1_000, 600_001, undefined],
    ['per cent for parts of one', 60, AT, 0, 'outOfBounds'],
    ['a hundredth of it', 0.006, AT, 0, 'outOfBounds'],
    ['nothing at all', 0, AT, 0, 'outOfBounds'],
    ['less than nothing', -0.6, AT, 0, 'outOfBounds'],
    ['no number', NaN, AT, 0, 'outOfBounds'],
    ['a clock that is far ahead', 0.6, AT + 1_001, 0, 'outOfBounds'],
  ])('finds %s', (_, volatility, observedAt, later, finding) => {
    const found = heard(volatility, observedAt)
      .judge(AT + later)
      .get(1);
    expect(found).toEqual(finding === true ? { volatility, observedAt } : finding);
  });

  test('keeps the last word, and none from before a dismissal', () => {
    const slots = heard(60);
    slots.observe(0, 0.7, AT - 1, AT);
    expect(slots.judge(AT)).toEqual(new Map([[1, { volatility: 0.7, observedAt: AT - 1 }]]));
    slots.forget(0);
    expect(slots.judge(AT).get(1)).toBeUndefined();
  });

  test('speaks of no feed where none has an index, and takes the word of none', () => {
    const slots = new ImpliedSlots(planOf({ BTC: { sources: {} } }));
    expect(slots.judge(AT)).toEqual(new Map());
    expect(() => {
      slots.observe(0, 1, AT, AT);
    }).toThrow('implied volatility 0 is not among the 0 of the plan');
  });
});
