// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

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

/// Reads the price leaf of a report (docs/report.md).
library PriceLeaf {
    error MalformedLeaf(string what);
    /// The report is genuine and says that there is no price: halted, or warming.
    error NoPrice(uint8 status, uint32 reasons);

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

    /// Refuses what no signer of Assay writes, and what has no price.
    function decode(bytes calldata leaf, uint64 headerCut) internal pure returns (PriceReport memory report) {
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
