// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SignerSets} from "./SignerSets.sol";

/// Verifies packed messages (docs/packed.md): a whole group of feeds as of one cut, in some 100 bytes besides signatures
/// and words.
///
///     0   32  root              108  64 each  signatures
///    32   32  risk root              32 each  proof: siblings from the group's leaf up to the packed root
///    64   32  config hash            32 each  words: the cut in 40 bits, then three feeds
///    96    4  signer epoch
///   100    6  valid until, ms
///   106    1  signatures
///   107    1  siblings
abstract contract PackedGroups is SignerSets {
    error BadLength(uint256 length);
    /// The words of a group are one joint cut.
    error CutsDiffer();

    uint256 private constant FIXED = 108;
    uint256 private constant MAX_WORDS = 20;
    uint256 private constant CUT_SHIFT = 216;
    uint256 private constant PACKED_LEAF = 3;

    /// The cut of the message, and where in the calldata its `count` words begin.
    function requireGroup(bytes32 group, bytes calldata message, uint256 maxAgeMs, uint256 minCut)
        internal
        view
        returns (uint256 cut, uint256 words, uint256 count)
    {
        uint256 start;
        uint256 meta;
        assembly ("memory-safe") {
            start := message.offset
            // Of a message shorter than this the length is refused below.
            meta := shr(160, calldataload(add(start, 96)))
        }
        unchecked {
            uint256 signatures = (meta >> 8) & 255;
            uint256 siblings = meta & 255;
            words = FIXED + 64 * signatures + 32 * siblings;
            uint256 rest = message.length - words;
            count = rest / 32;
            if (message.length <= words || rest % 32 != 0 || count > MAX_WORDS) revert BadLength(message.length);
            uint256 proof = start + FIXED + 64 * signatures;
            words += start;
            uint256 first = wordAt(words);
            uint256 differences = 0;
            for (uint256 at = words + 32; at < start + message.length; at += 32) differences |= wordAt(at) ^ first;
            if (differences >> CUT_SHIFT != 0) revert CutsDiffer();
            cut = first >> CUT_SHIFT;
            uint256 validUntil = (meta >> 16) & 0xffffffffffff;
            requireTimely(cut, validUntil, maxAgeMs, minCut);
            bytes32 packedRoot = climb(leafHash(group, words, count), proof, siblings);
            uint256 epoch = meta >> 64;
            requireQuorum(digestOf(structHash(start, cut, packedRoot, epoch, validUntil)), epoch, start + FIXED, signatures);
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

    function structHash(uint256 start, uint256 cut, bytes32 packedRoot, uint256 epoch, uint256 validUntil)
        private
        pure
        returns (bytes32 hash)
    {
        bytes32 typeHash = SNAPSHOT_TYPE;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            mstore(add(free, 32), cut)
            // Root and risk root, side by side here as there.
            calldatacopy(add(free, 64), start, 64)
            mstore(add(free, 128), packedRoot)
            calldatacopy(add(free, 160), add(start, 64), 32)
            mstore(add(free, 192), epoch)
            mstore(add(free, 224), validUntil)
            hash := keccak256(free, 256)
        }
    }
}
