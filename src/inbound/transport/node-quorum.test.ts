import { ScriptedChain, scriptedBlock } from '../../../test/support/scripted-chain';
import type { Asking, CallAnswer } from '../reader';
import { NodeQuorum } from './node-quorum';

const CONTRACT = '0x00000000000000000000000000000000000000a1';
const VIEW = '0x01';

/** What is particular about a node; one that is `{}` stands at block 100 and answers 0xaa. */
interface Particular {
  readonly height?: number;
  readonly fork?: number;
  readonly failure?: string;
  readonly answer?: CallAnswer;
}

function nodes(each: readonly Particular[]): ScriptedChain[] {
  return each.map(({ answer = '0xaa', ...particular }) => {
    const node = Object.assign(new ScriptedChain(), particular);
    node.answer(CONTRACT, VIEW, answer);
    return node;
  });
}

function* theView(): Asking<CallAnswer | undefined> {
  const [answer] = yield [{ to: CONTRACT, data: VIEW }];
  return answer;
}

describe('NodeQuorum finds the newest block', () => {
  it.each([
    ['all know it', [{}, {}, {}], 2, scriptedBlock(100), []],
    ['one is a block behind: all know that one', [{ height: 101 }, {}, { height: 101 }], 2, scriptedBlock(100), []],
    [
      'one stands still, and is named',
      [{}, { height: 80 }, {}],
      2,
      scriptedBlock(100),
      [{ node: 2, how: '20 blocks behind 100' }],
    ],
    [
      'one runs ahead alone: it is asked for what the others know',
      [{ height: 900 }, {}, {}],
      2,
      scriptedBlock(100),
      [],
    ],
    [
      'one is on another fork, and is named with its block',
      [{}, {}, { fork: 7 }],
      2,
      scriptedBlock(100),
      [{ node: 3, how: `block 100 is ${scriptedBlock(100, 7).hash} of 1700000000000` }],
    ],
    [
      'one is gone, and is named',
      [{ failure: 'took too long' }, {}, {}],
      2,
      scriptedBlock(100),
      [{ node: 1, how: 'took too long' }],
    ],
    ['a node alone is believed', [{ fork: 7 }], 1, scriptedBlock(100, 7), []],
  ])('where %s', async (_reason, particular, agree, block, dissent) => {
    const found = await new NodeQuorum(nodes(particular), agree).block();
    expect([found.found.block, found.dissent]).toEqual([block, dissent]);
  });

  it.each([
    [
      'each is on a fork of its own',
      [{ fork: 1 }, { fork: 2 }, { fork: 3 }],
      2,
      /^no 2 of 3 nodes agree on an answer: node 1: block 100 is/,
    ],
    [
      'two of three are gone',
      [{ failure: 'timeout' }, {}, { failure: 'refused' }],
      2,
      /^no 2 of 3 nodes agree on a block: node 1: timeout; /,
    ],
    [
      'two stand still, far from each other',
      [{}, { height: 80 }, { height: 50, fork: 1 }],
      3,
      /^no 3 of 3 nodes agree/,
    ],
    ['the only one fails, with what it says', [{ failure: 'HTTP request failed.' }], 1, /^HTTP request failed\.$/],
  ])('and rejects where %s', async (_reason, particular, agree, says) => {
    await expect(new NodeQuorum(nodes(particular), agree).block()).rejects.toThrow(says);
  });
});

describe('NodeQuorum finds an answer', () => {
  const ask = async (particular: readonly Particular[], agree: number) => {
    const quorum = new NodeQuorum(nodes(particular), agree);
    return quorum.ask((await quorum.block()).found, theView);
  };

  it.each([
    ['all say the same', [{}, {}, {}], 2, []],
    ['one lies, and is named with its lie', [{}, { answer: '0xbb' }, {}], 2, [{ node: 2, how: '"0xbb"' }]],
    [
      'one reverts where the others answer',
      [{}, {}, { answer: { reverted: 'no' } }],
      2,
      [{ node: 3, how: '{"reverted":"no"}' }],
    ],
    ['one that was outvoted on the block is not asked, nor named twice', [{}, {}, { fork: 7, answer: '0xbb' }], 2, []],
    ['a node alone', [{}], 1, []],
  ] as [string, readonly Particular[], number, object[]][])('where %s', async (_reason, particular, agree, dissent) => {
    expect(await ask(particular, agree)).toEqual({ found: '0xaa', dissent });
  });

  it.each([
    ['each says something else', [{}, { answer: '0xbb' }, { answer: '0xcc' }], 2],
    ['those who know the block are a quorum, and do not agree', [{}, { answer: '0xbb' }, { height: 80 }], 2],
  ] as [string, readonly Particular[], number][])('and rejects where %s', async (_reason, particular, agree) => {
    await expect(ask(particular, agree)).rejects.toThrow(/^no 2 of 3 nodes agree on an answer/);
  });

  it('lets each node hold its own conversation: one that lies at first is led on by its own lie', async () => {
    const behind = '0x00000000000000000000000000000000000000b2';
    const all = nodes([{}, {}, { answer: '0xbb' }]);
    for (const node of all) node.answer(behind, '0xaa', '0x11');
    function* twoSteps(): Asking<CallAnswer | undefined> {
      const [first] = yield [{ to: CONTRACT, data: VIEW }];
      const [second] = yield [{ to: behind, data: first as '0xaa' }];
      return second;
    }
    const quorum = new NodeQuorum(all, 2);
    expect(await quorum.ask((await quorum.block()).found, twoSteps)).toEqual({
      found: '0x11',
      dissent: [{ node: 3, how: '"0x"' }],
    });
  });
});
