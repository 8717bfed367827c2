import type { Keccak } from './keccak';

const HASH_BYTES = 32;
const PAIR_BYTES = 2 * HASH_BYTES;
/** Of a leaf never set. */
const NO_HASH = new Uint8Array(HASH_BYTES);

/**
 * A Merkle tree over the leaves of all feeds that rehashes only the paths of leaves that changed. A leaf's hash is the
 * keccak of its bytes; a parent's is the keccak of its two children, the smaller first (so OpenZeppelin's MerkleProof
 * verifies it); a node without a sibling rises as it is. A leaf never set has the hash zero, which no bytes have.
 */
export class SnapshotTree {
  /** From the leaves' hashes to the root. A hash is replaced and never written into, so that it can be given away. */
  private readonly levels: readonly Uint8Array[][];
  private readonly pair = new Uint8Array(PAIR_BYTES);
  private changed: Set<number>;

  /** A tree has at least one leaf. */
  constructor(
    private readonly leafCount: number,
    private readonly keccak: Keccak,
  ) {
    if (!Number.isInteger(leafCount) || leafCount < 1) {
      throw new RangeError(`a snapshot of ${leafCount} leaves cannot be signed: it needs at least one feed`);
    }
    const levels: Uint8Array[][] = [];
    let width = leafCount;
    for (; width > 1; width = Math.ceil(width / 2)) levels.push(new Array<Uint8Array>(width).fill(NO_HASH));
    levels.push([NO_HASH]);
    this.levels = levels;
    this.changed = new Set(Array.from({ length: leafCount }, (_, index) => index));
  }

  /** Hashes the bytes at once; they are not kept. Throws RangeError for 64 bytes, which could pass for a pair. */
  set(index: number, leaf: Uint8Array): void {
    this.refuseOutside(index);
    if (leaf.length === PAIR_BYTES) throw new RangeError(`leaf ${index} has 64 bytes and could pass for an inner node`);
    this.level(0)[index] = this.keccak(leaf);
    this.changed.add(index);
  }

  /** 32 bytes that later changes leave alone; for reading only, like every hash given out here. */
  root(): Uint8Array {
    this.rehash();
    return this.level(this.levels.length - 1)[0] as Uint8Array;
  }

  /** The siblings from the leaf to the root, in that order; with `verifyProof` they rebuild it. */
  proof(index: number): Uint8Array[] {
    this.refuseOutside(index);
    this.rehash();
    const siblings: Uint8Array[] = [];
    let position = index;
    for (let level = 0; level < this.levels.length - 1; level += 1) {
      const sibling = position ^ 1;
      const hash = this.level(level)[sibling];
      if (hash !== undefined) siblings.push(hash);
      position >>= 1;
    }
    return siblings;
  }

  private rehash(): void {
    let changed = this.changed;
    if (changed.size === 0) return;
    for (let level = 0; level < this.levels.length - 1; level += 1) {
      const parents = new Set<number>();
      for (const position of changed) parents.add(position >> 1);
      for (const parent of parents) this.rehashParent(level, parent);
      changed = parents;
    }
    this.changed = new Set();
  }

  private rehashParent(level: number, parent: number): void {
    const hashes = this.level(level);
    const left = hashes[2 * parent] as Uint8Array;
    const right = hashes[2 * parent + 1];
    this.level(level + 1)[parent] = right === undefined ? left : hashPair(left, right, this.pair, this.keccak);
  }

  private level(level: number): Uint8Array[] {
    return this.levels[level] as Uint8Array[];
  }

  private refuseOutside(index: number): void {
    if (!Number.isInteger(index) || index < 0 || index >= this.leafCount) {
      throw new RangeError(`leaf ${index} is not within 0..${this.leafCount - 1}`);
    }
  }
}

/** Whether the leaf's bytes, with these siblings, lead to the root. */
export function verifyProof(leaf: Uint8Array, proof: readonly Uint8Array[], root: Uint8Array, keccak: Keccak): boolean {
  if (leaf.length === PAIR_BYTES) return false;
  const pair = new Uint8Array(PAIR_BYTES);
  let hash = keccak(leaf);
  for (const sibling of proof) {
    if (sibling.length !== HASH_BYTES) return false;
    hash = hashPair(hash, sibling, pair, keccak);
  }
  return compare(hash, root) === 0;
}

function hashPair(a: Uint8Array, b: Uint8Array, pair: Uint8Array, keccak: Keccak): Uint8Array {
  const ordered = compare(a, b) <= 0;
  pair.set(ordered ? a : b, 0);
  pair.set(ordered ? b : a, HASH_BYTES);
  return keccak(pair);
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < HASH_BYTES; at += 1) {
    const difference = (a[at] ?? -1) - (b[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
