import fc from 'fast-check';
import { reasonBit, reasonList } from '../guarding/reasons';
import type { Reason } from '../report';
import { combineFeed, type CertifyingRules } from './combine';
import type { ObservedFeed } from './observed-feed';
import { observationFault } from './observed-feed';

const RULES: CertifyingRules = { threshold: 3, toleranceBps: 50 };

function seen(price: number, half = 10, reasons: readonly Reason[] = []): ObservedFeed {
  return {
    reasons: reasons.reduce((set, reason) => set | reasonBit(reason), 0),
    observedAt: 1_700_000_000_000,
    prices: { price, low: price - half, high: price + half, collateral: undefined, liability: undefined },
    sources: { used: 5, upstreams: 4 },
    dispersionBps: 1.5,
  };
}

function halted(...reasons: readonly Reason[]): ObservedFeed {
  return { ...seen(1, 0, reasons), prices: undefined, observedAt: undefined };
}

const arbitraryFeed = fc
  .record({ price: fc.integer({ min: 9_900, max: 10_100 }), half: fc.integer({ min: 0, max: 40 }), age: fc.nat(500) })
  .map(({ price, half, age }) => ({ ...seen(price, half), observedAt: 1_700_000_000_000 - age }));

describe('combineFeed', () => {
  it('with a single observer is what that one sees', () => {
    fc.assert(
      fc.property(arbitraryFeed, (feed) => {
        expect(combineFeed([feed], { threshold: 1, toleranceBps: 0 })).toEqual(feed);
      }),
    );
  });

  it('does not depend on the order of the observations', () => {
    const shuffled = fc
      .array(arbitraryFeed, { minLength: 3, maxLength: 7 })
      .chain((feeds) => fc.tuple(fc.constant(feeds), fc.shuffledSubarray(feeds, { minLength: feeds.length })));
    fc.assert(
      fc.property(shuffled, ([feeds, other]) => {
        expect(combineFeed(other, RULES)).toEqual(combineFeed(feeds, RULES));
      }),
    );
  });

  it('keeps every figure within what honest observers say while liars are less than half', () => {
    const scene = fc.integer({ min: 1, max: 3 }).chain((liars) =>
      fc.tuple(
        fc.array(arbitraryFeed, { minLength: liars + 1, maxLength: liars + 2 }),
        fc.array(
          fc
            .tuple(fc.integer({ min: 1, max: 1e12 }), fc.nat(100))
            .map(([price, half]) => seen(price, Math.min(price, half))),
          { minLength: liars, maxLength: liars },
        ),
      ),
    );
    fc.assert(
      fc.property(scene, ([honest, liars]) => {
        const { prices } = combineFeed([...liars, ...honest], { threshold: 1, toleranceBps: 50 });
        const told = honest.map((feed) => feed.prices!);
        if (prices === undefined) return;
        for (const figure of ['price', 'low', 'high'] as const) {
          const [least, most] = [
            Math.min(...told.map((one) => one[figure])),
            Math.max(...told.map((one) => one[figure])),
          ];
          expect(prices[figure]).toBeGreaterThanOrEqual(Math.min(least, ...(figure === 'low' ? [prices.price] : [])));
          expect(prices[figure]).toBeLessThanOrEqual(Math.max(most, ...(figure === 'high' ? [prices.price] : [])));
        }
      }),
    );
  });

  it('never bends a price beyond the tolerance of an honest observer while liars are less than the threshold', () => {
    const scene = fc.integer({ min: 2, max: 6 }).chain((threshold) =>
      fc.tuple(
        fc.constant(threshold),
        fc.array(arbitraryFeed, { minLength: 1, maxLength: threshold + 1 }),
        fc.array(
          fc.tuple(fc.integer({ min: 9_000, max: 11_000 }), fc.nat(5_000)).map(([price, half]) => seen(price, half)),
          { maxLength: threshold - 1 },
        ),
      ),
    );
    fc.assert(
      fc.property(scene, ([threshold, honest, liars]) => {
        const { prices } = combineFeed([...liars, ...honest], { threshold, toleranceBps: 50 });
        if (prices === undefined) return;
        const near = honest.filter(({ prices: own }) => {
          const off = (figure: 'price' | 'low' | 'high'): number => Math.abs(own![figure] - prices[figure]);
          const tolerance = prices.price * 0.005;
          const edge = tolerance + (own!.high - own!.low) / 4;
          return off('price') <= tolerance && off('low') <= edge && off('high') <= edge;
        });
        expect(near.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('says nothing that an observer could not have said itself', () => {
    fc.assert(
      fc.property(fc.array(arbitraryFeed, { minLength: 1, maxLength: 7 }), (feeds) => {
        expect(observationFault(combineFeed(feeds, RULES))).toBeUndefined();
      }),
    );
  });

  it.each([
    [
      'two of five lie by one per cent: the other three bear the price',
      [seen(10_000), seen(10_001), seen(10_002), seen(10_100), seen(10_101)],
      10_002,
    ],
    ['one of three lies: two are no quorum', [seen(10_000), seen(10_001), seen(10_100)], undefined],
    [
      'two see none: the other three bear it',
      [halted('tooOld'), halted('tooOld'), seen(10_000), seen(10_001), seen(10_003)],
      10_001,
    ],
    ['three see none', [halted('tooOld'), halted('tooOld'), halted('tooOld'), seen(10_000), seen(10_001)], undefined],
    [
      'of an even number the middle counts, rounded down',
      [seen(10_000), seen(10_001), seen(10_004), seen(10_009)],
      10_002,
    ],
  ])('%s', (_reason, observed, price) => {
    expect(combineFeed(observed, RULES).prices?.price).toBe(price);
  });

  it.each<[string, ObservedFeed[], Reason[]]>([
    ['names what halts most of them', [halted('tooOld'), halted('tooOld'), seen(10_000)], ['tooOld']],
    [
      'says that they stand apart where nothing else explains a halt',
      [seen(10_000), seen(10_200), seen(10_400)],
      ['observersApart'],
    ],
    [
      'has a reason that half of them have: in doubt against the feed',
      [seen(10_000, 9, ['wideBand']), seen(10_000, 9, ['wideBand']), seen(10_000), seen(10_000)],
      ['wideBand'],
    ],
    ['has no reason that a minority makes up', [seen(10_000, 9, ['nativeGap']), seen(10_000), seen(10_000)], []],
  ])('%s', (_reason, observed, reasons) => {
    expect(reasonList(combineFeed(observed, RULES).reasons)).toEqual(reasons);
  });

  it('does not let one observer support a price by a band that reaches everywhere', () => {
    expect(combineFeed([seen(10_000), seen(10_001), seen(10_000, 10_000)], RULES).prices).toBeUndefined();
  });
});
