import type { Header } from '../cut';
import { writeUnsigned } from './bytes';
import type { Keccak } from './keccak';

const WORD = 32;

const DOMAIN_TYPE = 'EIP712Domain(string name,string version,bytes32 salt)';
const SNAPSHOT_TYPE =
  'Snapshot(uint64 cut,bytes32 root,bytes32 riskRoot,bytes32 packedRoot,bytes32 configHash,uint32 signerEpoch,uint64 validUntil)';

/** No chain and no contract stand in the domain: one signature serves every chain of a network. */
const NAME = 'Assay';
const VERSION = '1';

/**
 * What is signed: the EIP-712 digest of a header (https://eips.ethereum.org/EIPS/eip-712), packed by hand since it is
 * computed once per cut. Not reentrant: its buffers are its own.
 */
export class HeaderDigest {
  readonly name = NAME;
  readonly version = VERSION;
  /** keccak256 of the network's name. */
  readonly salt: Uint8Array;

  private readonly struct = new Uint8Array(8 * WORD);
  private readonly message = new Uint8Array(2 + 2 * WORD);

  constructor(
    network: string,
    private readonly keccak: Keccak,
  ) {
    const hash = (text: string): Uint8Array => keccak(new TextEncoder().encode(text));
    this.salt = hash(network);
    const domain = new Uint8Array(4 * WORD);
    domain.set(hash(DOMAIN_TYPE), 0);
    domain.set(hash(NAME), WORD);
    domain.set(hash(VERSION), 2 * WORD);
    domain.set(this.salt, 3 * WORD);
    this.message.set([0x19, 0x01], 0);
    this.message.set(keccak(domain), 2);
    this.struct.set(hash(SNAPSHOT_TYPE), 0);
  }

  /** 32 bytes to sign. Throws RangeError for a header whose numbers are not whole, or whose hashes are not 32 bytes. */
  of(header: Header): Uint8Array {
    this.number(1, 8, header.cut);
    this.hash(2, header.root);
    this.hash(3, header.riskRoot);
    this.hash(4, header.packedRoot);
    this.hash(5, header.configHash);
    this.number(6, 4, header.signerEpoch);
    this.number(7, 8, header.validUntil);
    this.message.set(this.keccak(this.struct), 2 + WORD);
    return this.keccak(this.message);
  }

  private number(word: number, width: number, value: number): void {
    writeUnsigned(this.struct, (word + 1) * WORD - width, width, value);
  }

  private hash(word: number, hash: Uint8Array): void {
    if (hash.length !== WORD) throw new RangeError(`a hash of the header has ${hash.length} bytes, not ${WORD}`);
    this.struct.set(hash, word * WORD);
  }
}
