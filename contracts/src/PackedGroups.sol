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

    /// Signer epoch, valid until, signatures, siblings.
    uint256 private constant HEAD = 32;
    uint256 private constant FIXED = 44;
    uint256 private constant MAX_WORDS = 20;
    uint256 private constant CUT_SHIFT = 216;
    uint256 private constant PACKED_LEAF = 3;

    /// That a quorum signed the message, with `count` words for this group, and that it is in time. Gives nothing back, so
    /// that little stands on the stack while signatures are checked: `wordsOf` says where the words are.
    function requireGroup(bytes32 group, bytes calldata message, uint256 count, uint256 sinceMs, uint256 minCut)
        internal
        view
    {
        unchecked {
            uint256 start = startOf(message);
            uint256 head = wordAt(start + HEAD);
            uint256 words = wordsBehind(head);
            if (message.length != words + 32 * count) revert BadLength(message.length);
            words += start;
            uint256 cut = requireOneCut(words, count);
            uint256 validUntil = (head << 32) >> 208;
            requireTimely(cut, validUntil, sinceMs, minCut);
            bytes32 root = climb(leafHash(group, words, count), words - 32 * siblingsIn(head), words);
            bytes32 digest = digestOf(cut, root, head >> 224, validUntil, bytes32(wordAt(start)));
            requireQuorum(digest, head >> 224, start + FIXED, signaturesIn(head));
        }
    }

    /// How many words a message has by its length and what it says of itself.
    function countWords(bytes calldata message) internal pure returns (uint256 count) {
        uint256 words = wordsBehind(wordAt(startOf(message) + HEAD));
        if (message.length > words) count = (message.length - words) / 32;
        if (count == 0 || count > MAX_WORDS) revert BadLength(message.length);
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

    /// Where in a message its words begin, by what stands in its head.
    function wordsBehind(uint256 head) private pure returns (uint256) {
        unchecked {
            return FIXED + 64 * signaturesIn(head) + 32 * siblingsIn(head);
        }
    }

    function signaturesIn(uint256 head) private pure returns (uint256 count) {
        assembly ("memory-safe") {
            count := byte(10, head)
        }
    }

    function siblingsIn(uint256 head) private pure returns (uint256 count) {
        assembly ("memory-safe") {
            count := byte(11, head)
        }
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

    /// Along the siblings in the calldata from `at` to `end`.
    function climb(bytes32 hash, uint256 at, uint256 end) private pure returns (bytes32) {
        unchecked {
            for (; at < end; at += 32) {
                bytes32 sibling = bytes32(wordAt(at));
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
