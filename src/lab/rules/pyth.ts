import type { EpochMs } from '../../oracle/units/time';
import { HeardRule } from './heard-rule';
import { plainAnswer, type Answer } from './rule';
import { median } from './statistics';

/** 25 slots of 400 ms: `PC_MAX_SEND_LATENCY`, pyth-network/pyth-client, program/c/src/oracle/upd_aggregate.h. */
const MAX_AGE_MS = 10_000;
const MIN_PUBLISHERS = 3;
/**
 * Its confidence is a standard deviation of a Laplace distribution, 2.12 of which hold 95 in 100
 * (https://docs.pyth.network/price-feeds/best-practices): 99 in 100 are ln 100 / √2 of them.
 */
const TO_99 = Math.log(100) / Math.SQRT2;

/**
 * Each publisher votes thrice: its price, and that less and more its confidence. The price is the median of all votes,
 * the confidence the distance to the further quartile (https://pyth.network/blog/pyth-price-aggregation-proposal). Here
 * a publisher is a venue, and its confidence half of its spread.
 */
export class Pyth extends HeardRule {
  readonly name = 'pyth';

  price(at: EpochMs): Answer {
    const voices = this.books.voices(at, MAX_AGE_MS);
    if (voices.length < MIN_PUBLISHERS) return plainAnswer(undefined);
    const votes = voices.flatMap(({ bid, middle, ask }) => [bid, middle, ask]).sort((a, b) => a - b);
    const price = median(votes) ?? NaN;
    const low = votes[Math.floor((votes.length - 1) / 4)] ?? NaN;
    const high = votes[votes.length - 1 - Math.floor((votes.length - 1) / 4)] ?? NaN;
    const half = TO_99 * Math.max(price - low, high - price);
    return plainAnswer(price, { low: price - half, high: price + half });
  }
}
