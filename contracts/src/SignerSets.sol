// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// What is signed, once for all feeds. `cut` is in ticks of 10 ms, `validUntil` in epoch milliseconds. Root, risk root and
/// config hash are signed as one hash, their evidence.
struct Header {
    uint64 cut;
    bytes32 root;
    bytes32 riskRoot;
    bytes32 packedRoot;
    bytes32 configHash;
    uint32 signerEpoch;
    uint64 validUntil;
}

/// Who may sign for one network, by epochs: a set of signers and how many of them are a quorum. A set stands in the code of
/// a contract of its own, so that reading all of it costs one access. At a rotation the set before it is believed for an
/// overlap, so that what is under way still arrives.
abstract contract SignerSets {
    error Expired(uint256 validUntil, uint256 nowMs);
    /// Its instant is further ahead of the block than a block may lag behind its transactions.
    error FutureCut(uint256 cut, uint256 nowMs);
    error TooEarly(uint256 cut, uint256 minCut);
    error TooOld(uint256 atMs, uint256 maxAgeMs, uint256 nowMs);
    error EpochNotInForce(uint256 epoch);
    error WrongSignatureCount(uint256 given, uint256 threshold);
    /// s in the upper half: the twin of a signature, which Assay never writes.
    error MalleableSignature();
    error BadSignature();
    /// Signatures stand in ascending order of their signers, each once.
    error UnsortedSignatures();
    error NotASigner(address recovered);
    error SignerRevoked(address signer);

    error NotGovernor(address caller);
    error BadThreshold(uint256 threshold, uint256 signers);
    error TooManySigners(uint256 signers);
    error UnsortedSigners(uint256 index);
    error UnknownSigner(address signer);

    event SignersRotated(uint256 indexed epoch, uint256 threshold, address[] signers, uint256 previousUntil);
    event Revoked(uint256 indexed epoch, address indexed signer);

    /// One slot. `signers` is how many the set has, `revoked` has a bit for each of their places; after `until`, in epoch
    /// seconds, the set is not believed.
    struct Epoch {
        address set;
        uint24 number;
        uint8 signers;
        uint32 revoked;
        uint32 until;
    }

    bytes32 private constant DOMAIN_TYPE = keccak256("EIP712Domain(string name,string version,bytes32 salt)");
    bytes32 internal constant EVIDENCE_TYPE = keccak256("Evidence(bytes32 root,bytes32 riskRoot,bytes32 configHash)");
    bytes32 private constant SNAPSHOT_TYPE = keccak256(
        "Snapshot(uint64 cut,bytes32 packedRoot,uint32 signerEpoch,uint64 validUntil,Evidence evidence)Evidence(bytes32 root,bytes32 riskRoot,bytes32 configHash)"
    );
    /// Half the order of secp256k1, rounded down.
    uint256 private constant HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;
    /// A block's time stamp is the beginning of its slot: what it holds may have been signed some seconds later.
    uint256 private constant FUTURE_BOUND_MS = 15_000;
    uint256 internal constant TICK_MS = 10;

    uint256 private constant MAX_SIGNERS = 31;
    /// A set's code: STOP, the threshold, then addresses of 20 bytes in ascending order, and one after all that can be.
    uint256 private constant SET_HEAD = 2;
    address private constant END = address(type(uint160).max);

    uint256 private constant PARITY_APART = 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff;
    uint256 private constant MALLEABLE = 1;
    uint256 private constant NOT_FOUND = 2;

    /// Who may rotate and revoke: a protocol's timelock, a multisig; never one of the signers.
    address public immutable governor;
    bytes32 public immutable domainSeparator;

    Epoch private current;
    Epoch private previous;

    constructor(string memory network, address governor_, uint24 epoch, address[] memory signers, uint256 threshold) {
        domainSeparator =
            keccak256(abi.encode(DOMAIN_TYPE, keccak256("Assay"), keccak256("1"), keccak256(bytes(network))));
        governor = governor_;
        install(epoch, signers, threshold, 0);
    }

    /// The current epoch and the one before, of which what is signed is believed until its overlap ends.
    function believed() external view returns (Epoch memory, Epoch memory) {
        return (current, previous);
    }

    /// Installs the next epoch. What the one before signed is believed for `overlapSeconds` more.
    function rotate(address[] calldata signers, uint256 threshold, uint32 overlapSeconds) external {
        requireGovernor();
        uint32 until = uint32(block.timestamp) + overlapSeconds;
        previous = current;
        previous.until = until;
        install(previous.number + 1, signers, threshold, until);
    }

    /// From now on a signature of this signer refuses the message that it stands in. With fewer than the threshold left,
    /// nothing of that epoch is believed any more.
    function revoke(uint32 epoch, address signer) external {
        requireGovernor();
        Epoch storage revoking = epoch == current.number ? current : previous;
        if (revoking.number != epoch || epoch == 0) revert EpochNotInForce(epoch);
        (bool listed, uint256 place) = find(load(slotOf(revoking)), uint160(signer));
        if (!listed) revert UnknownSigner(signer);
        revoking.revoked |= uint32(1 << place);
        emit Revoked(epoch, signer);
    }

    function install(uint24 epoch, address[] memory signers, uint256 threshold, uint256 previousUntil) private {
        uint256 count = signers.length;
        if (count > MAX_SIGNERS) revert TooManySigners(count);
        if (threshold == 0 || threshold > count) revert BadThreshold(threshold, count);
        bytes memory code = abi.encodePacked(uint8(0), uint8(threshold));
        address last = address(0);
        for (uint256 i = 0; i < count; i++) {
            if (signers[i] <= last) revert UnsortedSigners(i);
            last = signers[i];
            code = abi.encodePacked(code, last);
        }
        code = abi.encodePacked(code, END);
        // PUSH2 length, DUP1, PUSH1 10, RETURNDATASIZE, CODECOPY, RETURNDATASIZE, RETURN: what follows is the code.
        bytes memory creation = abi.encodePacked(hex"61", uint16(code.length), hex"80600a3d393df3", code);
        address set;
        assembly ("memory-safe") {
            set := create(0, add(creation, 32), mload(creation))
        }
        assert(set != address(0));
        current = Epoch(set, epoch, uint8(count), 0, 0);
        emit SignersRotated(epoch, threshold, signers, previousUntil);
    }

    function requireGovernor() private view {
        if (msg.sender != governor) revert NotGovernor(msg.sender);
    }

    /// That the header is neither past nor ahead of its time, nor older than asked for.
    function requireTimely(uint256 cut, uint256 validUntil, uint256 sinceMs, uint256 minCut) internal view {
        unchecked {
            uint256 nowMs = block.timestamp * 1000;
            if (nowMs > validUntil) revert Expired(validUntil, nowMs);
            if (cut * TICK_MS > nowMs + FUTURE_BOUND_MS) revert FutureCut(cut, nowMs);
            if (cut < minCut) revert TooEarly(cut, minCut);
            requireYoung(cut * TICK_MS, sinceMs);
        }
    }

    function requireYoung(uint256 atMs, uint256 sinceMs) internal view {
        unchecked {
            uint256 nowMs = block.timestamp * 1000;
            if (atMs < sinceMs) revert TooOld(atMs, nowMs - sinceMs, nowMs);
        }
    }

    /// The instant of what is so old now.
    function instantOf(uint256 ageMs) internal view returns (uint256 sinceMs) {
        uint256 nowMs = block.timestamp * 1000;
        return ageMs < nowMs ? nowMs - ageMs : 0;
    }

    /// What signers of a header sign: its EIP-712 digest (https://eips.ethereum.org/EIPS/eip-712).
    function digestOf(uint256 cut, bytes32 packedRoot, uint256 epoch, uint256 validUntil, bytes32 evidence)
        internal
        view
        returns (bytes32 digest)
    {
        bytes32 separator = domainSeparator;
        bytes32 typeHash = SNAPSHOT_TYPE;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            mstore(add(free, 32), cut)
            mstore(add(free, 64), packedRoot)
            mstore(add(free, 96), epoch)
            mstore(add(free, 128), validUntil)
            mstore(add(free, 160), evidence)
            // Scratch space and the two bytes of the free memory pointer that are always zero: restored below.
            mstore(0x00, 0x1901)
            mstore(0x20, separator)
            mstore(0x40, keccak256(free, 192))
            digest := keccak256(0x1e, 0x42)
            mstore(0x40, free)
        }
    }

    /// That exactly the threshold of the epoch's signers signed the digest. `at` is where their signatures of 64 bytes
    /// (r, s with the parity of v in its top bit: EIP-2098) begin in the calldata.
    function requireQuorum(bytes32 digest, uint256 epochNumber, uint256 at, uint256 count) internal view {
        uint256 epoch = slotOf(current);
        if (numberOf(epoch) != epochNumber) epoch = requireOverlap(epochNumber);
        uint256 list = load(epoch);
        uint256 threshold = thresholdOf(list);
        if (count != threshold) revert WrongSignatureCount(count, threshold);
        if (revokedOf(epoch) != 0) strike(list, epoch);
        unchecked {
            (uint256 fault, uint256 signer) = firstFault(digest, at, at + 64 * count, list + SET_HEAD);
            if (fault != 0) refuse(fault, signer, epoch);
        }
    }

    /// Of the signatures in the calldata from `at` to `end`. The set stands in the same order as they, so that one walk
    /// along it finds each signer once. Assembly, as this is what a quorum costs: besides ecrecover some 220 gas a
    /// signature.
    function firstFault(bytes32 digest, uint256 at, uint256 end, uint256 place)
        private
        view
        returns (uint256 fault, uint256 signer)
    {
        assembly ("memory-safe") {
            // Digest, v, r and s stand in the first four words of memory, whose third and fourth are restored below: at
            // fixed places they need no stack.
            let free := mload(0x40)
            mstore(0x00, digest)
            for {} lt(at, end) { at := add(at, 64) } {
                calldatacopy(0x40, at, 64)
                let s := mload(0x60)
                mstore(0x20, add(27, shr(255, s)))
                s := and(s, PARITY_APART)
                if gt(s, HALF_ORDER) {
                    fault := MALLEABLE
                    break
                }
                mstore(0x60, s)
                pop(staticcall(gas(), 1, 0x00, 0x80, 0x20, 0x20))
                // Whom it does not recover it answers with nothing; nobody comes before everybody.
                signer := mul(mload(0x20), gt(returndatasize(), 0))
                let listed := shr(96, mload(place))
                if xor(listed, signer) {
                    for {} lt(listed, signer) {} {
                        place := add(place, 20)
                        listed := shr(96, mload(place))
                    }
                    if xor(listed, signer) {
                        fault := NOT_FOUND
                        break
                    }
                }
                place := add(place, 20)
            }
            mstore(0x40, free)
            mstore(0x60, 0)
        }
    }

    function refuse(uint256 fault, uint256 signer, uint256 epoch) private view {
        if (fault == MALLEABLE) revert MalleableSignature();
        if (signer == 0) revert BadSignature();
        (bool listed, uint256 place) = find(load(epoch), signer);
        if (!listed) revert NotASigner(address(uint160(signer)));
        if ((revokedOf(epoch) >> place) & 1 != 0) revert SignerRevoked(address(uint160(signer)));
        revert UnsortedSignatures();
    }

    /// Takes the revoked ones out of a set in memory.
    function strike(uint256 list, uint256 epoch) private pure {
        uint256 kept = 0;
        for (uint256 place = 0; place <= signersOf(epoch); place++) {
            if ((revokedOf(epoch) >> place) & 1 != 0) continue;
            uint256 signer = signerAt(list, place);
            assembly ("memory-safe") {
                // Over the beginning of the next one, which is read already.
                if lt(kept, place) { mstore(add(list, add(SET_HEAD, mul(20, kept))), shl(96, signer)) }
            }
            kept++;
        }
    }

    function find(uint256 list, uint256 signer) private pure returns (bool listed, uint256 place) {
        while (signerAt(list, place) < signer) place++;
        return (signerAt(list, place) == signer && signer != uint160(END), place);
    }

    function requireOverlap(uint256 epochNumber) private view returns (uint256 epoch) {
        epoch = slotOf(previous);
        if (numberOf(epoch) != epochNumber || block.timestamp > epoch >> 224) revert EpochNotInForce(epochNumber);
    }

    /// All of it, in one read of storage.
    function slotOf(Epoch storage epoch) private view returns (uint256 slot) {
        assembly ("memory-safe") {
            slot := sload(epoch.slot)
        }
    }

    function numberOf(uint256 epoch) private pure returns (uint256) {
        return uint24(epoch >> 160);
    }

    function signersOf(uint256 epoch) private pure returns (uint256) {
        return uint8(epoch >> 184);
    }

    function revokedOf(uint256 epoch) private pure returns (uint256) {
        return uint32(epoch >> 192);
    }

    function wordAt(uint256 offset) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(offset)
        }
    }

    /// The code of an epoch's set in memory, until something else is put there.
    function load(uint256 epoch) private view returns (uint256 list) {
        unchecked {
            address set = address(uint160(epoch));
            uint256 length = SET_HEAD + 20 + 20 * signersOf(epoch);
            assembly ("memory-safe") {
                list := mload(0x40)
                extcodecopy(set, list, 0, length)
            }
        }
    }

    function thresholdOf(uint256 list) private pure returns (uint256 threshold) {
        assembly ("memory-safe") {
            threshold := byte(1, mload(list))
        }
    }

    function signerAt(uint256 list, uint256 place) private pure returns (uint256 signer) {
        assembly ("memory-safe") {
            signer := shr(96, mload(add(list, add(SET_HEAD, mul(20, place)))))
        }
    }
}
