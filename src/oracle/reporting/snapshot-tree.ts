import type { Keccak } from './keccak';

const HASH_BYTES = 32;
const PAIR_BYTES = 2 * HASH_BYTES;

/**
 * A Merkle tree over the leaves of all feeds that rehashes only the paths of leaves that changed. A leaf's hash is the
 * keccak of its bytes; a parent's is the keccak of its two children, the smaller first (so OpenZeppelin's MerkleProof
 * verifies it); a node without a sibling rises as it is. A leaf never set has the hash zero, which no bytes have.
 */
export class SnapshotTree {
  /** From the leaves' hashes to the root; each level is its nodes' hashes end to end. */
  private readonly levels: readonly Uint8Array[];
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
    const levels: Uint8Array[] = [];
    let width = leafCount;
    for (; width > 1; width = Math.ceil(width / 2)) levels.push(new Uint8Array(width * HASH_BYTES));
    levels.push(new Uint8Array(HASH_BYTES));
    this.levels = levels;
    this.changed = new Set(Array.from({ length: leafCount }, (_, index) => index));
  }

  /** Hashes the bytes at once; they are not kept. Throws RangeError for 64 bytes, which could pass for a pair. */
  set(index: number, leaf: Uint8Array): void {
    this.refuseOutside(index);
    if (leaf.length === PAIR_BYTES) throw new RangeError(`leaf ${index} has 64 bytes and could pass for an inner node`);
    this.levels[0]?.set(this.keccak(leaf), index * HASH_BYTES);
    this.changed.add(index);
  }

  /** 32 bytes that later changes leave alone. */
  root(): Uint8Array {
    this.rehash();
    return this.node(this.levels.length - 1, 0);
  }

  /** The siblings from the leaf to the root, in that order; with `verifyProof` they rebuild it. */
  proof(index: number): Uint8Array[] {
    this.refuseOutside(index);
    this.rehash();
    const siblings: Uint8Array[] = [];
    let position = index;
    for (let level = 0; level < this.levels.length - 1; level += 1) {
      const sibling = position ^ 1;
      if (sibling < this.width(level)) siblings.push(this.node(level, sibling));
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
    const left = this.node(level, 2 * parent);
    const alone = 2 * parent + 1 === this.width(level);
    const hash = alone ? left : hashPair(left, this.node(level, 2 * parent + 1), this.pair, this.keccak);
    this.levels[level + 1]?.set(hash, parent * HASH_BYTES);
  }

  private node(level: number, position: number): Uint8Array {
    const hashes = this.levels[level] ?? new Uint8Array();
    return hashes.slice(position * HASH_BYTES, (position + 1) * HASH_BYTES);
  }

  private width(level: number): number {
    return (this.levels[level]?.length ?? 0) / HASH_BYTES;
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
