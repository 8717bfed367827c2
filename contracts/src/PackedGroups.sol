// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SignerSets} from "./SignerSets.sol";

/// Verifies packed messages (docs/packed.md): a whole group of feeds as of one cut, in some 100 bytes besides signatures
/// and words.
///
///     0   32  evidence          44  64 each  signatures
///    32    4  signer epoch          32 each  proof: siblings from the group's leaf up to the packed root
///    36    6  valid until, ms       32 each  words: the cut in 40 bits, then three feeds
///    42    1  signatures
///    43    1  siblings
abstract contract PackedGroups is SignerSets {
    error BadLength(uint256 length);
    /// The words of a group are one joint cut.
    error CutsDiffer();

    uint256 private constant FIXED = 44;
    uint256 private constant MAX_WORDS = 20;
    uint256 private constant CUT_SHIFT = 216;
    uint256 private constant PACKED_LEAF = 3;

    /// That a quorum signed the message, with `count` words for this group, and that it is in time. Gives nothing back, so
    /// that little stands on the stack while signatures are checked: `wordsOf` says where the words are.
    function requireGroup(bytes32 group, bytes calldata message, uint256 count, uint256 maxAgeMs, uint256 minCut)
        internal
        view
    {
        unchecked {
            uint256 start = startOf(message);
            uint256 meta = wordAt(start + 32) >> 160;
            uint256 words = FIXED + 64 * signaturesIn(meta) + 32 * (meta & 255);
            if (message.length != words + 32 * count || count == 0) revert BadLength(message.length);
            words += start;
            uint256 cut = requireOneCut(words, count);
            requireTimely(cut, validUntilIn(meta), maxAgeMs, minCut);
            bytes32 root = climb(leafHash(group, words, count), start + FIXED + 64 * signaturesIn(meta), meta & 255);
            bytes32 digest = digestOf(cut, root, meta >> 64, validUntilIn(meta), bytes32(wordAt(start)));
            requireQuorum(digest, meta >> 64, start + FIXED, signaturesIn(meta));
        }
    }

    /// How many words a message has by its length and what it says of itself.
    function countWords(bytes calldata message) internal pure returns (uint256 count) {
        uint256 meta = wordAt(startOf(message) + 32) >> 160;
        uint256 words = FIXED + 64 * signaturesIn(meta) + 32 * (meta & 255);
        if (message.length > words) count = (message.length - words) / 32;
        if (count > MAX_WORDS) revert BadLength(message.length);
    }

    /// Where in the calldata the words of a verified message begin.
    function wordsOf(bytes calldata message, uint256 count) internal pure returns (uint256) {
        unchecked {
            return startOf(message) + message.length - 32 * count;
        }
    }

    function startOf(bytes calldata message) private pure returns (uint256 start) {
        assembly ("memory-safe") {
            start := message.offset
        }
    }

    function signaturesIn(uint256 meta) private pure returns (uint256) {
        return (meta >> 8) & 255;
    }

    function validUntilIn(uint256 meta) private pure returns (uint256) {
        return (meta >> 16) & 0xffffffffffff;
    }

    function requireOneCut(uint256 words, uint256 count) private pure returns (uint256) {
        unchecked {
            uint256 first = wordAt(words);
            uint256 differences = 0;
            for (uint256 at = words + 32 * count - 32; at > words; at -= 32) differences |= wordAt(at) ^ first;
            if (differences >> CUT_SHIFT != 0) revert CutsDiffer();
            return first >> CUT_SHIFT;
        }
    }

    function leafHash(bytes32 group, uint256 words, uint256 count) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore8(free, PACKED_LEAF)
            mstore(add(free, 1), group)
            calldatacopy(add(free, 33), words, mul(32, count))
            hash := keccak256(free, add(33, mul(32, count)))
        }
    }

    function climb(bytes32 hash, uint256 proof, uint256 siblings) private pure returns (bytes32) {
        unchecked {
            for (uint256 i = 0; i < siblings; i++) {
                bytes32 sibling = bytes32(wordAt(proof + 32 * i));
                hash = hash < sibling ? hashPair(hash, sibling) : hashPair(sibling, hash);
            }
        }
        return hash;
    }

    function hashPair(bytes32 smaller, bytes32 larger) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            mstore(0x00, smaller)
            mstore(0x20, larger)
            hash := keccak256(0x00, 0x40)
        }
    }
}
