import { pbkdf2Sync } from 'node:crypto';
import type { Header } from '../../src/oracle/cut';
import type { OraclePlan } from '../../src/oracle/plan';
import type { Report } from '../../src/oracle/report';
import { EvidenceHash } from '../../src/oracle/reporting/evidence-hash';
import { HeaderDigest } from '../../src/oracle/reporting/header-digest';
import type { Keccak } from '../../src/oracle/reporting/keccak';
import { priceLeafIndex } from '../../src/oracle/reporting/leaf';
import type { PackedGroup } from '../../src/oracle/reporting/packed-group';
import { compactSignature, encodePackedMessage } from '../../src/oracle/reporting/packed-message';
import { PriceLeafEncoder } from '../../src/oracle/reporting/price-leaf';
import { SnapshotTree } from '../../src/oracle/reporting/snapshot-tree';
import { KeySigner } from '../../src/outbound/signing/key-signer';
import { loadSecp256k1 } from '../../src/outbound/signing/secp256k1';
import { loadKeccak } from '../../src/platform/keccak';
import { toHex } from './signed-message';

/** Of every fresh anvil (https://getfoundry.sh/anvil): the whole world can sign with its accounts. */
const MNEMONIC = 'test test test test test test test test test test test junk';

export interface AnvilKey {
  readonly privateKey: Uint8Array;
  /** In small letters. */
  readonly address: string;
}

/** Anvil's well-known keys from an account on, in ascending order of their addresses. */
export async function anvilKeys(count: number, first = 1): Promise<AnvilKey[]> {
  const [keccak, curve, keys] = await Promise.all([loadKeccak(), loadSecp256k1(), privateKeys(count, first)]);
  return keys
    .map((privateKey) => ({ privateKey, address: new KeySigner(privateKey, curve, keccak).address.toLowerCase() }))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}

/** Signers with anvil's well-known keys from an account on, in ascending order of their addresses. */
export async function anvilSigners(count: number, keccak: Keccak, first = 0): Promise<KeySigner[]> {
  const curve = await loadSecp256k1();
  const keys = await privateKeys(count, first);
  return keys.map((privateKey) => new KeySigner(privateKey, curve, keccak)).sort(bySigner);
}

async function privateKeys(count: number, first: number): Promise<Uint8Array[]> {
  const { HDKey } = await import('viem/accounts');
  const root = HDKey.fromMasterSeed(pbkdf2Sync(MNEMONIC, 'mnemonic', 2_048, 64, 'sha512'));
  return Array.from(
    { length: count },
    (_, account) => root.derive(`m/44'/60'/0'/0/${first + account}`).privateKey as Uint8Array,
  );
}

const bySigner = (a: KeySigner, b: KeySigner): number =>
  BigInt(a.address) < BigInt(b.address) ? -1 : BigInt(a.address) > BigInt(b.address) ? 1 : 0;

export const NETWORK = 'assay-local';

/** Compact signatures in the order of `signers`. */
export function signaturesOf(header: Header, signers: readonly KeySigner[], keccak: Keccak, network = NETWORK) {
  const digest = new HeaderDigest(network, keccak).of(header);
  return signers.map((signer) => compactSignature(signer.sign(digest)));
}

/** One cut of a group, and who signed it. */
export interface GroupSketch {
  readonly group: PackedGroup;
  readonly reports: readonly (Report | undefined)[];
  readonly cut: number;
  readonly signers: readonly KeySigner[];
  /** Instead of the packing of the reports: what a quorum gone wrong would sign. */
  readonly leaf?: Uint8Array;
  /** Of other groups, beside this one under the packed root. */
  readonly beside?: readonly Uint8Array[];
  readonly network?: string;
  readonly epoch?: number;
  readonly validUntil?: number;
}

/** A packed message as a relayer carries it. */
export function packedMessage(sketch: GroupSketch, keccak: Keccak): Uint8Array {
  const { group, reports, cut, signers, beside = [], network, epoch = 1 } = sketch;
  const leaf = sketch.leaf ?? group.leaf(reports, cut);
  const tree = new SnapshotTree(1 + beside.length, keccak);
  for (const [index, bytes] of [leaf, ...beside].entries()) tree.set(index, bytes);
  const header: Header = {
    cut,
    root: new Uint8Array(32).fill(0xa1),
    riskRoot: new Uint8Array(32).fill(0xb2),
    packedRoot: tree.root(),
    configHash: new Uint8Array(32).fill(0xc3),
    signerEpoch: epoch,
    validUntil: sketch.validUntil ?? cut * 10 + 60_000,
  };
  const evidence = new EvidenceHash(keccak).of(header);
  const signatures = signaturesOf(header, signers, keccak, network);
  return encodePackedMessage({ header, evidence, signatures, proof: tree.proof(0), leaf });
}

/** A report under a root of `plan` feeds, as the arguments of `AssayVerifier.verifyLeaf` up to the proof. */
export interface LeafSketch {
  readonly plan: OraclePlan;
  readonly report: Report;
  readonly cut: number;
  readonly signers: readonly KeySigner[];
  /** Instead of the report's own bytes. */
  readonly leaf?: Uint8Array;
  readonly epoch?: number;
  readonly validUntil?: number;
}

export interface SignedLeaf {
  readonly header: Header;
  readonly signatures: Uint8Array;
  readonly leaf: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

export function signedLeaf(sketch: LeafSketch, keccak: Keccak): SignedLeaf {
  const { plan, report, cut, signers } = sketch;
  const index = priceLeafIndex(report.feed);
  const leaf = sketch.leaf ?? new PriceLeafEncoder(plan.feeds[report.feed]!).encode(report);
  const tree = new SnapshotTree(2 * plan.feeds.length, keccak);
  tree.set(index, leaf);
  const zero = new Uint8Array(32);
  const header: Header = {
    cut,
    root: tree.root(),
    riskRoot: zero,
    packedRoot: zero,
    configHash: new Uint8Array(32).fill(0xc3),
    signerEpoch: sketch.epoch ?? 1,
    validUntil: sketch.validUntil ?? cut * 10 + 60_000,
  };
  return { header, signatures: Buffer.concat(signaturesOf(header, signers, keccak)), leaf, proof: tree.proof(index) };
}

/** As `AssayVerifier.verifyLeaf` takes it, up to the proof. */
export function leafArguments({ header, signatures, leaf, proof }: SignedLeaf): readonly unknown[] {
  const hashes = Object.fromEntries(
    (['root', 'riskRoot', 'packedRoot', 'configHash'] as const).map((name) => [name, toHex(header[name])]),
  );
  const { cut, signerEpoch, validUntil } = header;
  return [{ cut, ...hashes, signerEpoch, validUntil }, toHex(signatures), toHex(leaf), proof.map(toHex)];
}
