import { heapGrowth } from '../../bench/heap-growth';
import { FEEDS, WideMarket } from '../../bench/wide-market';

const OBSERVATIONS = 800_000;

/** A hundred feeds of sixteen sources, all of them heard in every cut. */
function stepOf(market: WideMarket): () => number {
  return () => {
    const inputs = market.next(FEEDS);
    market.leaveGrid();
    market.hear(inputs);
    market.cut();
    return inputs.length;
  };
}

describe('the heap of an oracle', () => {
  test('does not grow with what it has observed', () => {
    const growth = heapGrowth(OBSERVATIONS, stepOf(new WideMarket(() => new Uint8Array(32))));
    expect(growth.observations).toBe(OBSERVATIONS);
    expect(growth.grownBytes).toBeLessThan(growth.limitBytes);
  });

  test('would be seen to grow by some bytes an observation', () => {
    const kept: object[] = [];
    const growth = heapGrowth(OBSERVATIONS, () => kept.push({ at: kept.length }) && 1);
    expect(growth.grownBytes).toBeGreaterThan(growth.limitBytes);
  });
});
