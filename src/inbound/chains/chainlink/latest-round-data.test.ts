import fc from 'fast-check';
import { aggregatorAnswer } from '../../../../test/support/aggregator-answer';
import type { CallAnswer, Hex, ReadOutcome } from '../../reader';
import { decodeRound, priceOfRound } from './latest-round-data';

const NOW = 1_706_558_140_000;

function decodePrice(answered: CallAnswer, decimals: number, now: number): ReadOutcome {
  const round = decodeRound(answered);
  return round.kind === 'refused' ? round : priceOfRound(round, decimals, now);
}

describe('latestRoundData()', () => {
  test('reads the words that an aggregator returns', () => {
    const answered = [
      '0x',
      '00000000000000000000000000000000000000000000000600000000000029c3',
      '000000000000000000000000000000000000000000000000000003eab80d268f',
      '0000000000000000000000000000000000000000000000000000000065b802ab',
      '0000000000000000000000000000000000000000000000000000000065b802b7',
      '00000000000000000000000000000000000000000000000600000000000029c3',
    ].join('') as Hex;
    expect(decodePrice(answered, 8, NOW)).toEqual({
      kind: 'read',
      value: '43066.45100175',
      updatedAt: 1_706_558_135_000,
    });
  });

  test.each([
    ['a price of eight decimals', 229750276106n, 8, '2297.50276106'],
    ['a ratio of eighteen decimals', 999692734093987600n, 18, '0.999692734093987600'],
    ['a whole number', 42n, 0, '42'],
    ['the largest answer, exactly', (1n << 255n) - 1n, 8, `${(1n << 255n) - 1n}`.replace(/(.{8})$/, '.$1')],
  ])('gives %s as an exact decimal', (_, answer, decimals, value) => {
    const answered = aggregatorAnswer({ answer, updatedAt: 1_706_558_135n });
    expect(decodePrice(answered, decimals, NOW)).toEqual({
      kind: 'read',
      value,
      updatedAt: 1_706_558_135_000,
    });
  });

  const fair = { answer: 4306645100191n, updatedAt: 1_706_558_135n };
  test.each<[string, CallAnswer, string]>([
    ['a round that has no answer yet', aggregatorAnswer({ answer: 0n, updatedAt: 0n }), 'emptyRound'],
    ['an answer without a time', aggregatorAnswer({ ...fair, updatedAt: 0n }), 'incompleteRound'],
    ['an answer of zero', aggregatorAnswer({ ...fair, answer: 0n }), 'notPositive'],
    ['an answer below zero', aggregatorAnswer({ ...fair, answer: -4306645100191n }), 'notPositive'],
    [
      'an answer carried over from an earlier round',
      aggregatorAnswer({ ...fair, roundId: 8n, answeredInRound: 7n }),
      'carriedOver',
    ],
    ['a time far ahead of our clock', aggregatorAnswer({ ...fair, updatedAt: 1_706_558_171n }), 'fromTheFuture'],
    ['a time in milliseconds', aggregatorAnswer({ ...fair, updatedAt: 1_706_558_135_000n }), 'fromTheFuture'],
    ['nothing, as an address without code answers', '0x', 'wrongShape'],
    ['a revert, as of an aggregator without a round', { reverted: 'No data present' }, 'reverted'],
    ['four words', aggregatorAnswer(fair).slice(0, -64) as Hex, 'wrongShape'],
    ['six words', `${aggregatorAnswer(fair)}${'0'.repeat(64)}`, 'wrongShape'],
    ['a broken word', aggregatorAnswer(fair).slice(0, -1) as Hex, 'wrongShape'],
    ['a round beyond uint80', aggregatorAnswer({ ...fair, roundId: 1n << 80n }), 'wrongShape'],
    ['a time beyond any calendar', aggregatorAnswer({ ...fair, updatedAt: 1n << 200n }), 'wrongShape'],
  ])('refuses %s', (_, answered, reason) => {
    expect(decodePrice(answered, 8, NOW)).toMatchObject({ kind: 'refused', reason });
  });

  test('takes a block stamped a little ahead of our clock', () => {
    const answered = aggregatorAnswer({ ...fair, updatedAt: 1_706_558_170n });
    expect(decodePrice(answered, 8, NOW)).toMatchObject({ kind: 'read' });
  });

  test('says what was found and what would be right', () => {
    expect(decodePrice(aggregatorAnswer({ ...fair, roundId: 7n, answer: -5n }), 8, NOW)).toEqual({
      kind: 'refused',
      reason: 'notPositive',
      detail: 'round 7 has answer -5, which is not above 0',
    });
  });

  test('gives back each answer that an aggregator can hold', () => {
    const answers = fc.bigInt({ min: 1n, max: (1n << 255n) - 1n });
    fc.assert(
      fc.property(answers, fc.integer({ min: 0, max: 18 }), (answer, decimals) => {
        const outcome = decodePrice(aggregatorAnswer({ ...fair, answer }), decimals, NOW);
        expect(outcome.kind === 'read' && BigInt(outcome.value.replace('.', ''))).toBe(answer);
      }),
    );
  });

  test('never throws, whatever a node answers', () => {
    const words = fc.array(fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }), { maxLength: 6 });
    const hex = words.map((of) => `0x${of.map((word) => word.toString(16).padStart(64, '0')).join('')}`);
    fc.assert(
      fc.property(fc.oneof(hex, fc.string()), (answered) => {
        expect(['read', 'refused']).toContain(decodePrice(answered as Hex, 8, NOW).kind);
      }),
    );
  });
});
