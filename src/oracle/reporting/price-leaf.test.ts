import fc from 'fast-check';
import { arbitraryReport } from '../../../test/support/arbitrary-report';
import { PERMITS, type Report } from '../report';
import { decodePriceLeaf, PRICE_LEAF_BYTES, PriceLeafEncoder } from './price-leaf';

const FEED = { id: 'BTC/USD', asset: { symbol: 'BTC', version: 1 }, decimals: 8 };
const encoder = new PriceLeafEncoder(FEED);

const OK: Report = {
  feed: 0,
  sequence: 7,
  cut: 179_999_999_999,
  observedAt: 1_799_999_999_987.75,
  status: 'ok',
  reasons: [],
  permits: PERMITS,
  prices: {
    price: 10_000_000_000,
    low: 9_999_000_000,
    high: 10_001_000_000,
    collateral: 9_000_000_000,
    liability: 10_001_000_000,
  },
  sources: { used: 6, upstreams: 6 },
  dispersionBps: 1,
};
const HALTED: Report = {
  ...OK,
  status: 'halted',
  permits: ['repay', 'topUp'],
  reasons: ['tooFewUpstreams'],
  observedAt: undefined,
  prices: undefined,
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe(PriceLeafEncoder.name, () => {
  test('writes the fields in the order and widths of docs/report.md', () => {
    expect(hex(encoder.encode(OK))).toBe(
      [
        '01',
        '4254432f55534400000000000000000000000000000000000000000000000000',
        '0001',
        '08',
        '29e8d607ff',
        '000000000007',
        '04',
        '1f',
        '00000000',
        '01a3185c4ff3',
        '00000002540be400',
        '0000000253fca1c0',
        '00000002541b2640',
        '0000000218711a00',
        '00000002541b2640',
      ].join(''),
    );
  });

  test('a halted report ends where a price would begin: no byte of it can be taken for one', () => {
    expect(hex(encoder.encode(HALTED)).slice(98)).toBe('00000001');
    expect(encoder.encode(HALTED)).toHaveLength(PRICE_LEAF_BYTES.withoutPrice);
  });

  test('without a known stable price the leaf ends after the band', () => {
    const prices = { price: 100, low: 99, high: 101, collateral: undefined, liability: undefined };
    expect(encoder.encode({ ...OK, prices })).toHaveLength(PRICE_LEAF_BYTES.withPrice);
  });

  test.each<[string, Partial<Report>, RegExp]>([
    ['a halted report with a price', { ...HALTED, prices: OK.prices, observedAt: 1 }, /halted report carries no price/],
    ['an ok report without one', { prices: undefined }, /status ok needs a price/],
    ['a grace that lets liquidate', { status: 'grace', permits: ['liquidate', 'repay', 'topUp'] }, /does not go with/],
    ['an ok report that withholds', { permits: ['repay'] }, /does not go with permits 0b1000/],
    ['a price without its time', { observedAt: undefined }, /needs its observedAt/],
    ['a price of zero', { prices: { ...OK.prices!, price: 0, low: 0 } }, /price 0 is not positive/],
    ['a band beside its price', { prices: { ...OK.prices!, low: 10_000_000_001 } }, /does not hold the price/],
    ['collateral above the low price', { prices: { ...OK.prices!, collateral: 9_999_000_001 } }, /is not within/],
    ['liability below the high price', { prices: { ...OK.prices!, liability: 10_000_999_999 } }, /is below/],
    ['collateral alone', { prices: { ...OK.prices!, liability: undefined } }, /come together/],
    ['a fraction of a mantissa', { prices: { ...OK.prices!, price: 10_000_000_000.5 } }, /not a whole number/],
    ['a cut beyond its 5 bytes', { cut: 2 ** 40 }, /5 bytes/],
  ])('refuses %s', (_, change, message) => {
    expect(() => encoder.encode({ ...OK, ...change })).toThrow(message);
  });

  test.each(['', 'A FEED', 'é/USD', 'a'.repeat(32)])(
    'refuses the feed id "%s", which no bytes32 of ASCII holds',
    (id) => {
      expect(() => new PriceLeafEncoder({ ...FEED, id })).toThrow(/feed id/);
    },
  );
});

describe(decodePriceLeaf.name, () => {
  test('reads back what was written, prices as bigint', () => {
    fc.assert(
      fc.property(arbitraryReport, (report) => {
        const { prices } = report;
        const big = (value: number | undefined): bigint | undefined =>
          value === undefined ? undefined : BigInt(value);
        expect(decodePriceLeaf(encoder.encode(report))).toEqual({
          feed: FEED.id,
          assetVersion: FEED.asset.version,
          decimals: FEED.decimals,
          cut: report.cut,
          sequence: report.sequence,
          status: report.status,
          permits: report.permits,
          reasons: report.reasons,
          observedAt: report.observedAt,
          prices: prices && {
            price: big(prices.price),
            low: big(prices.low),
            high: big(prices.high),
            collateral: big(prices.collateral),
            liability: big(prices.liability),
          },
        });
      }),
    );
  });

  test('no leaf is as long as a pair of hashes, and each fits one keccak block', () => {
    for (const length of Object.values(PRICE_LEAF_BYTES)) {
      expect(length).not.toBe(64);
      expect(length).toBeLessThanOrEqual(135);
    }
    fc.assert(
      fc.property(arbitraryReport, (report) =>
        Object.values(PRICE_LEAF_BYTES).includes(encoder.encode(report).length as 53),
      ),
    );
  });

  test('whatever it accepts within 2^53, the encoder writes back to the same bytes', () => {
    const mutated = fc.tuple(arbitraryReport, fc.nat(98), fc.integer({ min: 1, max: 255 }));
    let accepted = 0;
    fc.assert(
      fc.property(mutated, ([report, at, flip]) => {
        const bytes = encoder.encode(report);
        if (at < bytes.length) bytes[at] = bytes[at]! ^ flip;
        const leaf = attempt(bytes);
        if (leaf === undefined || Object.values(leaf.prices ?? {}).some((price) => price > Number.MAX_SAFE_INTEGER))
          return;
        accepted += 1;
        expect(hex(reencode(leaf))).toBe(hex(bytes));
      }),
      { numRuns: 2_000 },
    );
    expect(accepted).toBeGreaterThan(0);
  });

  test.each<[string, (leaf: Uint8Array) => Uint8Array, RegExp]>([
    ['one byte too few', (leaf) => leaf.slice(0, -1), /53, 83 or 99 bytes, not 98/],
    ['one byte too many', (leaf) => Uint8Array.of(...leaf, 0), /not 100/],
    ['nothing', () => new Uint8Array(), /not 0/],
    ['another kind of leaf', (leaf) => put(leaf, 0, 2), /kind 2/],
    ['an id that is not padded with zeros', (leaf) => put(leaf, 32, 0x41), /feed id/],
    ['an unknown status', (leaf) => put(leaf, 47, 5), /status 5/],
    ['an unknown permit', (leaf) => put(leaf, 48, 0x3f), /permits 63/],
    ['an unknown reason', (leaf) => put(leaf, 49, 0x80), /reasons/],
    ['a halted status over a price', (leaf) => put(put(leaf, 47, 0), 48, 0x18), /halted report carries no price/],
    ['an ok status cut short of its price', (leaf) => leaf.slice(0, 53), /status ok needs a price/],
    ['a negative price', (leaf) => put(leaf, 59, 0xff), /is not positive/],
  ])('refuses %s', (_, change, message) => {
    expect(() => decodePriceLeaf(change(encoder.encode(OK)))).toThrow(message);
  });
});

function put(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const changed = bytes.slice();
  changed[at] = value;
  return changed;
}

function attempt(bytes: Uint8Array): ReturnType<typeof decodePriceLeaf> | undefined {
  try {
    return decodePriceLeaf(bytes);
  } catch {
    return undefined;
  }
}

function reencode(leaf: ReturnType<typeof decodePriceLeaf>): Uint8Array {
  const { prices } = leaf;
  const number = (value: bigint | undefined): number | undefined => (value === undefined ? undefined : Number(value));
  const feed = { id: leaf.feed, asset: { symbol: '', version: leaf.assetVersion }, decimals: leaf.decimals };
  return new PriceLeafEncoder(feed).encode({
    ...OK,
    ...leaf,
    feed: 0,
    prices: prices && {
      price: Number(prices.price),
      low: Number(prices.low),
      high: Number(prices.high),
      collateral: number(prices.collateral),
      liability: number(prices.liability),
    },
  });
}
