import fc from 'fast-check';
import type { Keccak } from './keccak';
import { SnapshotTree, verifyProof } from './snapshot-tree';

let keccak: Keccak;
beforeAll(async () => {
  const { keccak256 } = await import('viem');
  keccak = (data) => keccak256(data, 'bytes');
});
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The same tree, built from all leaves at once, level by level. */
function naiveRoot(leaves: readonly (Uint8Array | undefined)[]): Uint8Array {
  let level = leaves.map((leaf) => (leaf === undefined ? new Uint8Array(32) : keccak(leaf)));
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = [level[at]!, level[at + 1]];
      above.push(right === undefined ? left : keccak(Buffer.concat([left, right].sort(Buffer.compare))));
    }
    level = above;
  }
  return level[0]!;
}

const leafBytes = fc.uint8Array({ maxLength: 63 });
const treeAndChanges = fc.integer({ min: 1, max: 13 }).chain((leafCount) => {
  const change = fc.record({ index: fc.nat(leafCount - 1), leaf: leafBytes, look: fc.boolean() });
  return fc.record({ leafCount: fc.constant(leafCount), changes: fc.array(change, { maxLength: 20 }) });
});

describe(SnapshotTree.name, () => {
  test('after any changes its root is that of a tree built afresh, and every proof leads to it', () => {
    fc.assert(
      fc.property(treeAndChanges, ({ leafCount, changes }) => {
        const tree = new SnapshotTree(leafCount, keccak);
        const leaves = new Array<Uint8Array | undefined>(leafCount).fill(undefined);
        for (const { index, leaf, look } of changes) {
          tree.set(index, leaf);
          leaves[index] = leaf;
          if (look) expect(hex(tree.root())).toBe(hex(naiveRoot(leaves)));
        }
        const root = tree.root();
        expect(hex(root)).toBe(hex(naiveRoot(leaves)));
        for (const [index, leaf] of leaves.entries()) {
          if (leaf !== undefined) expect(verifyProof(leaf, tree.proof(index), root, keccak)).toBe(true);
        }
      }),
    );
  });

  test('one changed leaf of fifty costs its own hash and one per level above it', () => {
    let hashes = 0;
    const tree = new SnapshotTree(50, (data) => {
      hashes += 1;
      return keccak(data);
    });
    tree.root();
    hashes = 0;
    tree.set(17, Uint8Array.of(1));
    tree.root();
    tree.root();
    expect(hashes).toBe(1 + 6);
  });

  test('a root once given does not change with the tree', () => {
    const tree = new SnapshotTree(2, keccak);
    const before = tree.root();
    const copy = hex(before);
    tree.set(0, Uint8Array.of(1));
    expect(hex(tree.root())).not.toBe(copy);
    expect(hex(before)).toBe(copy);
  });

  test('a leaf of 64 bytes is refused on both sides: it could be an inner node', () => {
    const tree = new SnapshotTree(4, keccak);
    const forged = Buffer.concat([keccak(Uint8Array.of(1)), keccak(Uint8Array.of(2))].sort(Buffer.compare));
    tree.set(0, Uint8Array.of(1));
    tree.set(1, Uint8Array.of(2));
    const upper = tree.proof(0).slice(1);
    expect(hex(keccak(Buffer.concat([keccak(forged), ...upper].sort(Buffer.compare))))).toBe(hex(tree.root()));
    expect(verifyProof(forged, upper, tree.root(), keccak)).toBe(false);
    expect(() => tree.set(0, forged)).toThrow(/64 bytes/);
  });

  test.each([-1, 4, 1.5, NaN])('leaf %d of four is refused', (index) => {
    const tree = new SnapshotTree(4, keccak);
    expect(() => tree.set(index, new Uint8Array())).toThrow(/not within 0\.\.3/);
    expect(() => tree.proof(index)).toThrow(/not within 0\.\.3/);
  });

  test('a tree of no leaves is refused', () => {
    expect(() => new SnapshotTree(0, keccak)).toThrow(/at least one feed/);
  });
});

describe(verifyProof.name, () => {
  test('refuses another leaf, another root, and a proof that is longer, shorter or torn', () => {
    const tree = new SnapshotTree(5, keccak);
    for (let index = 0; index < 5; index += 1) tree.set(index, Uint8Array.of(index));
    const [root, proof, leaf] = [tree.root(), tree.proof(2), Uint8Array.of(2)];
    expect(verifyProof(leaf, proof, root, keccak)).toBe(true);
    expect(verifyProof(Uint8Array.of(3), proof, root, keccak)).toBe(false);
    expect(verifyProof(leaf, proof, keccak(root), keccak)).toBe(false);
    expect(verifyProof(leaf, [...proof, root], root, keccak)).toBe(false);
    expect(verifyProof(leaf, proof.slice(1), root, keccak)).toBe(false);
    expect(verifyProof(leaf, [proof[0]!.slice(1), ...proof.slice(1)], root, keccak)).toBe(false);
    expect(verifyProof(leaf, proof, root.slice(0, 31), keccak)).toBe(false);
  });
});
