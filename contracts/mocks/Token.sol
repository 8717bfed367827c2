// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// A token that anyone may mint and whoever holds it has approved to everyone: as much of ERC-20 as tests need.
contract Token {
    mapping(address holder => uint256) public balanceOf;
    /// Closed, it moves nothing, and says so instead of reverting.
    bool public closed;

    function close(bool closed_) external {
        closed = closed_;
    }

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        return transferFrom(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public returns (bool) {
        if (closed) return false;
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        return true;
    }
}
