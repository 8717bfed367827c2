// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PackedFeed, PackedLane, Status} from "./PackedLane.sol";
import {PackedGroups} from "./PackedGroups.sol";
import {SignerSets} from "./SignerSets.sol";

/// What a price is read for: each asks for another permit. Repaying and topping up ask for no price at all, and must not
/// depend on one.
enum Use {
    Open,
    Withdraw,
    Liquidate,
    Display
}

/// A feed of a store. Prices are whole numbers of 10^-decimals. Where `hasUsePrices` is false, `collateral` and `liability`
/// are not known; never so when read to open or withdraw.
struct StoredPrice {
    uint64 cut;
    uint64 observedAtMs;
    Status status;
    uint8 decimals;
    bool hasUsePrices;
    uint256 price;
    uint256 low;
    uint256 high;
    uint256 collateral;
    uint256 liability;
}

/// Keeps one group of feeds, three to a slot. A push always carries the whole group, so that the store is one joint cut.
/// Which feeds those are, in which order and unit, is fixed for good: a changed group is another store.
contract AssayStore is PackedGroups {
    error NotNewer(uint256 cut, uint256 stored);
    error UnknownFeed(bytes32 feed);
    error NoPrice(bytes32 feed, Status status);
    error NotPermitted(bytes32 feed, Status status, Use use);
    error UsePricesUnknown(bytes32 feed);
    error BadGroup(uint256 feeds);
    error DuplicateFeed(bytes32 feed);

    /// A whole group was stored as of this cut.
    event Pushed(uint256 cut);

    struct Feed {
        bytes32 id;
        uint16 assetVersion;
        uint8 decimals;
    }

    /// Where a feed stands. `listed` tells the first one from one that is unknown.
    struct Place {
        bool listed;
        uint8 index;
        uint8 decimals;
    }

    /// As the publisher's: over each feed's id, asset version and decimals, in order.
    bytes32 public immutable group;
    uint256 private immutable wordCount;

    uint256[20] private words;
    mapping(bytes32 feed => Place) private places;
    /// By place: the cut and the lane of the last price before the feed lost it.
    mapping(uint256 place => uint256) private lasts;

    constructor(
        string memory network,
        address governor,
        uint24 epoch,
        address[] memory signers,
        uint256 threshold,
        Feed[] memory feeds
    ) SignerSets(network, governor, epoch, signers, threshold) {
        if (feeds.length == 0 || feeds.length > 3 * words.length) revert BadGroup(feeds.length);
        bytes memory layout;
        for (uint256 i = 0; i < feeds.length; i++) {
            Feed memory feed = feeds[i];
            if (places[feed.id].listed) revert DuplicateFeed(feed.id);
            places[feed.id] = Place(true, uint8(i), feed.decimals);
            layout = abi.encodePacked(layout, feed.id, feed.assetVersion, feed.decimals);
        }
        group = keccak256(layout);
        wordCount = (feeds.length + 2) / 3;
    }

    /// Stores a packed message (docs/packed.md). Anyone may push: what counts is who signed.
    function push(bytes calldata message) external {
        requireGroup(group, message, wordCount, 0, 0);
        uint256 at = wordsOf(message, wordCount);
        uint256 word = wordAt(at);
        uint256 stored = wordOf(0);
        uint256 cut = PackedLane.cutOf(word);
        if (cut <= PackedLane.cutOf(stored)) revert NotNewer(cut, PackedLane.cutOf(stored));
        unchecked {
            for (uint256 i = 0;;) {
                if (PackedLane.losesPrice(stored, word)) keepLosses(i, stored, word);
                assembly ("memory-safe") {
                    sstore(add(words.slot, i), word)
                }
                if (++i == wordCount) break;
                word = wordAt(at += 32);
                stored = wordOf(i);
            }
        }
        emit Pushed(cut);
    }

    /// The cut of everything that is stored; zero before the first push.
    function latestCut() external view returns (uint64) {
        return uint64(PackedLane.cutOf(wordOf(0)));
    }

    /// In what a feed's prices are counted, for good.
    function decimalsOf(bytes32 feed) external view returns (uint8) {
        return placeOf(feed).decimals;
    }

    /// A feed's price, if it may be used so and its sources spoke within `maxAgeMs`; reverts by name otherwise.
    function readOrRevert(bytes32 feed, uint256 maxAgeMs, Use use) external view returns (StoredPrice memory) {
        Place memory place = placeOf(feed);
        uint256 word = wordOf(place.index / 3);
        PackedFeed memory packed = PackedLane.decode(PackedLane.at(word, place.index % 3));
        if (!packed.hasPrice) revert NoPrice(feed, packed.status);
        if (!permits(packed.status, use)) revert NotPermitted(feed, packed.status, use);
        if (use < Use.Liquidate && !packed.hasUsePrices) revert UsePricesUnknown(feed);
        StoredPrice memory price = priced(packed, PackedLane.cutOf(word), place.decimals);
        requireYoung(price.observedAtMs, instantOf(maxAgeMs));
        return price;
    }

    /// What the store knows of a feed, to judge one's own portfolio by: its latest price, or the last one before it was
    /// lost, however old. `status` is the feed's status now. Reverts only for a feed that never had a price.
    function lastKnown(bytes32 feed) external view returns (StoredPrice memory price) {
        Place memory place = placeOf(feed);
        uint256 word = wordOf(place.index / 3);
        uint256 lane = PackedLane.at(word, place.index % 3);
        Status status = PackedLane.decode(lane).status;
        uint256 cut = PackedLane.cutOf(word);
        if (!PackedLane.hasPrice(lane)) {
            uint256 last = lasts[place.index];
            if (last == 0) revert NoPrice(feed, status);
            lane = PackedLane.at(last, 2);
            cut = last >> PackedLane.BITS;
        }
        price = priced(PackedLane.decode(lane), cut, place.decimals);
        price.status = status;
    }

    /// Of what has a price no longer, the last one.
    function keepLosses(uint256 index, uint256 stored, uint256 word) private {
        for (uint256 place = 0; place < 3; place++) {
            uint256 lane = PackedLane.at(stored, place);
            bool lost = PackedLane.hasPrice(lane) && !PackedLane.hasPrice(PackedLane.at(word, place));
            if (lost) lasts[3 * index + place] = (PackedLane.cutOf(stored) << PackedLane.BITS) | lane;
        }
    }

    /// Without a check of the index, which is always within the group.
    function wordOf(uint256 index) private view returns (uint256 word) {
        assembly ("memory-safe") {
            word := sload(add(words.slot, index))
        }
    }

    function placeOf(bytes32 feed) private view returns (Place memory place) {
        place = places[feed];
        if (!place.listed) revert UnknownFeed(feed);
    }

    function permits(Status status, Use use) private pure returns (bool) {
        if (status == Status.Ok || use == Use.Display) return true;
        return use == Use.Liquidate && status == Status.DegradedButLiquidate;
    }

    function priced(PackedFeed memory packed, uint256 cut, uint8 decimals)
        private
        pure
        returns (StoredPrice memory)
    {
        uint256 atMs = cut * TICK_MS;
        return StoredPrice({
            cut: uint64(cut),
            observedAtMs: packed.ageMs < atMs ? uint64(atMs - packed.ageMs) : 0,
            status: packed.status,
            decimals: decimals,
            hasUsePrices: packed.hasUsePrices,
            price: packed.price,
            low: packed.low,
            high: packed.high,
            collateral: packed.collateral,
            liability: packed.liability
        });
    }
}
