// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PackedFeed, PackedLane} from "./PackedLane.sol";
import {PackedGroups} from "./PackedGroups.sol";
import {PriceLeaf, PriceReport} from "./PriceLeaf.sol";
import {Header, SignerSets} from "./SignerSets.sol";

/// Verifies what a quorum of one Assay network signed, and stores none of it: whoever brings the bytes gets the prices in
/// them or a named refusal. Who may pick the cut has an option on it, so every call says how old the prices may be and
/// which cut was the last one used.
contract AssayVerifier is PackedGroups {
    error NotInRoot(bytes32 computed);
    error NoSuchPlace(uint256 place);

    constructor(string memory network, address governor, uint24 epoch, address[] memory signers, uint256 threshold)
        SignerSets(network, governor, epoch, signers, threshold)
    {}

    /// The report in `leaf`, as of the header's cut. `signatures` are of 64 bytes, by ascending signer; `proof` the siblings
    /// from the leaf up.
    function verifyLeaf(
        Header calldata header,
        bytes calldata signatures,
        bytes calldata leaf,
        bytes32[] calldata proof,
        uint256 maxAgeMs,
        uint64 minCut
    ) external view returns (PriceReport memory report) {
        if (signatures.length % 64 != 0) revert BadLength(signatures.length);
        requireTimely(header.cut, header.validUntil, instantOf(maxAgeMs), minCut);
        uint256 at;
        assembly ("memory-safe") {
            at := signatures.offset
        }
        bytes32 evidence = keccak256(abi.encode(EVIDENCE_TYPE, header.root, header.riskRoot, header.configHash));
        bytes32 digest =
            digestOf(header.cut, header.packedRoot, header.signerEpoch, header.validUntil, evidence);
        requireQuorum(digest, header.signerEpoch, at, signatures.length / 64);
        requireInRoot(header.root, leaf, proof);
        report = PriceLeaf.decode(leaf, header.cut);
        requireYoung(report.observedAt, instantOf(maxAgeMs));
    }

    /// The words of a whole group and their cut; `feedAt` reads them.
    function verifyGroup(bytes32 group, bytes calldata message, uint256 maxAgeMs, uint64 minCut)
        external
        view
        returns (uint64 cut, uint256[] memory words)
    {
        uint256 count = countWords(message);
        requireGroup(group, message, count, instantOf(maxAgeMs), minCut);
        uint256 at = wordsOf(message, count);
        cut = uint64(PackedLane.cutOf(wordAt(at)));
        words = new uint256[](count);
        assembly ("memory-safe") {
            calldatacopy(add(words, 32), at, mul(32, count))
        }
    }

    /// The feed at a place of verified words. The age of its price is the caller's to judge.
    function feedAt(uint256[] calldata words, uint256 place) external pure returns (PackedFeed memory) {
        if (place / 3 >= words.length) revert NoSuchPlace(place);
        return PackedLane.decode(PackedLane.at(words[place / 3], place % 3));
    }

    function requireInRoot(bytes32 root, bytes calldata leaf, bytes32[] calldata proof) private pure {
        // 64 bytes could be an inner node that poses as a leaf.
        if (leaf.length == 64) revert PriceLeaf.MalformedLeaf("length");
        bytes32 computed = keccak256(leaf);
        for (uint256 i = 0; i < proof.length; i++) {
            bytes32 sibling = proof[i];
            computed = computed < sibling ? hashPair(computed, sibling) : hashPair(sibling, computed);
        }
        if (computed != root) revert NotInRoot(computed);
    }
}
