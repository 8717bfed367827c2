import { planOf } from '../../../../test/support/plans';
import { fallingTogether, stressed } from './stress';

const SOURCES = { sources: { a: {} } };
const CALM = { ...SOURCES, policy: { nominalVolatility: 0.02 } };

describe('fallingTogether', () => {
  it('lets assets fall together, dollars by another name among themselves, and crosses apart', () => {
    const plan = planOf({
      'USDT/USD': CALM,
      'BTC/USD': SOURCES,
      'ETH/USD': SOURCES,
      'EUR/USD': CALM,
      'ETH/BTC': SOURCES,
    });
    expect(fallingTogether(plan.feeds)).toEqual([0, 1, 1, 0, 4]);
  });
});

describe('stressed', () => {
  it.each([
    [1, true, 1],
    [0.6, true, 0.8],
    [-1, true, 0],
    [0.6, false, 0.3],
    [-0.2, false, -0.1],
  ])('draws %d halfway to a common fall (%s): %d', (correlation, isTogether, expected) => {
    expect(stressed(correlation, isTogether)).toBeCloseTo(expected, 15);
  });
});
