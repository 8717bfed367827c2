import { planOf } from '../../../test/support/plans';
import { legOrder, legsOfFeeds } from './leg-order';

describe('legOrder', () => {
  it('puts each feed behind every leg it converts through, however the plan lists them', () => {
    const plan = planOf({
      'WBTC/USD': { sources: { kraken: {}, binance: { leg: 'BTC/USD' } } },
      'BTC/USD': { sources: { coinbase: {}, okx: { leg: 'USDT/USD' } } },
      'USDT/USD': { sources: { bitstamp: {} } },
    });
    expect(legOrder(plan)).toEqual([2, 1, 0]);
    expect(legsOfFeeds(plan)).toEqual([[1], [2], []]);
  });

  it('keeps the order of the plan where no leg asks otherwise', () => {
    const plan = planOf({ 'A/USD': { sources: { x: {} } }, 'B/USD': { sources: { x: {} } } });
    expect(legOrder(plan)).toEqual([0, 1]);
  });

  it('names a leg once, however many sources convert through it', () => {
    const sources = { a: { leg: 'USDT/USD' }, b: { leg: 'USDT/USD' } };
    expect(legsOfFeeds(planOf({ 'USDT/USD': { sources: { x: {} } }, 'B/USD': { sources } }))).toEqual([[], [0]]);
  });

  it('lets two feeds share a leg: a diamond is no cycle', () => {
    const plan = planOf({
      'C/USD': { sources: { x: { leg: 'A/USD' }, y: { leg: 'B/USD' } } },
      'A/USD': { sources: { x: { leg: 'USDT/USD' } } },
      'B/USD': { sources: { x: { leg: 'USDT/USD' } } },
      'USDT/USD': { sources: { x: {} } },
    });
    expect(legOrder(plan)).toEqual([3, 1, 2, 0]);
  });

  it.each([
    ['a feed that converts through itself', { 'A/USD': 'A/USD' }, 'A/USD → A/USD'],
    ['two feeds that convert through each other', { 'A/USD': 'B/USD', 'B/USD': 'A/USD' }, 'A/USD → B/USD → A/USD'],
    [
      'only the cycle, not the way to it',
      { 'X/USD': 'A/USD', 'A/USD': 'B/USD', 'B/USD': 'A/USD' },
      'A/USD → B/USD → A/USD',
    ],
  ])('names %s', (_reason, legs, cycle) => {
    const plan = planOf(Object.fromEntries(Object.entries(legs).map(([id, leg]) => [id, { sources: { x: { leg } } }])));
    expect(() => legOrder(plan)).toThrow(`legs form a cycle: ${cycle}; `);
  });
});
