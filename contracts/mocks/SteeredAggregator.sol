// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// A price feed whose next answer a test decides, with the two functions of Chainlink's AggregatorV3Interface that
/// the reader calls.
contract SteeredAggregator {
    uint8 public immutable decimals;

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

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        require(roundId != 0, "No data present");
        return (roundId, answer, startedAt, updatedAt, answeredInRound);
    }
}
