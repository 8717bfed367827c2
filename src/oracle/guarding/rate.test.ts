import { policyOf } from '../../../test/support/plans';
import { guardRate, type Pace, type RateMemory } from './rate';
import { NO_REASONS } from './reasons';

const POLICY = policyOf({ maxRateBps: 400 });
const NOW = 100_000;
const CALM: RateMemory = { lastCalm: 100, lastCalmAt: NOW - 1_000, isOutOfBounds: false };
const isDisputed = (of: Partial<Pace>, past: Partial<RateMemory> = {}): boolean => {
  const pace = {
    price: 100,
    lowest: 100,
    highest: 100,
    isNews: false,
    holds: 'off' as const,
    sigmaPerRootSecond: 1e-4,
    ...of,
  };
  return guardRate(pace, { ...CALM, ...past }, NOW, POLICY) !== NO_REASONS;
};

describe('guardRate', () => {
  it.each([
    ['a leader’s jump of 3 % is a market’s', { price: 103 }, false],
    ['a crash of 15 % in a minute is 2.7 % in ten seconds', { price: 97.3 }, false],
    ['5 % in ten seconds is not', { price: 105 }, true],
    ['downwards alike', { price: 95.5 }, true],
    ['a spike and its return are both too fast', { price: 100, highest: 105 }, true],
    ['what the anchors went along with is news', { price: 110, isNews: true }, false],
    ['a market measured to be wild may go further', { price: 110, sigmaPerRootSecond: 4e-3 }, false],
    ['without a past there is no pace', { price: 105, lowest: NaN, highest: NaN }, false],
    ['what is held tightly may go an eighth as far', { price: 100.6, holds: 'tightly' as const }, true],
    ['and no less', { price: 100.4, holds: 'tightly' as const }, false],
  ])('%s', (_reason, of, disputed) => {
    expect(isDisputed(of)).toBe(disputed);
  });

  describe('of what nobody is there to confirm', () => {
    const jumped = { price: 102, lowest: 102, highest: 102, holds: 'tightly' as const };
    it.each([
      ['a jump stays disputed when ten seconds have passed', jumped, 60_000, true],
      ['until a market could have walked there', jumped, 401_000, false],
      ['what is held on alike', { price: 106, lowest: 106, highest: 106, holds: 'on' as const }, 60_000, true],
      ['until those who should confirm are back', { ...jumped, holds: 'off' as const }, 60_000, false],
      ['until the price is', { ...jumped, price: 100.3, lowest: 100.3, highest: 100.3 }, 60_000, false],
      ['until the anchors confirm it', { ...jumped, isNews: true }, 60_000, false],
    ])('%s', (_reason, of, agoMs, disputed) => {
      expect(isDisputed(of, { isOutOfBounds: true, lastCalmAt: NOW - agoMs })).toBe(disputed);
    });
  });
});
