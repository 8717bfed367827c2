import type { Header } from '../cut';
import { ByteWriter } from './bytes';

const HASH_BYTES = 32;
const SIGNATURE_BYTES = 64;
const FIXED_BYTES = HASH_BYTES + 4 + 6 + 1 + 1;
/** Kind of the leaf and hash of the group: whoever verifies knows them. */
const KNOWN_BYTES = 1 + HASH_BYTES;
const FIRST_V = 27;

/** A group under a signed header. */
interface SignedGroup {
  readonly header: Pick<Header, 'signerEpoch' | 'validUntil'>;
  /** `EvidenceHash` of the header. */
  readonly evidence: Uint8Array;
  /** Of 64 bytes, in ascending order of their signers' addresses. */
  readonly signatures: readonly Uint8Array[];
  readonly proof: readonly Uint8Array[];
  readonly leaf: Uint8Array;
}

/**
 * What a contract is given to verify or store a group (docs/packed.md). The cut stands in the words, the packed root
 * follows from them.
 */
export function encodePackedMessage({ header, evidence, signatures, proof, leaf }: SignedGroup): Uint8Array {
  const words = leaf.subarray(KNOWN_BYTES);
  const length = FIXED_BYTES + signatures.length * SIGNATURE_BYTES + proof.length * HASH_BYTES + words.length;
  const message = new Uint8Array(length);
  const writer = new ByteWriter(message)
    .raw(evidence)
    .unsigned(4, header.signerEpoch)
    .unsigned(6, header.validUntil)
    .unsigned(1, signatures.length)
    .unsigned(1, proof.length);
  for (const bytes of [...signatures, ...proof, words]) writer.raw(bytes);
  return message;
}

/** r, s, v of 65 bytes as EIP-2098 writes them in 64: the parity of v in the top bit of s, which a lower s leaves free. */
export function compactSignature(signature: Uint8Array): Uint8Array {
  const compact = signature.slice(0, SIGNATURE_BYTES);
  if (signature[SIGNATURE_BYTES] === FIRST_V + 1) compact[HASH_BYTES] = (compact[HASH_BYTES] ?? 0) | 0x80;
  return compact;
}

/** Where in a message its words begin, by what it says of itself. */
export function wordsOf(message: Uint8Array): Uint8Array {
  const [signatures = 0, siblings = 0] = message.subarray(FIXED_BYTES - 2, FIXED_BYTES);
  return message.subarray(FIXED_BYTES + signatures * SIGNATURE_BYTES + siblings * HASH_BYTES);
}
