import type { Tally } from '../aggregation/votes';
import { policyOf } from '../../../test/support/plans';
import { guardAge, guardAgreement, guardNative, guardQuorum } from './guard';
import { reasonList } from './reasons';

const POLICY = policyOf();
const TALLY: Tally = {
  count: 6,
  equalMedian: 100,
  weightedMedian: 100,
  mad: 0,
  deviation: 0,
  ageMs: 0,
  concentration: 0.25,
  medianSpreadBps: 1,
  spokenAt: 1_000,
  native: 3,
  nativeGapBps: 0,
};

describe('guardQuorum', () => {
  it.each([
    ['enough voices with enough weight raise nothing', 6, 1, []],
    ['exactly as many as make a feed ok are enough', 4, 0.5, []],
    ['fewer than make it ok are thin', 3, 0.75, ['thinUpstreams']],
    ['fewer than the minimum are too few, and no longer merely thin', 2, 0.5, ['tooFewUpstreams']],
    ['weight just below half is thin, however many speak', 5, 0.499, ['thinWeight']],
    ['half that misses a half only by rounding is half', 7, 7 / 14 - 2e-16, []],
    ['a quarter of the weight is enough for a price, however few speak', 3, 0.25, ['thinUpstreams', 'thinWeight']],
    ['less is no majority of anything, however many speak', 6, 0.249, ['thinWeight', 'weightLost']],
    ['nobody is too few, and too light', 0, 0, ['tooFewUpstreams', 'thinWeight', 'weightLost']],
  ])('%s', (_reason, count, freshShare, reasons) => {
    expect(reasonList(guardQuorum({ ...TALLY, count }, freshShare, POLICY))).toEqual(reasons);
  });
});

describe('guardNative', () => {
  it.each([
    ['as many natives as asked for, and in agreement, raise nothing', 2, 50, []],
    ['fewer natives leave the price to a leg', 1, 0, ['tooFewNative']],
    ['a gap over the limit is a leg that lies, or a market', 3, 50.01, ['nativeGap']],
    ['without one of the two kinds there is no gap', 6, NaN, []],
    ['both can be wrong', 0, 80, ['tooFewNative', 'nativeGap']],
  ])('%s', (_reason, native, nativeGapBps, reasons) => {
    expect(reasonList(guardNative({ ...TALLY, native, nativeGapBps }, POLICY))).toEqual(reasons);
  });
});

describe('guardAge', () => {
  it.each([
    ['a price younger than the limit is young', 10_999, []],
    ['a price of exactly the limit is too old', 11_000, ['tooOld']],
  ])('%s', (_reason, at, reasons) => {
    expect(reasonList(guardAge(TALLY, at, POLICY))).toEqual(reasons);
  });
});

describe('guardAgreement', () => {
  it.each([
    ['agreement raises nothing, however long there was none', true, 99_000, []],
    ['disagreement degrades at once', false, 1_000, ['mediansDisagree']],
    ['disagreement degrades until it lasts', false, 2_999, ['mediansDisagree']],
    ['disagreement that lasts halts', false, 3_000, ['mediansDisagree', 'disagreementLasts']],
  ])('%s', (_reason, agreed, at, reasons) => {
    expect(reasonList(guardAgreement(agreed, 1_000, at, POLICY))).toEqual(reasons);
  });
});
