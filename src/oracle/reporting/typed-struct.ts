import { writeUnsigned } from './bytes';
import type { Keccak } from './keccak';

const WORD = 32;

/**
 * The hash of an EIP-712 struct (https://eips.ethereum.org/EIPS/eip-712), packed by hand since it is computed once per
 * cut. Fields count from zero and stay as they were until they are set anew.
 */
export class TypedStruct {
  private readonly words: Uint8Array;

  /** @param type as EIP-712 writes it, followed by the types of its fields that are structs. */
  constructor(
    type: string,
    fields: number,
    private readonly keccak: Keccak,
  ) {
    this.words = new Uint8Array((1 + fields) * WORD);
    this.words.set(keccak(new TextEncoder().encode(type)), 0);
  }

  /** Throws RangeError for what is not whole, or more than so many bytes hold. */
  number(field: number, width: number, value: number): this {
    writeUnsigned(this.words, (field + 2) * WORD - width, width, value);
    return this;
  }

  /** Throws RangeError unless it has 32 bytes. */
  hash(field: number, hash: Uint8Array): this {
    if (hash.length !== WORD) throw new RangeError(`a hash of the header has ${hash.length} bytes, not ${WORD}`);
    this.words.set(hash, (field + 1) * WORD);
    return this;
  }

  digest(): Uint8Array {
    return this.keccak(this.words);
  }
}
