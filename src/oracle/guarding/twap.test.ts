import { policyOf } from '../../../test/support/plans';
import { NO_REASONS } from './reasons';
import { guardTwap } from './twap';

describe('guardTwap', () => {
  it.each([
    ['a price near its average', 101, 100, 1e-4, false],
    ['one beyond the limit', 102.1, 100, 1e-4, true],
    ['one below it', 97.9, 100, 1e-4, true],
    ['a volatile market strays further: ten standard deviations of a walk of 100 s', 104, 100, 5e-4, false],
    ['a market without an average yet', 200, undefined, 1e-4, false],
  ])('%s', (_reason, price, twap, sigma, apart) => {
    expect(guardTwap(price, twap, sigma, policyOf({ maxTwapGapBps: 200 })) !== NO_REASONS).toBe(apart);
  });
});
