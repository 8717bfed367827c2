// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AssayStore, StoredPrice, Use} from "./AssayStore.sol";

/// As Chainlink's consumers know it.
interface AggregatorV3Interface {
    function decimals() external view returns (uint8);
    function description() external view returns (string memory);
    function version() external view returns (uint256);
    function getRoundData(uint80 roundId)
        external
        view
        returns (uint80, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}

/// One feed of a store for protocols that read Chainlink's. Such a reader acts on any answer it gets, to open and to
/// liquidate alike: so there is an answer only while everything is permitted and the price is young enough, and a revert
/// at all other times. Let no repayment depend on it. A round is a cut, and a store keeps one.
contract AssayAggregator is AggregatorV3Interface {
    error RoundNotKept(uint80 roundId, uint80 kept);

    uint256 public constant version = 1;

    AssayStore public immutable store;
    bytes32 public immutable feed;
    uint8 public immutable decimals;
    /// Since the sources spoke.
    uint256 public immutable maxAgeMs;

    constructor(AssayStore store_, bytes32 feed_, uint256 maxAgeMs_) {
        store = store_;
        feed = feed_;
        decimals = store_.decimalsOf(feed_);
        maxAgeMs = maxAgeMs_;
    }

    /// The feed's id, as `BTC/USD`.
    function description() external view returns (string memory) {
        bytes memory id = abi.encodePacked(feed);
        assembly ("memory-safe") {
            let length := 0
            for {} byte(length, mload(add(id, 32))) {} { length := add(length, 1) }
            mstore(id, length)
        }
        return string(id);
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return round();
    }

    function getRoundData(uint80 roundId) external view returns (uint80, int256, uint256, uint256, uint80) {
        uint80 kept = store.latestCut();
        if (roundId != kept) revert RoundNotKept(roundId, kept);
        return round();
    }

    /// Started and updated when the sources spoke, in seconds: what a reader's own check of staleness is to count from.
    function round() private view returns (uint80 cut, int256 answer, uint256 at, uint256, uint80) {
        StoredPrice memory price = store.readOrRevert(feed, maxAgeMs, Use.Open);
        cut = price.cut;
        at = price.observedAtMs / 1000;
        return (cut, int256(price.price), at, at, cut);
    }
}
