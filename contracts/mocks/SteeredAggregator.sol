// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// A price feed whose next answer a test decides, with the functions of Chainlink's proxy and of the aggregator behind
/// it that the reader calls: it is both.
contract SteeredAggregator {
    uint8 public immutable decimals;
    int192 public constant minAnswer = 1;
    int192 public constant maxAnswer = 1e18;

    uint80 private roundId;
    int256 private answer;
    uint256 private startedAt;
    uint256 private updatedAt;
    uint80 private answeredInRound;

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    function setRound(
        uint80 roundId_,
        int256 answer_,
        uint256 startedAt_,
        uint256 updatedAt_,
        uint80 answeredInRound_
    ) external {
        roundId = roundId_;
        answer = answer_;
        startedAt = startedAt_;
        updatedAt = updatedAt_;
        answeredInRound = answeredInRound_;
    }

    function aggregator() external view returns (address) {
        return address(this);
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        require(roundId != 0, "No data present");
        return (roundId, answer, startedAt, updatedAt, answeredInRound);
    }
}
