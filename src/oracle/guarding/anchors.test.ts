import { planOf } from '../../../test/support/plans';
import { Anchors } from './anchors';

const PLAN = planOf({ 'BTC/USD': { sources: { a: {} } }, 'ETH/USD': { sources: { a: {} } } }, [
  { id: 'chainlink:BTC/USD', feed: 'BTC/USD', maxAgeMs: 5_000, maxDeviationBps: 100 },
  { id: 'twap:BTC/USD', feed: 'BTC/USD', maxAgeMs: 5_000, maxDeviationBps: 100 },
]);
const BTC = 0;
const ETH = 1;

function anchorsOf(...heard: (readonly [anchor: number, value: number, updatedAt: number])[]): Anchors {
  const anchors = new Anchors(PLAN);
  for (const [anchor, value, updatedAt] of heard) anchors.observe(anchor, value, updatedAt);
  return anchors;
}

describe('Anchors', () => {
  it.each([
    ['one that never spoke is no witness', [], 1_000, false],
    ['one that stands within its own limit says nothing', [[0, 100, 1_000]], 1_000, false],
    ['one further away than its limit speaks', [[0, 98, 1_000]], 1_000, true],
    ['one speaks as well from above', [[0, 102.1, 1_000]], 1_000, true],
    [
      'one is enough: it only widens',
      [
        [0, 100, 1_000],
        [1, 90, 1_000],
      ],
      1_000,
      true,
    ],
    ['one just younger than its age is a witness', [[0, 90, 1_000]], 5_999, true],
    ['one of exactly its age is no witness any more', [[0, 90, 1_000]], 6_000, false],
    [
      'one that answers with an older round is not heard',
      [
        [0, 100, 1_000],
        [0, 90, 999],
      ],
      1_000,
      false,
    ],
    [
      'one that corrects the same round is heard',
      [
        [0, 100, 1_000],
        [0, 90, 1_000],
      ],
      1_000,
      true,
    ],
  ] as [string, [number, number, number][], number, boolean][])('%s', (_reason, heard, at, apart) => {
    expect(anchorsOf(...heard).apart(BTC, 100, at)).toBe(apart);
  });

  it('speak of no other feed, and not of a price that is absent', () => {
    const anchors = anchorsOf([0, 90, 1_000]);
    expect(anchors.apart(ETH, 100, 1_000)).toBe(false);
    expect(anchors.apart(BTC, NaN, 1_000)).toBe(false);
  });

  it('know when the first that is fresh will be none: then the feed is to be looked at again', () => {
    const anchors = anchorsOf([0, 90, 1_000], [1, 90, 3_000]);
    expect(anchors.expiresAt(BTC, 1_000)).toBe(6_000);
    expect(anchors.expiresAt(BTC, 6_000)).toBe(8_000);
    expect(anchors.expiresAt(BTC, 8_000)).toBe(Infinity);
    expect(anchors.expiresAt(ETH, 1_000)).toBe(Infinity);
  });

  it('tell the feed they speak about, and refuse an anchor that the plan does not have', () => {
    expect(new Anchors(PLAN).observe(1, 100, 1_000)).toBe(BTC);
    expect(() => anchorsOf([2, 100, 1_000])).toThrow('anchor 2 is not among the 2 of the plan');
  });
});
