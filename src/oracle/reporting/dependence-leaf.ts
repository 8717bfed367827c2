import type { FeedPlan } from '../plan';
import { ByteReader, ByteWriter } from './bytes';
import { encodeFeedId, FEED_ID_BYTES } from './feed-id';
import type { Keccak } from './keccak';
import { LEAF_KIND, MalformedLeaf } from './leaf';

export const MATRICES = ['correlation', 'stress'] as const;

const HASH_BYTES = 32;
/** Kind, as-of, model version, observations, feeds, their hash, matrix, first row, rows. Odd: never 64 with the rest. */
const FIXED_BYTES = 1 + 5 + 2 + 4 + 2 + HASH_BYTES + 1 + 2 + 2;
const VALUE_BYTES = 2;
/** A block is filled up to 4 kB: what a contract takes in one call. */
const MAX_VALUES = 2_000;

/** A correlation of 1 in the leaf's unit. */
export const WHOLE_CORRELATION = 32_767;

/** The feeds of a matrix by name and version, in the order of its rows: whoever reads a block knows the list by it. */
export function feedsHash(feeds: readonly Pick<FeedPlan, 'id' | 'asset'>[], keccak: Keccak): Uint8Array {
  const list = new Uint8Array(feeds.length * (FEED_ID_BYTES + 2));
  const writer = new ByteWriter(list);
  for (const { id, asset } of feeds) writer.raw(encodeFeedId(id)).unsigned(2, asset.version);
  return keccak(list);
}

/** Rows of one matrix above its diagonal, as they are published: row i holds the feeds after feed i. */
export interface DependenceLeaf {
  readonly matrix: (typeof MATRICES)[number];
  readonly asOf: number;
  readonly modelVersion: number;
  readonly observations: number;
  /** How many feeds the matrix is of. */
  readonly feeds: number;
  readonly feedsHash: Uint8Array;
  readonly firstRow: number;
  readonly rows: number;
  /** In parts of `WHOLE_CORRELATION`, row after row. */
  readonly values: Int16Array;
}

/** The blocks of a matrix of so many feeds: whole rows, as many as fit. A function of the number of feeds alone. */
export function rowBlocks(feeds: number): { readonly firstRow: number; readonly rows: number }[] {
  const blocks: { firstRow: number; rows: number }[] = [];
  let values = Infinity;
  for (let row = 0; row < feeds - 1; row += 1) {
    const length = feeds - 1 - row;
    const block = blocks.at(-1);
    if (block === undefined || values + length > MAX_VALUES) {
      blocks.push({ firstRow: row, rows: 1 });
      values = length;
    } else {
      block.rows += 1;
      values += length;
    }
  }
  return blocks;
}

/** How many values the rows hold. */
export function valuesIn(feeds: number, firstRow: number, rows: number): number {
  return rows * (feeds - 1 - firstRow) - (rows * (rows - 1)) / 2;
}

/** The canonical bytes. Throws RangeError for figures that do not fit their fields or contradict each other. */
export function encodeDependenceLeaf(leaf: DependenceLeaf): Uint8Array {
  const fault = faultOf(leaf);
  if (fault !== undefined) throw new RangeError(`${leaf.matrix} of ${leaf.feeds} feeds: ${fault}`);
  const bytes = new Uint8Array(FIXED_BYTES + leaf.values.length * VALUE_BYTES);
  new ByteWriter(bytes)
    .unsigned(1, LEAF_KIND.dependence)
    .unsigned(5, leaf.asOf)
    .unsigned(2, leaf.modelVersion)
    .unsigned(4, leaf.observations)
    .unsigned(2, leaf.feeds)
    .raw(leaf.feedsHash)
    .unsigned(1, MATRICES.indexOf(leaf.matrix))
    .unsigned(2, leaf.firstRow)
    .unsigned(2, leaf.rows);
  const view = new DataView(bytes.buffer, FIXED_BYTES);
  leaf.values.forEach((value, index) => {
    view.setInt16(index * VALUE_BYTES, value);
  });
  return bytes;
}

/** Reads a dependence leaf back. Throws MalformedLeaf for every byte string that the encoder cannot have written. */
export function decodeDependenceLeaf(bytes: Uint8Array): DependenceLeaf {
  if (bytes.length < FIXED_BYTES) {
    throw new MalformedLeaf(`a dependence leaf has ${FIXED_BYTES} bytes or more, not ${bytes.length}`);
  }
  const reader = new ByteReader(bytes);
  const kind = reader.unsigned(1);
  if (kind !== LEAF_KIND.dependence) throw new MalformedLeaf(`kind ${kind} is not ${LEAF_KIND.dependence}`);
  const [asOf, modelVersion, observations] = [reader.unsigned(5), reader.unsigned(2), reader.unsigned(4)];
  const feeds = reader.unsigned(2);
  const hash = reader.raw(HASH_BYTES);
  const code = reader.unsigned(1);
  const matrix = MATRICES[code];
  if (matrix === undefined) throw new MalformedLeaf(`matrix ${code} is none`);
  const [firstRow, rows] = [reader.unsigned(2), reader.unsigned(2)];
  const count = (bytes.length - FIXED_BYTES) / VALUE_BYTES;
  if (!Number.isInteger(count)) throw new MalformedLeaf(`${bytes.length} bytes end in the middle of a value`);
  const view = new DataView(bytes.buffer, bytes.byteOffset + FIXED_BYTES);
  const values = Int16Array.from({ length: count }, (_, index) => view.getInt16(index * VALUE_BYTES));
  const leaf = { matrix, asOf, modelVersion, observations, feeds, feedsHash: hash, firstRow, rows, values };
  const fault = faultOf(leaf);
  if (fault !== undefined) throw new MalformedLeaf(fault);
  return leaf;
}

function faultOf({ feeds, firstRow, rows, values, feedsHash: hash }: DependenceLeaf): string | undefined {
  if (hash.length !== HASH_BYTES) return `a hash of ${hash.length} bytes`;
  const isBlock = rowBlocks(feeds).some((block) => block.firstRow === firstRow && block.rows === rows);
  if (!isBlock) return `${rows} rows from ${firstRow} are no block of it`;
  const length = valuesIn(feeds, firstRow, rows);
  if (values.length !== length) return `its rows hold ${length} values, not ${values.length}`;
  const wrong = values.find((value) => Math.abs(value) > WHOLE_CORRELATION);
  return wrong === undefined ? undefined : `a correlation of ${wrong}, beyond ${WHOLE_CORRELATION}`;
}
