import { bigintAt, concat, numberAt } from './bytes';
import { climb } from './merkle';
import { decodeLane, type PackedFeed } from './packed-lane';
import type { Primitives } from './primitives';
import type { Demands, Quorum } from './quorum';
import { Refusal } from './refusal';

const PACKED_LEAF = 3;
const WORD = 32;
const SIGNATURE = 64;
const FIXED = 44;
const MAX_WORDS = 20;
const CUT_BYTES = 5;
const LANES = 3;
const LANE_BITS = 72n;

/** A group as it was at one cut. */
export interface VerifiedGroup {
  readonly cut: number;
  /** Words of 32 bytes: the cut, then three lanes. */
  readonly words: readonly Uint8Array[];
}

/**
 * Verifies a packed message (docs/packed.md) for the group of this hash, as contracts/src/PackedGroups.sol does. Throws a
 * Refusal.
 */
export function verifyGroup(
  group: Uint8Array,
  message: Uint8Array,
  quorum: Quorum,
  demands: Demands,
  primitives: Primitives,
): VerifiedGroup {
  const signaturesEnd = FIXED + (message[42] ?? 0) * SIGNATURE;
  const proofEnd = signaturesEnd + (message[43] ?? 0) * WORD;
  const count = (message.length - proofEnd) / WORD;
  if (!Number.isInteger(count) || count < 1 || count > MAX_WORDS) {
    throw new Refusal('BadLength', `${message.length} bytes`);
  }
  const words = slices(message.subarray(proofEnd));
  const cuts = words.map((word) => numberAt(word, 0, CUT_BYTES));
  const [cut = 0] = cuts;
  if (cuts.some((other) => other !== cut)) throw new Refusal('CutsDiffer', cuts.join(', '));

  const leaf = concat(Uint8Array.of(PACKED_LEAF), group, ...words);
  const proof = slices(message.subarray(signaturesEnd, proofEnd));
  const header = {
    cut,
    packedRoot: climb(primitives.keccak(leaf), proof, primitives),
    signerEpoch: numberAt(message, 32, 36),
    validUntil: numberAt(message, 36, 42),
    evidence: message.subarray(0, WORD),
  };
  quorum.require(header, message.subarray(FIXED, signaturesEnd), demands);
  return { cut, words };
}

/** The feed at a place of the group. Throws a Refusal for bits that no signer of Assay writes. */
export function feedAt({ words }: VerifiedGroup, place: number): PackedFeed {
  const word = words[Math.floor(place / LANES)];
  if (word === undefined) throw new RangeError(`a group of ${words.length} words has no place ${place}`);
  const shift = LANE_BITS * BigInt(LANES - 1 - (place % LANES));
  return decodeLane((bigintAt(word, CUT_BYTES, WORD) >> shift) & ((1n << LANE_BITS) - 1n));
}

function slices(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / WORD }, (_, index) => bytes.subarray(index * WORD, (index + 1) * WORD));
}
