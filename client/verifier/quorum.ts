import { bigintAt, compare, concat, wordOf } from './bytes';
import type { Primitives } from './primitives';
import { Refusal } from './refusal';

/** What is signed, once for all feeds; hashes are 32 bytes. */
export interface SignedHeader {
  /** Ticks of 10 ms since the epoch. */
  readonly cut: number;
  readonly packedRoot: Uint8Array;
  readonly signerEpoch: number;
  readonly validUntil: number;
  /** `evidenceHash` of the rest. */
  readonly evidence: Uint8Array;
}

/** What a header says beside its packed root; hashes of 32 bytes. */
export interface Evidence {
  readonly root: Uint8Array;
  readonly riskRoot: Uint8Array;
  readonly configHash: Uint8Array;
}

/** Whom to believe during an epoch. Addresses are 20 bytes, ascending. */
export interface SignerSet {
  readonly epoch: number;
  readonly threshold: number;
  readonly signers: readonly Uint8Array[];
  /** Of `signers`, those that were revoked. */
  readonly revoked?: readonly Uint8Array[];
  /** Epoch seconds after which the set is no longer believed; absent for the current one. */
  readonly until?: number;
}

/** When to verify: a caller who may pick the cut has an option, so he says how old it may be and which was the last. */
export interface Demands {
  readonly nowMs: number;
  readonly maxAgeMs: number;
  readonly minCut: number;
}

/** A cut may be this far ahead of a block's time stamp, which is the beginning of its slot. */
const FUTURE_BOUND_MS = 15_000;
const TICK_MS = 10;
const SIGNATURE_BYTES = 64;
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

const DOMAIN_TYPE = 'EIP712Domain(string name,string version,bytes32 salt)';
const EVIDENCE_TYPE = 'Evidence(bytes32 root,bytes32 riskRoot,bytes32 configHash)';
const SNAPSHOT_TYPE = `Snapshot(uint64 cut,bytes32 packedRoot,uint32 signerEpoch,uint64 validUntil,Evidence evidence)${EVIDENCE_TYPE}`;

export function evidenceHash({ root, riskRoot, configHash }: Evidence, { keccak }: Pick<Primitives, 'keccak'>) {
  return keccak(concat(keccak(new TextEncoder().encode(EVIDENCE_TYPE)), root, riskRoot, configHash));
}

/** Believes headers that exactly `threshold` signers of an epoch in force have signed. */
export class Quorum {
  private readonly domainSeparator: Uint8Array;
  private readonly snapshotType: Uint8Array;

  constructor(
    network: string,
    private readonly sets: readonly SignerSet[],
    private readonly primitives: Primitives,
  ) {
    const hash = (text: string): Uint8Array => primitives.keccak(new TextEncoder().encode(text));
    this.domainSeparator = primitives.keccak(concat(hash(DOMAIN_TYPE), hash('Assay'), hash('1'), hash(network)));
    this.snapshotType = hash(SNAPSHOT_TYPE);
  }

  /** Throws a Refusal unless the header is signed, in force, and as new as demanded. */
  require(header: SignedHeader, signatures: Uint8Array, demands: Demands): void {
    requireTimely(header, demands);
    const { signers, threshold, revoked = [] } = this.setInForce(header.signerEpoch, demands.nowMs);
    if (signatures.length !== threshold * SIGNATURE_BYTES) {
      throw new Refusal('WrongSignatureCount', `${signatures.length} bytes are not ${threshold} signatures of 64`);
    }
    const digest = this.digest(header);
    let last = new Uint8Array(20);
    for (let at = 0; at < signatures.length; at += SIGNATURE_BYTES) {
      const signer = this.signerOf(digest, signatures.subarray(at, at + SIGNATURE_BYTES));
      const among = (list: readonly Uint8Array[]): boolean => list.some((known) => compare(known, signer) === 0);
      if (!among(signers)) throw new Refusal('NotASigner', hex(signer));
      if (among(revoked)) throw new Refusal('SignerRevoked', hex(signer));
      if (compare(signer, last) <= 0) throw new Refusal('UnsortedSignatures', `signature ${at / SIGNATURE_BYTES}`);
      last = signer;
    }
  }

  private digest(header: SignedHeader): Uint8Array {
    const { packedRoot, evidence } = header;
    const [epoch, validUntil] = [wordOf(header.signerEpoch), wordOf(header.validUntil)];
    const struct = concat(this.snapshotType, wordOf(header.cut), packedRoot, epoch, validUntil, evidence);
    const hash = this.primitives.keccak(struct);
    return this.primitives.keccak(concat(Uint8Array.of(0x19, 0x01), this.domainSeparator, hash));
  }

  private setInForce(epoch: number, nowMs: number): SignerSet {
    const set = this.sets.find((candidate) => candidate.epoch === epoch);
    const seconds = Math.floor(nowMs / 1000);
    if (set === undefined || (set.until !== undefined && seconds > set.until)) {
      throw new Refusal('EpochNotInForce', `epoch ${epoch}`);
    }
    return set;
  }

  private signerOf(digest: Uint8Array, signature: Uint8Array): Uint8Array<ArrayBuffer> {
    const rs = signature.slice();
    const odd = ((rs[32] ?? 0) & 0x80) !== 0;
    rs[32] = (rs[32] ?? 0) & 0x7f;
    if (bigintAt(rs, 32, 64) > HALF_ORDER) throw new Refusal('MalleableSignature', 's is in the upper half');
    const key = this.primitives.recover(digest, rs, odd);
    if (key === undefined) throw new Refusal('BadSignature', 'it recovers nobody');
    return this.primitives.keccak(key.subarray(1)).slice(12);
  }
}

function requireTimely({ cut, validUntil }: SignedHeader, { nowMs, maxAgeMs, minCut }: Demands): void {
  if (nowMs > validUntil) throw new Refusal('Expired', `valid until ${validUntil}, it is ${nowMs}`);
  if (cut * TICK_MS > nowMs + FUTURE_BOUND_MS) throw new Refusal('FutureCut', `cut ${cut}, it is ${nowMs}`);
  if (cut < minCut) throw new Refusal('TooEarly', `cut ${cut} is before ${minCut}`);
  if (cut * TICK_MS + maxAgeMs < nowMs) throw new Refusal('TooOld', `cut ${cut} is older than ${maxAgeMs} ms`);
}

function hex(bytes: Uint8Array): string {
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
