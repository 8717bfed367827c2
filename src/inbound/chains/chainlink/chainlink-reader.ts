import { refuse, type Asking, type Hex, type Reader, type RefusedRead } from '../../reader';
import { addressWord, calls, intWord, uintWord } from '../words';
import { decodeRound, LATEST_ROUND_DATA, priceOfRound } from './latest-round-data';

/** `decimals()`, and `aggregator()` of the proxy: https://docs.chain.link/data-feeds/api-reference */
const DECIMALS = '0x313ce567';
const AGGREGATOR = '0x245a7bfc';
/**
 * `minAnswer()` and `maxAnswer()` of the aggregator behind the proxy, `int192`:
 * https://github.com/smartcontractkit/libocr/blob/master/contract2/OCR2Aggregator.sol
 */
const MIN_ANSWER = '0x22adbc78';
const MAX_ANSWER = '0x70da2f67';

export interface ChainlinkFeed {
  /** `chainlink:BTC/USD` */
  readonly id: string;
  /** The proxy's, which stays when the aggregator behind it is replaced. */
  readonly address: Hex;
  /** What the contract must say of itself. */
  readonly decimals: number;
  /** A round is renewed as often even if nothing moves. */
  readonly heartbeatMs: number;
  /** A round so old has missed its heartbeat. */
  readonly maxAgeMs: number;
}

/**
 * Reads a Chainlink price feed. Refuses one whose decimals are not those that were configured, a round that missed its
 * heartbeat, and an answer at a bound of the aggregator, where it would stand whatever the price does.
 */
export function chainlinkReader({ id, address, decimals, heartbeatMs, maxAgeMs }: ChainlinkFeed): Reader {
  return {
    id,
    *read(_block, now) {
      const [said, latest, aggregator] = yield calls(address, DECIMALS, LATEST_ROUND_DATA, AGGREGATOR);
      const actual = uintWord(said);
      if (actual !== BigInt(decimals)) {
        return refuse('wrongDecimals', `${address} has ${actual ?? 'no'} decimals, not the configured ${decimals}`);
      }
      const round = decodeRound(latest);
      if (round.kind === 'refused') return round;
      const age = now - round.updatedAt;
      if (age >= maxAgeMs) return refuse('staleRound', `the round is ${age} ms old, its heartbeat ${heartbeatMs} ms`);
      const behind = addressWord(aggregator);
      const bound = behind === undefined ? undefined : yield* standsAtBound(behind, round.answer);
      return bound ?? priceOfRound(round, decimals, now);
    },
  };
}

/** What is wrong with an answer at or beyond a bound; not every aggregator has bounds. */
function* standsAtBound(aggregator: Hex, answer: bigint): Asking<RefusedRead | undefined> {
  const [least, most] = yield calls(aggregator, MIN_ANSWER, MAX_ANSWER);
  const min = intWord(least);
  const max = intWord(most);
  if (min === undefined || max === undefined || (answer > min && answer < max)) return undefined;
  return refuse('atBound', `the answer ${answer} is at a bound of the aggregator, ${min}..${max}`);
}
