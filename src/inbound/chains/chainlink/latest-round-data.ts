import { formatMantissa } from '../../../oracle/units/decimal';
import { SECOND_MS, type EpochMs } from '../../../oracle/units/time';
import { refuse, type CallAnswer, type ReadOutcome, type RefusedRead } from '../../reader';
import { shown, uintWords } from '../words';

/** `latestRoundData()` of AggregatorV3Interface: https://docs.chain.link/data-feeds/api-reference */
export const LATEST_ROUND_DATA = '0xfeaf968c';

/** A block may be stamped ahead of our clock: by a slot of Ethereum, and by what the clocks differ. */
const MAX_FUTURE_MS = 30 * SECOND_MS;

export interface Round {
  readonly kind: 'round';
  readonly roundId: bigint;
  readonly answer: bigint;
  readonly startedAt: EpochMs;
  readonly updatedAt: EpochMs;
}

/**
 * The words of `latestRoundData()`: `(uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt,
 * uint80 answeredInRound)`, times in seconds.
 */
export function decodeRound(answered: CallAnswer | undefined): Round | RefusedRead {
  if (typeof answered === 'object') return refuse('reverted', `the aggregator reverted: ${answered.reverted}`);
  const words = uintWords(answered);
  if (words?.length !== 5) return refuse('wrongShape', `${shown(answered)} is not five words; is this an aggregator?`);
  const [roundId, answerBits, startedSeconds, updatedSeconds, answeredInRound] = words as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const areTimes = startedSeconds < 1n << 64n && updatedSeconds < 1n << 64n;
  if (roundId >= 1n << 80n || answeredInRound >= 1n << 80n || !areTimes) {
    return refuse('wrongShape', `${shown(answered)} holds words beyond their types; is this an aggregator?`);
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
  const startedAt = Number(startedSeconds) * SECOND_MS;
  return { kind: 'round', roundId, answer, startedAt, updatedAt: Number(updatedSeconds) * SECOND_MS };
}

/** A round's answer as a price of so many decimals. */
export function priceOfRound({ roundId, answer, updatedAt }: Round, decimals: number, now: EpochMs): ReadOutcome {
  if (answer <= 0n) return refuse('notPositive', `round ${roundId} has answer ${answer}, which is not above 0`);
  if (updatedAt > now + MAX_FUTURE_MS) {
    return refuse('fromTheFuture', `round ${roundId} is of ${updatedAt}, more than ${MAX_FUTURE_MS} ms after ${now}`);
  }
  return { kind: 'read', value: formatMantissa(answer, decimals), updatedAt };
}
