// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AssayVerifier} from "../src/AssayVerifier.sol";
import {PackedFeed, Status} from "../src/PackedLane.sol";

interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// An example, not a product: accounts of several collaterals and debts at once, valued by packed groups that callers bring
/// along. All legs of a valuation are of one cut, and no account goes back to an earlier cut than its last, as whoever
/// may choose between cuts has an option. What is paid in asks for no price, in no status.
contract CrossMarginAccount {
    error NotPermitted(uint256 asset, Status status);
    /// Its sources spoke longer than `maxAgeMs` ago.
    error Stale(uint256 asset);
    error DebtWithoutPrice(uint256 asset);
    error NeverPriced(uint256 asset);
    /// Values are in 10^-18 of the currency that the group is quoted in.
    error Undercollateralised(int256 value);
    error StillSolvent(int256 value);
    error BeyondBalance(uint256 asset, int256 balance);
    error TransferFailed(uint256 asset);
    /// More than a balance can hold.
    error AbsurdAmount(uint256 amount);

    struct Asset {
        IERC20 token;
        uint8 tokenDecimals;
        uint8 priceDecimals;
        /// Of the group.
        uint8 place;
        /// What of its worth counts for new risk, and until liquidation; 10,000 is all.
        uint16 collateralBps;
        uint16 maintenanceBps;
        /// By how much its last known edges spread, per square root of a second.
        uint32 spreadPpm;
    }

    /// The last edges that a feed was seen with, in 10^-priceDecimals, and when its sources spoke, in epoch milliseconds.
    struct Edges {
        uint64 observedAtMs;
        uint96 low;
        uint96 high;
    }

    uint256 private constant BONUS_BPS = 500;
    uint256 private constant ALL_BPS = 10_000;
    uint256 private constant VALUE = 1e18;

    AssayVerifier public immutable verifier;
    bytes32 public immutable group;
    uint256 public immutable maxAgeMs;

    Asset[] public assets;
    mapping(uint256 asset => Edges) public lastEdges;
    /// In the token's smallest units; below zero it is a debt. So an asset is netted with itself before anything is valued.
    mapping(address account => mapping(uint256 asset => int256)) public balances;
    mapping(address account => uint64) public lastCut;

    /// Every asset needs a price in the first message: one that never had any could not be valued, and would make its
    /// holder immune.
    constructor(AssayVerifier verifier_, bytes32 group_, uint256 maxAgeMs_, Asset[] memory listed, bytes memory message) {
        verifier = verifier_;
        group = group_;
        maxAgeMs = maxAgeMs_;
        for (uint256 i = 0; i < listed.length; i++) assets.push(listed[i]);
        PackedFeed[] memory feeds = observe(message, address(0));
        for (uint256 i = 0; i < feeds.length; i++) {
            if (!feeds[i].hasPrice) revert NeverPriced(i);
        }
    }

    /// Deposits, tops up or repays, whatever the status.
    function pay(address account, uint256 asset, uint256 amount) external {
        balances[account][asset] += signed(amount);
        collect(asset, amount);
    }

    /// Withdraws, and beyond what is there borrows.
    function take(uint256 asset, uint256 amount, bytes calldata message) external {
        PackedFeed[] memory feeds = observe(message, msg.sender);
        if (feeds[asset].status != Status.Ok) revert NotPermitted(asset, feeds[asset].status);
        if (!isFresh(feeds[asset])) revert Stale(asset);
        balances[msg.sender][asset] -= signed(amount);
        int256 value = valueForNewRisk(msg.sender, feeds);
        if (value < 0) revert Undercollateralised(value);
        hand(asset, amount);
    }

    /// Repays a debt of an account that is in breach even at the edges in its favour, for as much of a collateral and a
    /// bonus.
    function liquidate(address account, uint256 debt, uint256 amount, uint256 collateral, bytes calldata message)
        external
    {
        PackedFeed[] memory feeds = observe(message, account);
        requireLiquidation(debt, feeds[debt]);
        requireLiquidation(collateral, feeds[collateral]);
        int256 value = valueInItsFavour(account, feeds);
        if (value >= 0) revert StillSolvent(value);

        uint256 repaid = worth(debt, amount, feeds[debt].low);
        uint256 one = worth(collateral, 10 ** assets[collateral].tokenDecimals, feeds[collateral].high);
        uint256 seized =
            repaid * (ALL_BPS + BONUS_BPS) / ALL_BPS * 10 ** assets[collateral].tokenDecimals / one;
        if (balances[account][debt] + signed(amount) > 0) revert BeyondBalance(debt, balances[account][debt]);
        if (balances[account][collateral] < signed(seized)) {
            revert BeyondBalance(collateral, balances[account][collateral]);
        }
        balances[account][debt] += signed(amount);
        balances[account][collateral] -= signed(seized);
        collect(debt, amount);
        hand(collateral, seized);
    }

    /// One joint cut of all assets, no earlier than the account's last; ages are as of now. What has a price is remembered.
    function observe(bytes memory message, address account) private returns (PackedFeed[] memory feeds) {
        (uint64 cut, uint256[] memory words) = verifier.verifyGroup(group, message, maxAgeMs, lastCut[account]);
        lastCut[account] = cut;
        uint256 sinceCutMs = elapsedMs(uint256(cut) * 10);
        feeds = new PackedFeed[](assets.length);
        for (uint256 i = 0; i < feeds.length; i++) {
            PackedFeed memory feed = verifier.feedAt(words, assets[i].place);
            feeds[i] = feed;
            uint64 observedAtMs = feed.ageMs < uint256(cut) * 10 ? cut * 10 - feed.ageMs : 0;
            if (feed.hasPrice && observedAtMs >= lastEdges[i].observedAtMs) {
                lastEdges[i] = Edges(observedAtMs, uint96(feed.low), uint96(feed.high));
            }
            feed.ageMs += uint64(sinceCutMs);
        }
    }

    /// Assets at what they count as collateral, debts at what they count as liability. What is halted, warming or in grace
    /// counts nothing; a debt in it lets nobody take more.
    function valueForNewRisk(address account, PackedFeed[] memory feeds) private view returns (int256 value) {
        for (uint256 i = 0; i < feeds.length; i++) {
            int256 balance = balances[account][i];
            bool priced = feeds[i].status >= Status.Degraded && feeds[i].hasUsePrices && isFresh(feeds[i]);
            if (balance > 0 && priced) {
                value += int256(worth(i, uint256(balance), feeds[i].collateral) * assets[i].collateralBps / ALL_BPS);
            }
            if (balance < 0) {
                if (!priced) revert DebtWithoutPrice(i);
                value -= int256(worth(i, uint256(-balance), feeds[i].liability));
            }
        }
    }

    /// Assets at high, debts at low. What has no fresh price counts at its last edges, spread since then: so that a dollar
    /// of something halted grants no immunity, and a fortune of it is not taken for nothing.
    function valueInItsFavour(address account, PackedFeed[] memory feeds) private view returns (int256 value) {
        for (uint256 i = 0; i < feeds.length; i++) {
            int256 balance = balances[account][i];
            bool fresh = feeds[i].hasPrice && isFresh(feeds[i]);
            uint256 spread = fresh ? 0 : assets[i].spreadPpm * sqrt(elapsedMs(lastEdges[i].observedAtMs) / 1000);
            if (balance > 0) {
                uint256 high = (fresh ? feeds[i].high : lastEdges[i].high) * (1e6 + spread) / 1e6;
                value += int256(worth(i, uint256(balance), high) * assets[i].maintenanceBps / ALL_BPS);
            }
            if (balance < 0) {
                uint256 low = (fresh ? feeds[i].low : lastEdges[i].low) * (spread < 1e6 ? 1e6 - spread : 0) / 1e6;
                value -= int256(worth(i, uint256(-balance), low));
            }
        }
    }

    function requireLiquidation(uint256 asset, PackedFeed memory feed) private view {
        if (feed.status != Status.Ok && feed.status != Status.DegradedButLiquidate) {
            revert NotPermitted(asset, feed.status);
        }
        if (!isFresh(feed)) revert Stale(asset);
    }

    /// Of a feed with a price: whether the price that the message brought is young enough to act on.
    function isFresh(PackedFeed memory feed) private view returns (bool) {
        return feed.ageMs <= maxAgeMs;
    }

    function elapsedMs(uint256 since) private view returns (uint256) {
        uint256 nowMs = block.timestamp * 1000;
        return nowMs > since ? nowMs - since : 0;
    }

    /// A cast alone would make a debt of what is beyond it.
    function signed(uint256 amount) private pure returns (int256) {
        if (amount > uint256(type(int256).max)) revert AbsurdAmount(amount);
        return int256(amount);
    }

    /// In 10^-18 of the currency that all feeds of the group are quoted in.
    function worth(uint256 asset, uint256 amount, uint256 price) private view returns (uint256) {
        return amount * price * VALUE / 10 ** (assets[asset].tokenDecimals + assets[asset].priceDecimals);
    }

    function sqrt(uint256 x) private pure returns (uint256 root) {
        root = x;
        for (uint256 next = (x + 1) / 2; next < root; next = (x / next + next) / 2) root = next;
    }

    function collect(uint256 asset, uint256 amount) private {
        if (!assets[asset].token.transferFrom(msg.sender, address(this), amount)) revert TransferFailed(asset);
    }

    function hand(uint256 asset, uint256 amount) private {
        if (!assets[asset].token.transfer(msg.sender, amount)) revert TransferFailed(asset);
    }
}
