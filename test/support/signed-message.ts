import type { Header } from '../../src/oracle/cut';
import type { OraclePlan } from '../../src/oracle/plan';
import type { Figures, Report } from '../../src/oracle/report';
import { HeaderDigest } from '../../src/oracle/reporting/header-digest';
import type { Keccak } from '../../src/oracle/reporting/keccak';
import { figuresLeafIndex, priceLeafIndex } from '../../src/oracle/reporting/leaf';
import { Publisher } from '../../src/oracle/reporting/publisher';
import { SnapshotTree } from '../../src/oracle/reporting/snapshot-tree';
import type { Signer } from '../../src/outbound/signing/signer';

export type Hex = `0x${string}`;

/** What a message of the stream says about a snapshot, as far as it can be verified (docs/report.md). */
export interface SignedMessage {
  readonly header: {
    readonly cut: string;
    readonly root: Hex;
    readonly riskRoot: Hex;
    readonly packedRoot: Hex;
    readonly configHash: Hex;
    readonly signerEpoch: number;
    readonly validUntil: string;
  };
  readonly signature: Hex;
  readonly reports: readonly ProvenReport[];
}

export interface ProvenReport {
  readonly feed: string;
  readonly price: ProvenLeaf;
  readonly figures?: ProvenLeaf;
}

export interface ProvenLeaf {
  readonly leaf: Hex;
  readonly proof: readonly Hex[];
}

/** One snapshot: every feed's report, figures for some, made at `cut`. */
export interface SnapshotSketch {
  readonly plan: OraclePlan;
  readonly cut: number;
  readonly reports: readonly Report[];
  readonly figures?: readonly Figures[];
  /** SHA-256 of the plan, or any 32 bytes that stand for it. */
  readonly configHash: Uint8Array;
  /** Instead of what the plan says. */
  readonly validUntil?: number;
}

/** Signs a snapshot as the service does and says it as the stream does, with every report that was given. */
export function signedMessage(sketch: SnapshotSketch, signer: Signer, keccak: Keccak): SignedMessage {
  const { plan, cut, reports, figures = [], configHash } = sketch;
  const publisher = new Publisher(plan, { keccak, configHash, signerEpoch: 1 });
  const tree = new SnapshotTree(2 * plan.feeds.length, keccak);
  const leaves = new Map(publisher.leaves(reports, figures).map(({ index, bytes }) => [index, bytes]));
  for (const [index, bytes] of leaves) tree.set(index, bytes);
  const proven = (index: number): ProvenLeaf | undefined => {
    const bytes = leaves.get(index);
    return bytes && { leaf: toHex(bytes), proof: tree.proof(index).map(toHex) };
  };

  const made = publisher.header(cut, cut * 10);
  const header: Header = { ...made, validUntil: sketch.validUntil ?? made.validUntil };
  return {
    header: {
      cut: String(header.cut),
      root: toHex(header.root),
      riskRoot: toHex(header.riskRoot),
      packedRoot: toHex(header.packedRoot),
      configHash: toHex(header.configHash),
      signerEpoch: header.signerEpoch,
      validUntil: String(header.validUntil),
    },
    signature: toHex(signer.sign(new HeaderDigest(plan.network, keccak).of(header))),
    reports: reports.map(({ feed }) => {
      const figuresLeaf = proven(figuresLeafIndex(feed));
      return {
        feed: plan.feeds[feed]!.id,
        price: proven(priceLeafIndex(feed))!,
        ...(figuresLeaf && { figures: figuresLeaf }),
      };
    }),
  };
}

export function toHex(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes).toString('hex')}`;
}
