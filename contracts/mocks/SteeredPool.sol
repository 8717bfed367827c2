// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// A Uniswap v3 pool of two tokens that stands at one tick since its history begins; older than that it does not know.
contract SteeredPool {
    address public immutable token0;
    address public immutable token1;

    int56 private immutable tick;
    uint32 private immutable history;

    constructor(address token0_, address token1_, int56 tick_, uint32 history_) {
        token0 = token0_;
        token1 = token1_;
        tick = tick_;
        history = history_;
    }

    function observe(
        uint32[] calldata secondsAgos
    ) external view returns (int56[] memory tickCumulatives, uint160[] memory secondsPerLiquidity) {
        tickCumulatives = new int56[](secondsAgos.length);
        secondsPerLiquidity = new uint160[](secondsAgos.length);
        for (uint256 i = 0; i < secondsAgos.length; i++) {
            require(secondsAgos[i] <= history, "OLD");
            tickCumulatives[i] = tick * int56(uint56(block.timestamp - secondsAgos[i]));
        }
    }
}
