import { RecordingSink } from '../../../test/support/recording-sink';
import { ScriptedChain, scriptedBlock } from '../../../test/support/scripted-chain';
import { SteeredClock } from '../../../test/support/steered-clock';
import { refuse, type Asking, type CallAnswer, type Reader, type ReadOutcome, type Sequencer } from '../reader';
import { ChainPoller, type PollEvent } from './chain-poller';
import { NodeQuorum } from './node-quorum';

const ADDRESS = '0x00000000000000000000000000000000000000a1';
const READ: ReadOutcome = { kind: 'read', value: '42000.5', updatedAt: 1_699_999_990_000 };
const HEARD = { chain: 'ethereum', reader: 'chainlink:BTC/USD', value: '42000.5', updatedAt: 1_699_999_990_000 };

/** Asks two things of one contract, and makes of the answers what it is told to. */
function readerOf(
  outcome: ReadOutcome,
  id = 'chainlink:BTC/USD',
  hear: (said: readonly CallAnswer[]) => void = () => {},
) {
  return {
    id,
    *read(): Asking<ReadOutcome> {
      hear(
        yield [
          { to: ADDRESS, data: '0x01' },
          { to: ADDRESS, data: '0x02' },
        ],
      );
      return outcome;
    },
  };
}

describe(ChainPoller.name, () => {
  let clock: SteeredClock;
  let node: ScriptedChain;
  let sink: RecordingSink;
  let log: PollEvent[];

  beforeEach(() => {
    clock = new SteeredClock(scriptedBlock(100).at);
    node = new ScriptedChain();
    sink = new RecordingSink();
    log = [];
  });

  const started = async (
    readers: readonly Reader[],
    { sequencer, nodes = new NodeQuorum([node], 1) }: { sequencer?: Sequencer; nodes?: NodeQuorum } = {},
  ) => {
    const options = { chain: 'ethereum', pollMs: 10_000, readers, sequencer, nodes, sink, clock, timers: clock };
    const poller = new ChainPoller({ ...options, log: (event) => log.push(event) });
    poller.start();
    await clock.advance(0);
    return poller;
  };

  test('polls at once, then at the pace of the chain', async () => {
    await started([readerOf(READ)]);
    expect(sink.heard).toEqual([HEARD]);
    await clock.advance(20_000);
    expect(sink.heard).toEqual([HEARD, HEARD, HEARD]);
  });

  test('hands each answer to the reader in the order of its calls', async () => {
    node.answer(ADDRESS, '0x01', '0xaa');
    node.answer(ADDRESS, '0x02', { reverted: 'no' });
    const said: unknown[] = [];
    await started([readerOf(READ, 'chainlink:BTC/USD', (answers) => said.push(answers))]);
    expect(said).toEqual([['0xaa', { reverted: 'no' }]]);
  });

  test('tells the reader the block and our own time', async () => {
    const told: unknown[] = [];

    const reader: Reader = {
      id: 'x',
      *read(block, now) {
        told.push(block, now);
        return READ;
      },
    };
    await started([reader]);
    expect(told).toEqual([scriptedBlock(100), clock.now()]);
  });

  test('passes on no refused answer, and says why', async () => {
    await started([readerOf(refuse('notPositive', 'answer -5'))]);
    expect(sink.heard).toEqual([]);
    expect(log).toEqual([{ reader: 'chainlink:BTC/USD', kind: 'refused', reason: 'notPositive', detail: 'answer -5' }]);
  });

  test('says that what it read before counts no more where a feed stands at its bound', async () => {
    await started([readerOf(refuse('atBound', 'the answer 10 is at a bound'))]);
    expect(sink.heard).toEqual([{ chain: 'ethereum', reader: 'chainlink:BTC/USD', refused: 'atBound' }]);
  });

  test('says so when the node fails, and polls on', async () => {
    node.failure = 'HTTP request failed.';
    await started([readerOf(READ)]);
    expect(log).toEqual([{ kind: 'failed', error: 'HTTP request failed.' }]);
    node.failure = undefined;
    await clock.advance(10_000);
    expect(sink.heard).toEqual([HEARD]);
  });

  test('believes no block from the future', async () => {
    node.height = 103;
    await started([readerOf(READ)]);
    expect([sink.heard, log]).toEqual([
      [],
      [{ kind: 'failed', error: 'block 103 is stamped 36000 ms ahead of our clock' }],
    ]);
  });

  test('lets one reader fail without the others', async () => {
    const lost: Reader = {
      id: 'chainlink:ETH/USD',
      *read() {
        yield [{ to: ADDRESS, data: '0x01' }];
        throw new Error('a bug');
      },
    };
    await started([lost, readerOf(READ)]);
    expect(sink.heard).toEqual([HEARD]);
    expect(log.map(({ reader: id, kind }) => [id, kind]).sort()).toEqual([
      ['chainlink:BTC/USD', 'read'],
      ['chainlink:ETH/USD', 'failed'],
    ]);
  });

  test('names the node that was outvoted, and reads by the others', async () => {
    const lagging = Object.assign(new ScriptedChain(), { height: 80 });
    const lying = new ScriptedChain();
    await started([readerOf(READ)], { nodes: new NodeQuorum([node, lagging, lying], 2) });
    expect(sink.heard).toEqual([HEARD]);
    expect(log[0]).toEqual({ kind: 'outvoted', node: 2, how: '20 blocks behind 100' });
  });

  describe('on a rollup', () => {
    const sequencer = (status: ReadOutcome | { kind: 'up' }): Sequencer => ({
      id: 'sequencer:arbitrum',

      *status() {
        return status as { kind: 'up' };
      },
    });

    test('reads while the sequencer is up', async () => {
      await started([readerOf(READ)], { sequencer: sequencer({ kind: 'up' }) });
      expect(sink.heard).toEqual([HEARD]);
    });

    test('reads nothing while it is down, and says that what was read before counts no more', async () => {
      await started([readerOf(READ)], { sequencer: sequencer(refuse('sequencerDown', 'the uptime feed says 1')) });
      expect(sink.heard).toEqual([{ chain: 'ethereum', reader: 'chainlink:BTC/USD', refused: 'sequencerDown' }]);
      expect(log).toMatchObject([{ reader: 'sequencer:arbitrum', kind: 'refused', reason: 'sequencerDown' }]);
    });

    test('reads nothing while nobody knows: what was read before ages', async () => {
      await started([readerOf(READ)], { sequencer: sequencer(refuse('wrongShape', 'no aggregator')) });
      expect([sink.heard, log]).toMatchObject([[], [{ reader: 'sequencer:arbitrum', reason: 'wrongShape' }]]);
    });
  });

  test('asks a slow node less, not more', async () => {
    const answering: (() => void)[] = [];
    const slow = jest.spyOn(node, 'block').mockImplementation(
      () =>
        new Promise((resolve) => {
          answering.push(() => {
            resolve(scriptedBlock(100));
          });
        }),
    );
    await started([readerOf(READ)]);
    await clock.advance(60_000);
    expect(slow).toHaveBeenCalledTimes(1);
    answering[0]?.();
    await clock.advance(10_000);
    expect(slow).toHaveBeenCalledTimes(2);
  });

  test('drops an answer that comes after stop, and asks no more', async () => {
    let answer: (() => void) | undefined;
    jest.spyOn(node, 'call').mockImplementation(
      () =>
        new Promise((resolve) => {
          answer = () => {
            resolve('0x');
          };
        }),
    );
    const poller = await started([readerOf(READ)]);
    poller.stop();
    answer?.();
    await clock.advance(60_000);
    expect([sink.heard, log, clock.pending]).toEqual([[], [], 0]);
  });
});
