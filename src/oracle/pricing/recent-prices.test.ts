import { RecentPrices } from './recent-prices';

function after(...prices: readonly number[]): RecentPrices {
  const recent = new RecentPrices(3);
  for (const price of prices) recent.observe(price);
  return recent;
}

describe('RecentPrices', () => {
  it.each([
    ['know nothing at first', [], NaN, NaN],
    ['span what they saw', [100, 103, 99], 99, 103],
    ['forget what is longer ago than they look back', [1, 100, 103, 99], 99, 103],
    ['skip seconds without a price', [100, NaN, 103], 100, 103],
  ])('%s', (_reason, prices, lowest, highest) => {
    const recent = after(...prices);
    expect([recent.lowest, recent.highest]).toEqual([lowest, highest]);
  });

  it('are restored as they were, and go on from there alone', () => {
    const recent = after(100, 103);
    const restored = new RecentPrices(3);
    restored.restore(recent.state());
    restored.observe(99);
    restored.observe(101);
    expect([restored.lowest, restored.highest]).toEqual([99, 103]);
    expect([recent.lowest, recent.highest]).toEqual([100, 103]);
  });
});
