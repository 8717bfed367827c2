import type { Hex } from '../../src/inbound/reader';

/** The bytes that a Chainlink aggregator's `latestRoundData()` returns; times in seconds, a round answered in itself. */
export function aggregatorAnswer(round: {
  readonly roundId?: bigint;
  readonly answer: bigint;
  readonly updatedAt: bigint;
  readonly answeredInRound?: bigint;
}): Hex {
  const { roundId = 110680464442257320387n, answer, updatedAt, answeredInRound = roundId } = round;
  const words = [roundId, answer, updatedAt, updatedAt, answeredInRound];
  return `0x${words.map((word) => BigInt.asUintN(256, word).toString(16).padStart(64, '0')).join('')}`;
}
