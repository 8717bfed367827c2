// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// A staked token and a vault of itself at once, whose rate a test decides: the views that the rate readers ask.
contract SteeredRate {
    uint8 public constant decimals = 18;

    uint256 private rate;

    function setRate(uint256 rate_) external {
        rate = rate_;
    }

    function stEthPerToken() external view returns (uint256) {
        return rate;
    }

    function asset() external view returns (address) {
        return address(this);
    }

    function convertToAssets(uint256 shares) external view returns (uint256) {
        return (shares * rate) / 1e18;
    }
}
