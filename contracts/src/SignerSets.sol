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

    /// One slot. `revoked` has a bit for each place of the set; after `until`, in epoch seconds, the set is not believed.
    struct Epoch {
        address set;
        uint32 number;
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
    /// A set's code: STOP, the threshold, then addresses of 20 bytes in ascending order.
    uint256 private constant SET_HEAD = 2;
    /// With room for the zero that ends a full one.
    uint256 private constant SET_BYTES = 642;

    /// Who may rotate and revoke: a protocol's timelock, a multisig; never one of the signers.
    address public immutable governor;
    bytes32 public immutable domainSeparator;

    Epoch public current;
    Epoch public previous;

    constructor(string memory network, address governor_, uint32 epoch, address[] memory signers, uint256 threshold) {
        domainSeparator =
            keccak256(abi.encode(DOMAIN_TYPE, keccak256("Assay"), keccak256("1"), keccak256(bytes(network))));
        governor = governor_;
        install(epoch, signers, threshold, 0);
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
        (bool listed, uint256 place) = find(load(revoking.set), uint160(signer));
        if (!listed || signer == address(0)) revert UnknownSigner(signer);
        revoking.revoked |= uint32(1 << place);
        emit Revoked(epoch, signer);
    }

    function install(uint32 epoch, address[] memory signers, uint256 threshold, uint256 previousUntil) private {
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
        // PUSH2 length, DUP1, PUSH1 10, RETURNDATASIZE, CODECOPY, RETURNDATASIZE, RETURN: what follows is the code.
        bytes memory creation = abi.encodePacked(hex"61", uint16(code.length), hex"80600a3d393df3", code);
        address set;
        assembly ("memory-safe") {
            set := create(0, add(creation, 32), mload(creation))
        }
        assert(set != address(0));
        current = Epoch(set, epoch, 0, 0);
        emit SignersRotated(epoch, threshold, signers, previousUntil);
    }

    function requireGovernor() private view {
        if (msg.sender != governor) revert NotGovernor(msg.sender);
    }

    /// That the header is neither past nor ahead of its time, nor older than asked for.
    function requireTimely(uint256 cut, uint256 validUntil, uint256 maxAgeMs, uint256 minCut) internal view {
        unchecked {
            uint256 nowMs = block.timestamp * 1000;
            if (nowMs > validUntil) revert Expired(validUntil, nowMs);
            if (cut * TICK_MS > nowMs + FUTURE_BOUND_MS) revert FutureCut(cut, nowMs);
            if (cut < minCut) revert TooEarly(cut, minCut);
            requireYoung(cut * TICK_MS, maxAgeMs, nowMs);
        }
    }

    function requireYoung(uint256 atMs, uint256 maxAgeMs, uint256 nowMs) internal pure {
        unchecked {
            if (nowMs > atMs && nowMs - atMs > maxAgeMs) revert TooOld(atMs, maxAgeMs, nowMs);
        }
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
        (address set, uint256 number, uint256 revoked,) = unpack(current);
        if (number != epochNumber) (set, revoked) = requireOverlap(epochNumber);
        uint256 list = load(set);
        uint256 threshold = thresholdOf(list);
        if (count != threshold) revert WrongSignatureCount(count, threshold);
        if (revoked != 0) strike(list, revoked);
        (Fault fault, uint256 signer) = firstFault(digest, at, at + 64 * count, list + SET_HEAD);
        if (fault == Fault.None) return;
        if (fault == Fault.Malleable) revert MalleableSignature();
        if (signer == 0) revert BadSignature();
        (bool listed, uint256 place) = find(load(set), signer);
        if (!listed) revert NotASigner(address(uint160(signer)));
        if ((revoked >> place) & 1 != 0) revert SignerRevoked(address(uint160(signer)));
        revert UnsortedSignatures();
    }

    enum Fault {
        None,
        Malleable,
        NotFound
    }

    /// Of the signatures in the calldata from `at` to `end`. The set stands in the same order as they, so that one walk
    /// along it finds each signer once. Assembly, as this is what a quorum costs: besides ecrecover some 300 gas a
    /// signature.
    function firstFault(bytes32 digest, uint256 at, uint256 end, uint256 place)
        private
        view
        returns (Fault fault, uint256 signer)
    {
        assembly ("memory-safe") {
            // Digest, v, r and s stand in the first four words of memory, whose third and fourth are restored below: at
            // fixed places they need no stack.
            let free := mload(0x40)
            mstore(0x00, digest)
            for {} lt(at, end) { at := add(at, 64) } {
                let s := calldataload(add(at, 32))
                mstore(0x20, add(27, shr(255, s)))
                s := shr(1, shl(1, s))
                if gt(s, HALF_ORDER) {
                    fault := 1
                    break
                }
                mstore(0x40, calldataload(at))
                mstore(0x60, s)
                pop(staticcall(gas(), 1, 0x00, 0x80, 0x20, 0x20))
                // Whom it does not recover it answers with nothing.
                signer := mul(mload(0x20), gt(returndatasize(), 0))
                // The end of the set is zero, which less one is the largest number.
                for {} lt(sub(shr(96, mload(place)), 1), sub(signer, 1)) {} { place := add(place, 20) }
                if or(iszero(signer), xor(shr(96, mload(place)), signer)) {
                    fault := 2
                    break
                }
                place := add(place, 20)
            }
            mstore(0x40, free)
            mstore(0x60, 0)
        }
    }

    /// Takes the revoked ones out of a set in memory.
    function strike(uint256 list, uint256 revoked) private pure {
        uint256 kept = 0;
        for (uint256 place = 0; place <= MAX_SIGNERS; place++) {
            if ((revoked >> place) & 1 != 0) continue;
            uint256 signer = place < MAX_SIGNERS ? signerAt(list, place) : 0;
            assembly ("memory-safe") {
                // Over the beginning of the next one, which is read already or else where it was.
                let at := add(list, add(SET_HEAD, mul(20, kept)))
                if or(iszero(signer), lt(kept, place)) { mstore(at, shl(96, signer)) }
            }
            kept++;
        }
    }

    function find(uint256 list, uint256 signer) private pure returns (bool listed, uint256 place) {
        while (place < MAX_SIGNERS && signerAt(list, place) != signer) place++;
        return (place < MAX_SIGNERS, place);
    }

    function requireOverlap(uint256 epochNumber) private view returns (address set, uint256 revoked) {
        uint256 number;
        uint256 until;
        (set, number, revoked, until) = unpack(previous);
        if (set == address(0) || number != epochNumber || block.timestamp > until) revert EpochNotInForce(epochNumber);
    }

    /// In one read of storage.
    function unpack(Epoch storage epoch)
        private
        view
        returns (address set, uint256 number, uint256 revoked, uint256 until)
    {
        uint256 slot;
        assembly ("memory-safe") {
            slot := sload(epoch.slot)
        }
        return (address(uint160(slot)), uint32(slot >> 160), uint32(slot >> 192), slot >> 224);
    }

    function wordAt(uint256 offset) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(offset)
        }
    }

    /// A set's whole code in memory; beyond its end zero.
    function load(address set) private view returns (uint256 list) {
        assembly ("memory-safe") {
            list := mload(0x40)
            mstore(0x40, add(list, 672)) // room for the word that begins at the last byte
            extcodecopy(set, list, 0, SET_BYTES)
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
