import fc from 'fast-check';
import { arbitraryDependence } from '../../../test/support/arbitrary-risk';
import { planOf } from '../../../test/support/plans';
import type { Keccak } from './keccak';
import {
  decodeDependenceLeaf,
  encodeDependenceLeaf,
  feedsHash,
  rowBlocks,
  valuesIn,
  WHOLE_CORRELATION,
  type DependenceLeaf,
} from './dependence-leaf';
import { roundedCorrelations } from './rounded-risk';

const THREE: DependenceLeaf = {
  matrix: 'stress',
  asOf: 258,
  modelVersion: 3,
  observations: 255,
  feeds: 3,
  feedsHash: new Uint8Array(32).fill(0xfe),
  firstRow: 0,
  rows: 2,
  values: Int16Array.of(WHOLE_CORRELATION, -1, 256),
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe(encodeDependenceLeaf.name, () => {
  test('writes the rows above the diagonal, in the order of docs/report.md', () => {
    const head = `0600000001020003000000ff0003${'fe'.repeat(32)}0100000002`;
    expect(hex(encodeDependenceLeaf(THREE))).toBe(`${head}7fffffff0100`);
  });

  test.each<[string, Partial<DependenceLeaf>, RegExp]>([
    ['rows that are no block', { rows: 1, values: Int16Array.of(1, 2) }, /1 rows from 0 are no block/],
    ['another number of values', { values: Int16Array.of(1, 2) }, /hold 3 values, not 2/],
    ['more than a correlation', { values: Int16Array.of(1, 2, -32_768) }, /-32768, beyond 32767/],
    ['a hash that is none', { feedsHash: new Uint8Array(31) }, /hash of 31 bytes/],
  ])('refuses %s', (_, change, message) => {
    expect(() => encodeDependenceLeaf({ ...THREE, ...change })).toThrow(message);
  });
});

describe(decodeDependenceLeaf.name, () => {
  test('reads every block of a matrix back, of as many feeds as there may be', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 700 }), fc.nat(), (feeds, seed) => {
        const blocks = rowBlocks(feeds);
        const block = blocks[seed % blocks.length]!;
        const length = valuesIn(feeds, block.firstRow, block.rows);
        const leaf = { ...THREE, feeds, ...block, values: Int16Array.from({ length }, (__, index) => index - 9) };
        const bytes = encodeDependenceLeaf(leaf);
        expect(decodeDependenceLeaf(bytes)).toEqual(leaf);
        expect(bytes.length % 2).toBe(1);
      }),
    );
  });

  const at = (place: number, value: number) => (leaf: Uint8Array) =>
    leaf.map((byte, i) => (i === place ? value : byte));
  test.each<[string, (leaf: Uint8Array) => Uint8Array, RegExp]>([
    ['a leaf without its head', (leaf) => leaf.slice(0, 50), /51 bytes or more, not 50/],
    ['another kind of leaf', at(0, 4), /kind 4 is not 6/],
    ['a matrix that is none', at(46, 2), /matrix 2/],
    ['rows of another block', at(48, 1), /2 rows from 1 are no block/],
    ['a matrix of one feed, which has no pair', at(13, 1), /are no block/],
    ['half a value', (leaf) => Uint8Array.of(...leaf, 0), /middle of a value/],
    ['a value too many', (leaf) => Uint8Array.of(...leaf, 0, 0), /hold 3 values, not 4/],
    ['more than a correlation', (leaf) => at(51, 0x80)(at(52, 0)(leaf)), /-32768/],
  ])('refuses %s', (_, change, message) => {
    expect(() => decodeDependenceLeaf(change(encodeDependenceLeaf(THREE)))).toThrow(message);
  });
});

describe(rowBlocks.name, () => {
  test('takes every row with a pair once, in order, whole and 4 kB at the most', () => {
    for (const feeds of [0, 1, 2, 3, 63, 64, 65, 100, 500]) {
      const blocks = rowBlocks(feeds);
      const rows = blocks.flatMap(({ firstRow, rows: count }) =>
        Array.from({ length: count }, (_, row) => firstRow + row),
      );
      expect(rows).toEqual(Array.from({ length: Math.max(0, feeds - 1) }, (_, row) => row));
      for (const { firstRow, rows: count } of blocks)
        expect(valuesIn(feeds, firstRow, count)).toBeLessThanOrEqual(2_000);
    }
    expect([rowBlocks(63).length, rowBlocks(64).length, rowBlocks(500).length]).toEqual([1, 2, 68]);
  });
});

describe(roundedCorrelations.name, () => {
  test('leaves a matrix positive semidefinite, however near to indefinite it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 24 }).chain(arbitraryDependence), (dependence) => {
        const size = dependence.feeds.length;
        const values = roundedCorrelations(dependence.correlation, dependence);
        expect(smallestPivot(size, values)).toBeGreaterThan(-1e-9);
        for (const [pair, value] of values.entries()) {
          expect(Math.abs(value / WHOLE_CORRELATION - pairOf(dependence.correlation, size, pair))).toBeLessThan(1e-3);
        }
      }),
    );
  });
});

describe(feedsHash.name, () => {
  test('another order or version of an asset is another list', async () => {
    const { loadKeccak } = await import('../../platform/keccak');
    const keccak: Keccak = await loadKeccak();
    const { feeds } = planOf({ 'BTC/USD': { sources: {} }, 'ETH/USD': { sources: {} } });
    const [btc, eth] = feeds;
    const migrated = { ...eth!, asset: { ...eth!.asset, version: 2 } };
    const hashes = [
      [btc!, eth!],
      [eth!, btc!],
      [btc!, migrated],
    ].map((list) => hex(feedsHash(list, keccak)));
    expect(new Set(hashes).size).toBe(3);
  });
});

function pairOf(matrix: Float64Array, size: number, pair: number): number {
  let row = 0;
  let left = pair;
  for (; left >= size - 1 - row; row += 1) left -= size - 1 - row;
  return matrix[row * size + row + 1 + left]!;
}

/** The smallest pivot of an elimination: below zero exactly where the matrix is not positive semidefinite. */
function smallestPivot(size: number, values: Int16Array): number {
  const rows = Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (__, column): number => (row === column ? 1 : 0)),
  );
  let pair = 0;
  for (let row = 0; row < size; row += 1) {
    for (let column = row + 1; column < size; column += 1, pair += 1) {
      rows[row]![column] = rows[column]![row] = values[pair]! / WHOLE_CORRELATION;
    }
  }
  let smallest = Infinity;
  for (let step = 0; step < size; step += 1) {
    const pivot = rows[step]![step]!;
    smallest = Math.min(smallest, pivot);
    if (pivot <= 1e-12) continue;
    for (let row = step + 1; row < size; row += 1) {
      const part = rows[row]![step]! / pivot;
      for (let column = step; column < size; column += 1) rows[row]![column]! -= part * rows[step]![column]!;
    }
  }
  return smallest;
}
