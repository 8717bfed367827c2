import fc from 'fast-check';
import { arbitraryReport } from '../../../test/support/arbitrary-report';
import { feedAt } from '../../../client/verifier/packed-group';
import type { PackedFeed } from '../../../client/verifier/packed-lane';
import { loadKeccak } from '../../platform/keccak';
import { PERMITS, type Report } from '../report';
import type { Keccak } from './keccak';
import { MAX_GROUP_FEEDS, PackedGroup } from './packed-group';

const CUT = 180_000_000_000;
const WORDS = 33;

let keccak: Keccak;
beforeAll(async () => {
  keccak = await loadKeccak();
});

function feed(symbol: string, decimals = 2) {
  return { id: `${symbol}/USD`, asset: { symbol, version: 1 }, decimals };
}

function wordsOf(leaf: Uint8Array): Uint8Array[] {
  return Array.from({ length: (leaf.length - WORDS) / 32 }, (_, word) =>
    leaf.subarray(WORDS + 32 * word, WORDS + 32 * (word + 1)),
  );
}

/** Written alone into the middle lane, and read back by the verifier that contracts and subscribers use. */
function packed(report: Report, cut = CUT): PackedFeed {
  const group = new PackedGroup([feed('A'), feed('B'), feed('C')], keccak);
  return feedAt({ cut, words: wordsOf(group.leaf([undefined, report, undefined], cut)) }, 1);
}

const OK: Report = {
  feed: 0,
  sequence: 1,
  cut: CUT,
  observedAt: CUT * 10 - 40,
  status: 'ok',
  reasons: [],
  permits: PERMITS,
  prices: { price: 8_412_345, low: 8_411_900, high: 8_412_790, collateral: 8_398_000, liability: 8_412_790 },
  sources: { used: 6, upstreams: 6 },
  dispersionBps: 1,
};

describe('a packed feed', () => {
  test('says what the report says: small prices exactly, edges and age rounded to the cautious side', () => {
    expect(packed(OK)).toEqual({
      status: 'ok',
      mayOpen: true,
      mayLiquidate: true,
      prices: {
        ageMs: 40,
        price: 8_412_345n,
        low: 8_411_895n,
        high: 8_412_795n,
        use: { collateral: 8_397_968n, liability: 8_412_795n },
      },
    });
  });

  test('a halted feed has no price, nor has one that was not reported', () => {
    const halted: Report = { ...OK, status: 'halted', permits: ['repay', 'topUp'], prices: undefined };
    const nothing = { status: 'halted', mayOpen: false, mayLiquidate: false, prices: undefined };
    expect(packed(halted)).toEqual(nothing);
    const group = new PackedGroup([feed('A')], keccak);
    expect(feedAt({ cut: CUT, words: wordsOf(group.leaf([undefined], CUT)) }, 0)).toEqual(nothing);
  });

  test('keeps the two kinds of degraded apart', () => {
    const wide: Report = { ...OK, status: 'degraded', permits: ['liquidate', 'repay', 'topUp'] };
    const torn: Report = { ...OK, status: 'degraded', permits: ['repay', 'topUp'] };
    expect(packed(wide)).toMatchObject({ status: 'degraded', mayOpen: false, mayLiquidate: true });
    expect(packed(torn)).toMatchObject({ status: 'degraded', mayOpen: false, mayLiquidate: false });
  });

  test('use prices that are not known, or a liability beyond the scale, are not known', () => {
    const unknown = { ...OK.prices!, collateral: undefined, liability: undefined };
    expect(packed({ ...OK, prices: unknown }).prices?.use).toBeUndefined();
    expect(packed({ ...OK, prices: { ...OK.prices!, liability: 30_000_000 } }).prices?.use).toBeUndefined();
  });

  test('a band wider than the scale is halted, as no code tells its edge', () => {
    const wide = { price: 100, low: 1, high: 300, collateral: 1, liability: 300 };
    expect(packed({ ...OK, prices: wide })).toMatchObject({ status: 'halted', prices: undefined });
  });

  test.each([
    ['no age', 0, 0],
    ['a spoken time after the cut', -5, 0],
    ['whole ticks up to seven', 70, 70],
    ['more, rounded up', 71, 80],
    ['a second', 1_000, 1_120],
    ['the longest', 983_040, 983_040],
    ['longer than the scale tells', 983_041, undefined],
  ])('tells %s', (_, age, ageMs) => {
    expect(packed({ ...OK, observedAt: CUT * 10 - age }).prices?.ageMs).toBe(ageMs);
  });

  test('a price that rounds up to the next power of two stays a price', () => {
    const price = 2 ** 40 - 1;
    const prices = { price, low: price, high: price, collateral: price, liability: price };
    expect(packed({ ...OK, prices }).prices).toMatchObject({ price: 2n ** 40n, high: 2n ** 40n });
  });

  test('errs within the stated bounds, and only to the cautious side', () => {
    fc.assert(
      fc.property(arbitraryReport, fc.integer({ min: 1, max: 4_000 }), ({ ...report }, scale) => {
        const prices = report.prices && {
          price: report.prices.price * scale,
          low: report.prices.low * scale,
          high: report.prices.high * scale,
          collateral: report.prices.collateral && report.prices.collateral * scale,
          liability: report.prices.liability && report.prices.liability * scale,
        };
        const read = packed({ ...report, prices }, report.cut);
        if (prices === undefined || read.prices === undefined) {
          // Only a band too wide is left out.
          expect(prices === undefined || prices.high > 2.8 * prices.price).toBe(true);
          return;
        }
        expect(read.status).toBe(report.status);
        const { price, low, high, use } = read.prices;
        const exact = BigInt(prices.price);
        expect((price > exact ? price - exact : exact - price) << 25n).toBeLessThanOrEqual(exact);
        const within = (side: bigint, packedEdge: bigint, edge: number): void => {
          const excess = side * (packedEdge - BigInt(edge));
          const distance = side * (BigInt(edge) - price);
          expect(excess).toBeGreaterThanOrEqual(0n);
          expect(excess).toBeLessThanOrEqual((distance > 0n ? distance / 16n : 0n) + (price >> 18n) + 2n);
        };
        within(-1n, low, prices.low);
        within(1n, high, prices.high);
        if (use !== undefined) {
          within(-1n, use.collateral, prices.collateral!);
          within(1n, use.liability, prices.liability!);
          expect(use.collateral <= low && low <= price && price <= high && high <= use.liability).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe(PackedGroup.name, () => {
  test('every word carries the cut, so that a store is one joint cut', () => {
    const group = new PackedGroup([feed('A'), feed('B'), feed('C'), feed('D')], keccak);
    const words = wordsOf(group.leaf([OK, OK, OK, OK], CUT));
    expect(words.map((word) => Buffer.from(word.subarray(0, 5)).toString('hex'))).toEqual(['29e8d60800', '29e8d60800']);
  });

  test.each([
    ['a feed', [feed('B'), feed('A')]],
    ['an order', [feed('A'), feed('C')]],
    ['a unit', [feed('A', 3), feed('B')]],
    ['a migrated token', [{ ...feed('A'), asset: { symbol: 'A', version: 2 } }, feed('B')]],
  ])('its hash tells %s from another', (_, feeds) => {
    expect(new PackedGroup(feeds, keccak).hash).not.toEqual(new PackedGroup([feed('A'), feed('B')], keccak).hash);
  });

  test.each<[string, number]>([
    ['no feed', 0],
    ['more than twenty slots', MAX_GROUP_FEEDS + 1],
  ])('refuses %s', (_, length) => {
    const feeds = Array.from({ length }, (_unused, index) => feed(`F${index}`));
    expect(() => new PackedGroup(feeds, keccak)).toThrow(RangeError);
  });

  test('refuses a feed listed twice, and as many reports as it has no feeds', () => {
    expect(() => new PackedGroup([feed('A'), feed('A')], keccak)).toThrow(/twice/);
    expect(() => new PackedGroup([feed('A')], keccak).leaf([OK, OK], CUT)).toThrow(/needs as many reports/);
  });
});
