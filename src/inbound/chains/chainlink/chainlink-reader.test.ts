import { aggregatorAnswer } from '../../../../test/support/aggregator-answer';
import type { Hex } from '../../reader';
import { chainlinkReader } from './chainlink-reader';

const NOW = 1_706_558_140_000;
const ROUND = aggregatorAnswer({ answer: 4306645100191n, updatedAt: 1_706_558_135n });
const word = (value: number): Hex => `0x${value.toString(16).padStart(64, '0')}`;

describe(chainlinkReader.name, () => {
  const reader = chainlinkReader({
    id: 'chainlink:BTC/USD',
    address: '0xF4030086522a5bEEa4988F8cA5B36dbC97BeE88c',
    decimals: 8,
    pollMs: 10_000,
  });

  test('reads the latest round of a contract with the configured decimals', () => {
    expect(reader.decode([ROUND, word(8)], NOW)).toEqual({
      kind: 'read',
      value: '43066.45100191',
      updatedAt: 1_706_558_135_000,
    });
  });

  test.each<[string, readonly Hex[], string]>([
    ['a contract with other decimals: its price would be off by powers of ten', [ROUND, word(18)], '18 decimals'],
    ['an address where no contract is', ['0x', '0x'], 'no decimals'],
    ['an answer that is missing', [], 'no decimals'],
  ])('refuses %s', (_, answers, detail) => {
    expect(reader.decode(answers, NOW)).toEqual({
      kind: 'refused',
      reason: 'wrongDecimals',
      detail: `0xF4030086522a5bEEa4988F8cA5B36dbC97BeE88c has ${detail}, not the configured 8`,
    });
  });
});
