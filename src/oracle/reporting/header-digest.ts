import type { Header } from '../cut';
import { EVIDENCE_TYPE, EvidenceHash } from './evidence-hash';
import type { Keccak } from './keccak';
import { TypedStruct } from './typed-struct';

const WORD = 32;

const DOMAIN_TYPE = 'EIP712Domain(string name,string version,bytes32 salt)';
const SNAPSHOT_TYPE = `Snapshot(uint64 cut,bytes32 packedRoot,uint32 signerEpoch,uint64 validUntil,Evidence evidence)${EVIDENCE_TYPE}`;

/** No chain and no contract stand in the domain: one signature serves every chain of a network. */
const NAME = 'Assay';
const VERSION = '1';

/** What is signed: the EIP-712 digest of a header. Not reentrant: its buffers are its own. */
export class HeaderDigest {
  readonly name = NAME;
  readonly version = VERSION;
  /** keccak256 of the network's name. */
  readonly salt: Uint8Array;

  private readonly evidence: EvidenceHash;
  private readonly struct: TypedStruct;
  private readonly message = new Uint8Array(2 + 2 * WORD);

  constructor(
    network: string,
    private readonly keccak: Keccak,
  ) {
    const hash = (text: string): Uint8Array => keccak(new TextEncoder().encode(text));
    this.salt = hash(network);
    this.evidence = new EvidenceHash(keccak);
    this.struct = new TypedStruct(SNAPSHOT_TYPE, 5, keccak);
    const domain = new TypedStruct(DOMAIN_TYPE, 3, keccak)
      .hash(0, hash(NAME))
      .hash(1, hash(VERSION))
      .hash(2, this.salt);
    this.message.set([0x19, 0x01], 0);
    this.message.set(domain.digest(), 2);
  }

  /** 32 bytes to sign. Throws RangeError for a header whose numbers are not whole, or whose hashes are not 32 bytes. */
  of(header: Header): Uint8Array {
    this.write(header);
    return this.keccak(this.message);
  }

  /** The 66 bytes of which `of` is the hash, for a signer that hashes for itself. Throws as `of` does. */
  messageOf(header: Header): Uint8Array {
    this.write(header);
    return this.message.slice();
  }

  private write(header: Header): void {
    this.struct
      .number(0, 8, header.cut)
      .hash(1, header.packedRoot)
      .number(2, 4, header.signerEpoch)
      .number(3, 8, header.validUntil)
      .hash(4, this.evidence.of(header));
    this.message.set(this.struct.digest(), 2 + WORD);
  }
}
