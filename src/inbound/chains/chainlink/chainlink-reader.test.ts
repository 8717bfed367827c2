import { aggregatorAnswer } from '../../../../test/support/aggregator-answer';
import { ScriptedChain, scriptedBlock } from '../../../../test/support/scripted-chain';
import type { CallAnswer } from '../../reader';
import { calldata } from '../words';
import { chainlinkReader } from './chainlink-reader';

const NOW = 1_706_558_140_000;
const PROXY = '0xf4030086522a5beea4988f8ca5b36dbc97bee88c';
const AGGREGATOR = '0x00000000000000000000000000000000000000a9';
const ROUND = aggregatorAnswer({ answer: 4306645100191n, updatedAt: 1_706_558_135n });
const word = (value: bigint): CallAnswer => calldata('0x', value);

interface Contracts {
  readonly round?: CallAnswer;
  readonly decimals?: CallAnswer;
  readonly aggregator?: CallAnswer;
  readonly min?: CallAnswer;
  readonly max?: CallAnswer;
}

describe(chainlinkReader.name, () => {
  const reader = chainlinkReader({
    id: 'chainlink:BTC/USD',
    address: PROXY,
    decimals: 8,
    heartbeatMs: 3_600_000,
    maxAgeMs: 3_900_000,
  });

  function read(contracts: Contracts, now = NOW) {
    const chain = new ScriptedChain();
    chain.answer(PROXY, '0xfeaf968c', contracts.round ?? ROUND);
    chain.answer(PROXY, '0x313ce567', contracts.decimals ?? word(8n));
    chain.answer(PROXY, '0x245a7bfc', contracts.aggregator ?? word(BigInt(AGGREGATOR)));
    chain.answer(AGGREGATOR, '0x22adbc78', contracts.min ?? word(1_000_000n));
    chain.answer(AGGREGATOR, '0x70da2f67', contracts.max ?? word(100_000_000_000_000n));
    return chain.converse(reader.read(scriptedBlock(100), now));
  }

  test('reads the latest round of a contract with the configured decimals', () => {
    expect(read({})).toEqual({ kind: 'read', value: '43066.45100191', updatedAt: 1_706_558_135_000 });
  });

  test.each<[string, CallAnswer, string]>([
    ['a contract with other decimals: its price would be off by powers of ten', word(18n), '18 decimals'],
    ['an address where no contract is', '0x', 'no decimals'],
    ['a contract that reverts', { reverted: 'no' }, 'no decimals'],
  ])('refuses %s', (_, decimals, detail) => {
    expect(read({ decimals })).toEqual({
      kind: 'refused',
      reason: 'wrongDecimals',
      detail: `${PROXY} has ${detail}, not the configured 8`,
    });
  });

  test('refuses a round of a kind that is none', () => {
    expect(read({ round: { reverted: 'No data present' } })).toMatchObject({ kind: 'refused', reason: 'reverted' });
  });

  test.each<[string, Contracts, string]>([
    ['at its floor, as LUNA’s once, whatever the price does', { min: word(4306645100191n) }, 'refused'],
    ['below its floor', { min: word(4306645100192n) }, 'refused'],
    ['at its ceiling', { max: word(4306645100191n) }, 'refused'],
    ['just above its floor', { min: word(4306645100190n) }, 'read'],
    ['of an aggregator whose floor is below zero', { min: word(-1n) }, 'read'],
    [
      'of an aggregator without bounds',
      { min: { reverted: 'no such view' }, max: { reverted: 'no such view' } },
      'read',
    ],
    [
      'of an aggregator that is its own proxy',
      { aggregator: { reverted: 'no such view' }, min: word(1n << 100n) },
      'read',
    ],
  ])('judges an answer %s', (_, contracts, kind) => {
    expect(read(contracts)).toMatchObject(kind === 'read' ? { kind } : { kind, reason: 'atBound' });
  });

  test('names the bounds', () => {
    expect(read({ min: word(4306645100191n) })).toMatchObject({
      detail: 'the answer 4306645100191 is at a bound of the aggregator, 4306645100191..100000000000000',
    });
  });

  test.each([
    ['takes a round within its heartbeat and what it takes to be mined', 3_899_999, 'read'],
    ['refuses a round that missed its heartbeat', 3_900_000, 'refused'],
  ])('%s', (_, age, kind) => {
    const expected = kind === 'read' ? { kind } : { kind, reason: 'staleRound' };
    expect(read({}, 1_706_558_135_000 + age)).toMatchObject(expected);
  });
});
