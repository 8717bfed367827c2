import { aggregatorAnswer } from '../../../../test/support/aggregator-answer';
import { ScriptedChain, scriptedBlock } from '../../../../test/support/scripted-chain';
import type { CallAnswer } from '../../reader';
import { sequencerReader } from './sequencer-reader';

const ADDRESS = '0xfdb631f5ee196f0ed6faa767959853a9f217697d';
const BLOCK = scriptedBlock(100);
const status = (answer: bigint, changedAt: number): CallAnswer =>
  aggregatorAnswer({ answer, updatedAt: BigInt(changedAt / 1_000) });

describe(sequencerReader.name, () => {
  const reader = sequencerReader({
    id: 'sequencer:arbitrum',
    address: ADDRESS,
    graceMs: 3_600_000,
    maxBlockAgeMs: 60_000,
  });

  function read(answer: CallAnswer, now = BLOCK.at + 1_000) {
    const chain = new ScriptedChain();
    chain.answer(ADDRESS, '0xfeaf968c', answer);
    return chain.converse(reader.status(BLOCK, now));
  }

  test.each<[string, CallAnswer, number, object]>([
    ['up for long is up', status(0n, BLOCK.at - 3_600_000), BLOCK.at, { kind: 'up' }],
    ['up since a moment is in its grace', status(0n, BLOCK.at - 3_599_000), BLOCK.at, { reason: 'sequencerDown' }],
    ['down is down, since whenever', status(1n, BLOCK.at - 9_000_000), BLOCK.at, { reason: 'sequencerDown' }],
    ['of any other word is not up', status(2n, BLOCK.at - 9_000_000), BLOCK.at, { reason: 'sequencerDown' }],
    [
      'that makes no blocks is down, although its feed cannot say so',
      status(0n, BLOCK.at - 9_000_000),
      BLOCK.at + 60_000,
      { reason: 'sequencerDown', detail: 'block 100 is 60000 ms old, and 60000 is allowed' },
    ],
    ['of a feed that has never been written is not known', status(0n, 0), BLOCK.at, { reason: 'emptyRound' }],
    ['of a contract that is no feed is not known', '0x', BLOCK.at, { reason: 'wrongShape' }],
  ])('a sequencer %s', (_, answer, now, expected) => {
    expect(read(answer, now)).toMatchObject(expected);
  });
});
