import { bigintAt, compare, concat, numberAt } from './bytes';
import { climb } from './merkle';
import type { Primitives } from './primitives';
import { Refusal } from './refusal';

/** A row of the matrices. */
export interface DependentFeed {
  readonly feed: string;
  readonly assetVersion: number;
}

/** What `feed` rests on (docs/risk.md): not signed, but it follows from the configuration, whose hash is. */
export interface SharedFactor {
  readonly feed: string;
  readonly factor: string;
  /** Converted through it, or redeemed for it. */
  readonly kind: 'quote' | 'base';
  /** By how much the feed moves, relatively, for each part by which the factor alone moves. */
  readonly loading: number;
}

/** What stream and REST give of dependence, besides its words; leaves as bytes. */
export interface DependenceMessage {
  readonly feeds: readonly DependentFeed[];
  readonly leaves: readonly { readonly leaf: Uint8Array; readonly proof: readonly Uint8Array[] }[];
  readonly sharedFactors: readonly SharedFactor[];
}

/** Square, by the message's `feeds`; symmetric, positive semidefinite, with a diagonal of 1. */
export interface Dependence {
  readonly asOf: number;
  readonly modelVersion: number;
  readonly observations: number;
  readonly correlation: readonly (readonly number[])[];
  /** When losses come together. */
  readonly stress: readonly (readonly number[])[];
}

const DEPENDENCE_LEAF = 6;
const [FIXED_BYTES, VALUE_BYTES] = [51, 2];
const WHOLE = 32_767;
const MATRICES = 2;

/**
 * Verifies both matrices under a header that the quorum has signed: all blocks, of one instant, of the feeds that are
 * named. Throws a Refusal. Whoever acts on it asks besides that `asOf` is recent enough.
 */
export function verifyDependence(
  { feeds, leaves }: Pick<DependenceMessage, 'feeds' | 'leaves'>,
  header: { readonly cut: number; readonly riskRoot: Uint8Array },
  primitives: Pick<Primitives, 'keccak'>,
): Dependence {
  const size = feeds.length;
  const [first] = leaves;
  insist(first !== undefined && first.leaf.length >= FIXED_BYTES, 'length');
  const hash = primitives.keccak(concat(...feeds.map(nameOf)));
  const matrices = Array.from({ length: MATRICES }, () => identity(size));
  let nextRow = 0;
  for (const { leaf, proof } of leaves) {
    if (compare(climb(primitives.keccak(leaf), proof, primitives), header.riskRoot) !== 0) {
      throw new Refusal('NotInRoot', 'the proof leads to another root');
    }
    insist(leaf[0] === DEPENDENCE_LEAF, 'kind');
    insist(leaf.length >= FIXED_BYTES, 'length');
    insist(compare(leaf.subarray(1, 12), first.leaf.subarray(1, 12)) === 0, 'of several instants');
    insist(numberAt(leaf, 12, 14) === size && compare(leaf.subarray(14, 46), hash) === 0, 'of other feeds');
    const [matrix, firstRow, rows] = [numberAt(leaf, 46, 47), numberAt(leaf, 47, 49), numberAt(leaf, 49, 51)];
    insist(matrix < MATRICES && firstRow + rows < size, 'rows');
    insist(matrix * (size - 1) + firstRow === nextRow && rows > 0, 'a block is missing');
    nextRow += rows;
    readRows(leaf, firstRow, rows, matrices[matrix] ?? []);
  }
  insist(nextRow === MATRICES * (size - 1), 'a block is missing');
  const [asOf, modelVersion] = [numberAt(first.leaf, 1, 6), numberAt(first.leaf, 6, 8)];
  insist(asOf <= header.cut, 'as of a later cut');
  const [correlation = [], stress = []] = matrices;
  return { asOf, modelVersion, observations: numberAt(first.leaf, 8, 12), correlation, stress };
}

function identity(size: number): number[][] {
  return Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => (row === column ? 1 : 0)),
  );
}

/** Row i holds the correlations with the feeds after feed i. */
function readRows(leaf: Uint8Array, firstRow: number, rows: number, into: number[][]): void {
  let at = FIXED_BYTES;
  for (let row = firstRow; row < firstRow + rows; row++) {
    for (let column = row + 1; column < into.length; column++, at += VALUE_BYTES) {
      const value = Number(BigInt.asIntN(16, bigintAt(leaf, at, at + VALUE_BYTES))) / WHOLE;
      insist(Math.abs(value) <= 1, 'a correlation beyond 1');
      (into[row] as number[])[column] = value;
      (into[column] as number[])[row] = value;
    }
  }
  insist(at === leaf.length, 'length');
}

/** As it is hashed: the name in 32 bytes, the version in two. */
function nameOf({ feed, assetVersion }: DependentFeed): Uint8Array {
  const bytes = new Uint8Array(34);
  bytes.set(new TextEncoder().encode(feed));
  new DataView(bytes.buffer).setUint16(32, assetVersion);
  return bytes;
}

function insist(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Refusal('MalformedLeaf', what);
}
