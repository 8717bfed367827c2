// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// Beside the codes of the price leaf: a degraded feed against which one may liquidate.
enum Status {
    Halted,
    Warming,
    Grace,
    Degraded,
    Ok,
    DegradedButLiquidate
}

/// One feed of a packed group. Prices are whole numbers of 10^-decimals; `ageMs` is how long before the cut its sources
/// spoke. Where `hasPrice` is false, nothing but the status is known; likewise `hasUsePrices`.
struct PackedFeed {
    Status status;
    bool hasPrice;
    bool hasUsePrices;
    uint64 ageMs;
    uint256 price;
    uint256 low;
    uint256 high;
    uint256 collateral;
    uint256 liability;
}

/// Reads the 72 bits of a feed (docs/packed.md).
library PackedLane {
    error UnknownStatus(uint256 code);
    error AbsurdExponent(uint256 exponent);
    error ZeroPrice(Status status);
    error IncoherentLane(uint256 lane);

    uint256 internal constant BITS = 72;
    uint256 private constant MASK = (1 << BITS) - 1;
    uint256 private constant STATUS_SHIFT = 69;
    uint256 private constant PRICE_SHIFT = 32;
    uint256 private constant MANTISSA = (1 << 25) - 1;
    /// Of the three lanes of a word.
    uint256 private constant LANES = 1 | (1 << BITS) | (1 << (2 * BITS));
    uint256 private constant MANTISSAS = LANES * (MANTISSA << PRICE_SHIFT);
    uint256 private constant CARRIES = LANES << (PRICE_SHIFT + 25);
    uint256 private constant NORMAL = 1 << 24;
    /// A mantissa of 25 bits beyond this would leave int64.
    uint256 private constant LARGEST_EXPONENT = 38;
    uint256 private constant OLDEST = 63;
    uint256 private constant NOT_KNOWN = 255;
    uint256 private constant OFFSET_ONE = 1 << 18;

    /// The lane at `place`, 0 to 2, of a word; the first one stands highest, below the cut.
    function at(uint256 word, uint256 place) internal pure returns (uint256) {
        return (word >> (BITS * (2 - place))) & MASK;
    }

    function cutOf(uint256 word) internal pure returns (uint256) {
        return word >> (3 * BITS);
    }

    function hasPrice(uint256 lane) internal pure returns (bool) {
        return (lane >> PRICE_SHIFT) & MANTISSA != 0;
    }

    /// Whether a lane of the word before has a price and the same lane of the word after has none. Adding its largest
    /// value to a mantissa carries unless it is zero, so that all three lanes are asked at once.
    function losesPrice(uint256 before, uint256 later) internal pure returns (bool) {
        unchecked {
            return ((before & MANTISSAS) + MANTISSAS) & ~((later & MANTISSAS) + MANTISSAS) & CARRIES != 0;
        }
    }

    /// Refuses bits that no signer of Assay writes.
    function decode(uint256 lane) internal pure returns (PackedFeed memory feed) {
        unchecked {
            uint256 code = lane >> STATUS_SHIFT;
            if (code > uint256(Status.DegradedButLiquidate)) revert UnknownStatus(code);
            feed.status = Status(code);
            uint256 mantissa = (lane >> PRICE_SHIFT) & MANTISSA;
            if (mantissa == 0) {
                if (feed.status > Status.Warming) revert ZeroPrice(feed.status);
                if (lane != code << STATUS_SHIFT) revert IncoherentLane(lane);
                return feed;
            }
            uint256 exponent = (lane >> 57) & 63;
            if (exponent > LARGEST_EXPONENT) revert AbsurdExponent(exponent);
            requireCoherent(lane, feed.status, exponent, mantissa);

            uint256 price = mantissa << exponent;
            uint256 age = (lane >> 63) & 63;
            feed.hasPrice = true;
            feed.ageMs = age == OLDEST ? type(uint64).max : uint64(scaled(age, 2) * 10);
            feed.price = price;
            feed.low = below(price, (lane >> 24) & 255);
            feed.high = price + offset(price, (lane >> 16) & 255);
            feed.hasUsePrices = lane & 255 != NOT_KNOWN;
            if (feed.hasUsePrices) {
                feed.collateral = below(price, (lane >> 8) & 255);
                feed.liability = price + offset(price, lane & 255);
            }
        }
    }

    function requireCoherent(uint256 lane, Status status, uint256 exponent, uint256 mantissa) private pure {
        uint256 low = (lane >> 24) & 255;
        uint256 high = (lane >> 16) & 255;
        uint256 collateral = (lane >> 8) & 255;
        uint256 liability = lane & 255;
        bool normal = exponent == 0 || mantissa >= NORMAL;
        bool band = low != NOT_KNOWN && high != NOT_KNOWN;
        bool use = (collateral == NOT_KNOWN) == (liability == NOT_KNOWN) && collateral >= low && liability >= high;
        if (status == Status.Halted || !normal || !band || !use) revert IncoherentLane(lane);
    }

    function below(uint256 price, uint256 code) private pure returns (uint256) {
        uint256 distance = offset(price, code);
        unchecked {
            return distance < price ? price - distance : 0;
        }
    }

    /// Rounded up, as all that an offset yields is rounded away from the price.
    function offset(uint256 price, uint256 code) private pure returns (uint256) {
        unchecked {
            return (price * scaled(code, 4) + OFFSET_ONE - 1) / OFFSET_ONE;
        }
    }

    /// A small float without a sign: `precision` bits after the leading one; smaller codes stand for themselves.
    function scaled(uint256 code, uint256 precision) private pure returns (uint256) {
        unchecked {
            uint256 one = 1 << precision;
            return code < one ? code : (one + (code & (one - 1))) << ((code >> precision) - 1);
        }
    }
}
