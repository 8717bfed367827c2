import { formatMantissa } from '../../../oracle/units/decimal';
import { SECOND_MS, type EpochMs } from '../../../oracle/units/time';
import type { Hex, ReadOutcome, ReadRefusal } from '../../reader';

/** A block may be stamped ahead of our clock: by a slot of Ethereum, and by what the clocks differ. */
const MAX_FUTURE_MS = 30 * SECOND_MS;

/**
 * What `latestRoundData()` of a Chainlink aggregator (https://docs.chain.link/data-feeds/api-reference) answered:
 * `(uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)`, times in seconds.
 */
export function decodeLatestRoundData(answered: Hex, decimals: number, now: EpochMs): ReadOutcome {
  const words = uintWords(answered);
  if (words?.length !== 5)
    return refuse('wrongShape', `${shorten(answered)} is not five words; is this an aggregator?`);
  const [roundId, answerBits, , updatedSeconds, answeredInRound] = words as [bigint, bigint, bigint, bigint, bigint];
  if (roundId >= 1n << 80n || answeredInRound >= 1n << 80n || updatedSeconds >= 1n << 64n) {
    return refuse('wrongShape', `${shorten(answered)} holds words beyond their types; is this an aggregator?`);
  }
  const answer = BigInt.asIntN(256, answerBits);
  if (updatedSeconds === 0n) {
    return answer === 0n
      ? refuse('emptyRound', `round ${roundId} has no answer yet`)
      : refuse('incompleteRound', `round ${roundId} has answer ${answer} but no time`);
  }
  if (answeredInRound < roundId) {
    return refuse('carriedOver', `round ${roundId} repeats what round ${answeredInRound} answered`);
  }
  if (answer <= 0n) return refuse('notPositive', `round ${roundId} has answer ${answer}, which is not above 0`);
  const updatedAt = Number(updatedSeconds) * SECOND_MS;
  if (updatedAt > now + MAX_FUTURE_MS) {
    return refuse('fromTheFuture', `round ${roundId} is of ${updatedAt}, more than ${MAX_FUTURE_MS} ms after ${now}`);
  }
  return { kind: 'read', value: formatMantissa(answer, decimals), updatedAt };
}

/** The 32-byte words of an answer; undefined where it is not whole words of hex. */
export function uintWords(answered: Hex): readonly bigint[] | undefined {
  if (!/^0x(?:[0-9a-fA-F]{64})+$/.test(answered)) return undefined;
  const count = (answered.length - 2) / 64;
  return Array.from({ length: count }, (_, index) => BigInt(`0x${answered.slice(2 + index * 64, 66 + index * 64)}`));
}

export function refuse(reason: ReadRefusal, detail: string): ReadOutcome {
  return { kind: 'refused', reason, detail };
}

function shorten(answered: Hex): string {
  return answered.length > 20 ? `${answered.slice(0, 20)}… of ${(answered.length - 2) / 2} bytes` : answered;
}
