import type { Hex, Reader } from '../../reader';
import { decodeLatestRoundData, refuse, uintWords } from './latest-round-data';

/** `latestRoundData()` and `decimals()` of AggregatorV3Interface: https://docs.chain.link/data-feeds/api-reference */
const LATEST_ROUND_DATA = '0xfeaf968c';
const DECIMALS = '0x313ce567';

export interface ChainlinkFeed {
  /** `chainlink:BTC/USD` */
  readonly id: string;
  /** The proxy's, which stays when the aggregator behind it is replaced. */
  readonly address: Hex;
  /** What the contract must say of itself. */
  readonly decimals: number;
  readonly pollMs: number;
}

/** Reads a Chainlink price feed; refuses one whose decimals are not those that were configured. */
export function chainlinkReader({ id, address, decimals, pollMs }: ChainlinkFeed): Reader {
  return {
    id,
    address,
    pollMs,
    calls: [LATEST_ROUND_DATA, DECIMALS],
    decode([round = '0x', said = '0x'], now) {
      const actual = uintWords(said)?.[0];
      if (actual !== BigInt(decimals)) {
        return refuse('wrongDecimals', `${address} has ${actual ?? 'no'} decimals, not the configured ${decimals}`);
      }
      return decodeLatestRoundData(round, decimals, now);
    },
  };
}
