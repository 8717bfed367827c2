// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// The header of a snapshot: what is signed, once for all feeds. `cut` is in ticks of 10 ms, `validUntil` in epoch
/// milliseconds.
struct Header {
    uint64 cut;
    bytes32 root;
    bytes32 riskRoot;
    bytes32 packedRoot;
    bytes32 configHash;
    uint32 signerEpoch;
    uint64 validUntil;
}

/// One feed's report that has a price. Prices are whole numbers of 10^-decimals; `feed` is its id in ASCII, padded with
/// zeros. Where `hasUsePrices` is false, `collateral` and `liability` are not known and must not be read.
struct PriceReport {
    bytes32 feed;
    uint16 assetVersion;
    uint8 decimals;
    uint40 cut;
    uint48 sequence;
    uint8 status;
    uint8 permits;
    uint32 reasons;
    uint48 observedAt;
    int64 price;
    int64 low;
    int64 high;
    bool hasUsePrices;
    int64 collateral;
    int64 liability;
}

/// Verifies reports of one Assay network under the key of one signer. It stores nothing and trusts nobody else: whoever
/// brings a header, its signature, a leaf and its proof gets the report or a named refusal.
contract AssayReportVerifier {
    /// The header is no longer valid: the feed is to be treated as halted.
    error Expired(uint64 validUntil, uint256 nowMs);
    error BadSignatureLength(uint256 length);
    /// s in the upper half: the twin of a signature, which Assay never writes.
    error MalleableSignature();
    error BadSignature(address recovered);
    error NotInRoot(bytes32 computed);
    error MalformedLeaf(string what);
    /// The report is genuine and says that there is no price: halted, or warming.
    error NoPrice(uint8 status, uint32 reasons);
    error NoSigner();

    bytes32 private constant DOMAIN_TYPE = keccak256("EIP712Domain(string name,string version,bytes32 salt)");
    bytes32 private constant SNAPSHOT_TYPE = keccak256(
        "Snapshot(uint64 cut,bytes32 root,bytes32 riskRoot,bytes32 packedRoot,bytes32 configHash,uint32 signerEpoch,uint64 validUntil)"
    );
    /// Half the order of secp256k1, rounded down.
    uint256 private constant HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    uint8 private constant PRICE_LEAF = 1;
    uint256 private constant WITHOUT_PRICE = 53;
    uint256 private constant WITH_PRICE = 83;
    uint256 private constant WITH_USE_PRICES = 99;

    uint8 private constant HALTED = 0;
    uint8 private constant WARMING = 1;
    uint8 private constant DEGRADED = 3;
    uint8 private constant OK = 4;
    /// Bits of permits: repay and topUp; these and liquidate; all five.
    uint8 private constant RESCUE = 0x18;
    uint8 private constant RESCUE_AND_LIQUIDATE = 0x1c;
    uint8 private constant ALL = 0x1f;

    address public immutable signer;
    bytes32 public immutable domainSeparator;

    /// `network` is the network's name, as `assay-local`.
    constructor(address signer_, string memory network) {
        if (signer_ == address(0)) revert NoSigner();
        signer = signer_;
        domainSeparator =
            keccak256(abi.encode(DOMAIN_TYPE, keccak256("Assay"), keccak256("1"), keccak256(bytes(network))));
    }

    /// The report in `leaf`, if the signer signed the header, the header's root holds the leaf, and neither is too old
    /// or malformed. `signature` is r, s, v; `proof` the siblings from the leaf up.
    function verify(Header calldata header, bytes calldata signature, bytes calldata leaf, bytes32[] calldata proof)
        external
        view
        returns (PriceReport memory)
    {
        uint256 nowMs = block.timestamp * 1000;
        if (nowMs > header.validUntil) revert Expired(header.validUntil, nowMs);
        requireSigned(header, signature);
        requireInRoot(header.root, leaf, proof);
        return decode(leaf, header.cut);
    }

    function requireSigned(Header calldata header, bytes calldata signature) private view {
        if (signature.length != 65) revert BadSignatureLength(signature.length);
        bytes32 s = bytes32(signature[32:64]);
        if (uint256(s) > HALF_ORDER) revert MalleableSignature();
        bytes32 digest = keccak256(
            abi.encodePacked(hex"1901", domainSeparator, keccak256(abi.encode(SNAPSHOT_TYPE, header)))
        );
        address recovered = ecrecover(digest, uint8(signature[64]), bytes32(signature[0:32]), s);
        if (recovered != signer) revert BadSignature(recovered);
    }

    function requireInRoot(bytes32 root, bytes calldata leaf, bytes32[] calldata proof) private pure {
        // 64 bytes could be an inner node that poses as a leaf.
        if (leaf.length == 64) revert MalformedLeaf("length");
        bytes32 computed = keccak256(leaf);
        for (uint256 i = 0; i < proof.length; i++) {
            bytes32 sibling = proof[i];
            computed = computed < sibling
                ? keccak256(abi.encodePacked(computed, sibling))
                : keccak256(abi.encodePacked(sibling, computed));
        }
        if (computed != root) revert NotInRoot(computed);
    }

    function decode(bytes calldata leaf, uint64 headerCut) private pure returns (PriceReport memory report) {
        if (leaf.length == 0 || uint8(leaf[0]) != PRICE_LEAF) revert MalformedLeaf("kind");
        bool hasPrice = leaf.length == WITH_PRICE || leaf.length == WITH_USE_PRICES;
        if (!hasPrice && leaf.length != WITHOUT_PRICE) revert MalformedLeaf("length");

        report.feed = bytes32(leaf[1:33]);
        report.assetVersion = uint16(bytes2(leaf[33:35]));
        report.decimals = uint8(leaf[35]);
        report.cut = uint40(bytes5(leaf[36:41]));
        report.sequence = uint48(bytes6(leaf[41:47]));
        report.status = uint8(leaf[47]);
        report.permits = uint8(leaf[48]);
        report.reasons = uint32(bytes4(leaf[49:53]));
        if (report.cut > headerCut) revert MalformedLeaf("cut");
        requireCoherent(report.status, report.permits, hasPrice);
        if (!hasPrice) revert NoPrice(report.status, report.reasons);

        report.observedAt = uint48(bytes6(leaf[53:59]));
        report.price = int64At(leaf, 59);
        report.low = int64At(leaf, 67);
        report.high = int64At(leaf, 75);
        if (report.price <= 0) revert MalformedLeaf("price");
        if (report.low < 0 || report.low > report.price || report.high < report.price) revert MalformedLeaf("band");

        report.hasUsePrices = leaf.length == WITH_USE_PRICES;
        if (report.hasUsePrices) {
            report.collateral = int64At(leaf, 83);
            report.liability = int64At(leaf, 91);
            bool conservative =
                report.collateral >= 0 && report.collateral <= report.low && report.liability >= report.high;
            if (!conservative) revert MalformedLeaf("use prices");
        }
    }

    function requireCoherent(uint8 status, uint8 permits, bool hasPrice) private pure {
        if (status > OK) revert MalformedLeaf("status");
        if (hasPrice ? status == HALTED : status > WARMING) revert MalformedLeaf("status");
        bool permitted = status == OK ? permits == ALL : permits == RESCUE;
        if (status == DEGRADED && permits == RESCUE_AND_LIQUIDATE) permitted = true;
        if (!permitted) revert MalformedLeaf("permits");
    }

    function int64At(bytes calldata leaf, uint256 offset) private pure returns (int64) {
        return int64(uint64(bytes8(leaf[offset:offset + 8])));
    }
}
