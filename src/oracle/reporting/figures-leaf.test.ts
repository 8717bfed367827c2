import fc from 'fast-check';
import { arbitraryFigures } from '../../../test/support/arbitrary-report';
import { TWAP_WINDOWS, type Figures } from '../report';
import { decodeFiguresLeaf, FiguresLeafEncoder } from './figures-leaf';

const encoder = new FiguresLeafEncoder({ id: 'ETH/BTC' });
const NOTHING: Figures = {
  feed: 0,
  cut: 1,
  twaps: TWAP_WINDOWS.map(() => ({ price: undefined, coverageBps: 0 })),
  stable: undefined,
  volatilityPpm: undefined,
  observations: 0,
};
const SOME: Figures = {
  ...NOTHING,
  twaps: [{ price: 258, coverageBps: 10_000 }, ...NOTHING.twaps.slice(1)],
  volatilityPpm: 800_000,
  observations: 60,
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe(FiguresLeafEncoder.name, () => {
  test('writes only what is known, in the order of docs/report.md', () => {
    const head = `02${'4554482f425443'.padEnd(64, '0')}0000000001`;
    expect(hex(encoder.encode(NOTHING))).toBe(`${head}00`);
    expect(hex(encoder.encode(SOME))).toBe(`${head}2100000000000001022710000c35000000003c`);
  });

  test.each<[string, Partial<Figures>, RegExp]>([
    ['a TWAP of zero', { twaps: [{ price: 0, coverageBps: 10_000 }] }, /TWAP 0 is not positive/],
    ['a TWAP of half a window', { twaps: [{ price: 1, coverageBps: 5_000 }] }, /9000\.\.10000 bps, not 5000/],
    ['a TWAP of more than its window', { twaps: [{ price: 1, coverageBps: 10_001 }] }, /not 10001/],
    ['a stable price of zero', { stable: 0 }, /stable price 0/],
    ['a volatility beyond its 4 bytes', { volatilityPpm: 2 ** 32 }, /4 bytes/],
  ])('refuses %s', (_, change, message) => {
    expect(() => encoder.encode({ ...NOTHING, ...change })).toThrow(message);
  });
});

describe(decodeFiguresLeaf.name, () => {
  test('reads back what was written; what was absent stays absent', () => {
    fc.assert(
      fc.property(arbitraryFigures, (figures) => {
        const leaf = decodeFiguresLeaf(encoder.encode(figures));
        expect(leaf).toEqual({
          feed: 'ETH/BTC',
          cut: figures.cut,
          twaps: Object.fromEntries(
            TWAP_WINDOWS.flatMap((window, at) => {
              const { price, coverageBps } = figures.twaps[at]!;
              return price === undefined ? [] : [[window, { price: BigInt(price), coverageBps }]];
            }),
          ),
          stable: figures.stable === undefined ? undefined : BigInt(figures.stable),
          volatility:
            figures.volatilityPpm === undefined
              ? undefined
              : { ppm: figures.volatilityPpm, observations: figures.observations },
        });
      }),
    );
  });

  test('no leaf is as long as a pair of hashes, and each fits one keccak block', () => {
    fc.assert(
      fc.property(arbitraryFigures, (figures) => {
        const { length } = encoder.encode(figures);
        expect(length % 2).toBe(1);
        expect(length).toBeLessThanOrEqual(95);
      }),
    );
  });

  test.each<[string, (leaf: Uint8Array) => Uint8Array, RegExp]>([
    ['a leaf without its head', (leaf) => leaf.slice(0, 38), /39 bytes or more, not 38/],
    ['another kind of leaf', (leaf) => Uint8Array.of(1, ...leaf.slice(1)), /kind 1/],
    ['an id that is not padded with zeros', (leaf) => leaf.map((byte, at) => (at === 20 ? 1 : byte)), /feed id/],
    ['an unknown presence bit', (leaf) => leaf.map((byte, at) => (at === 38 ? 0x61 : byte)), /presence 97/],
    ['one byte too many', (leaf) => Uint8Array.of(...leaf, 0), /presence 33 needs 57 bytes, not 58/],
    ['a presence that promises more', (leaf) => leaf.map((byte, at) => (at === 38 ? 0x31 : byte)), /needs 65/],
    ['a coverage above the window', (leaf) => leaf.map((byte, at) => (at === 47 ? 0xff : byte)), /coverage/],
  ])('refuses %s', (_, change, message) => {
    expect(() => decodeFiguresLeaf(change(encoder.encode(SOME)))).toThrow(message);
  });
});
