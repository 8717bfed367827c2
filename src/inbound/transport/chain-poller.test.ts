import { RecordingSink } from '../../../test/support/recording-sink';
import { ScriptedChain } from '../../../test/support/scripted-chain';
import { SteeredClock } from '../../../test/support/steered-clock';
import type { Reader, ReadOutcome } from '../reader';
import { ChainPoller, type PollEvent } from './chain-poller';

const ADDRESS = '0x00000000000000000000000000000000000000a1';
const READ: ReadOutcome = { kind: 'read', value: '42000.5', updatedAt: 1_699_999_990_000 };
const HEARD = { chain: 'ethereum', reader: 'chainlink:BTC/USD', value: '42000.5', updatedAt: 1_699_999_990_000 };

describe(ChainPoller.name, () => {
  let clock: SteeredClock;
  let node: ScriptedChain;
  let sink: RecordingSink;
  let log: PollEvent[];

  beforeEach(() => {
    clock = new SteeredClock();
    node = new ScriptedChain();
    sink = new RecordingSink();
    log = [];
  });

  const reader = (changes: Partial<Reader> = {}): Reader => ({
    id: 'chainlink:BTC/USD',
    address: ADDRESS,
    pollMs: 10_000,
    calls: ['0x01', '0x02'],
    decode: () => READ,
    ...changes,
  });
  const started = async (...readers: readonly Reader[]) => {
    const options = { chain: 'ethereum', readers, client: node, sink, clock, timers: clock };
    const poller = new ChainPoller({ ...options, log: (event) => log.push(event) });
    poller.start();
    await clock.advance(0);
    return poller;
  };

  test('polls at once, then at the pace of the reader', async () => {
    await started(reader());
    expect(sink.heard).toEqual([HEARD]);
    await clock.advance(20_000);
    expect(sink.heard).toEqual([HEARD, HEARD, HEARD]);
  });

  test('hands each answer to the reader in the order of its calls, with the time', async () => {
    node.answer(ADDRESS, '0x01', '0xaa');
    node.answer(ADDRESS, '0x02', '0xbb');
    const decode = jest.fn<ReadOutcome, Parameters<Reader['decode']>>(() => READ);
    await started(reader({ decode }));
    expect(decode.mock.calls).toEqual([[['0xaa', '0xbb'], clock.now()]]);
  });

  test('passes on no refused answer, and says why', async () => {
    await started(reader({ decode: () => ({ kind: 'refused', reason: 'notPositive', detail: 'answer -5' }) }));
    expect(sink.heard).toEqual([]);
    expect(log).toEqual([{ reader: 'chainlink:BTC/USD', kind: 'refused', reason: 'notPositive', detail: 'answer -5' }]);
  });

  test('says so when the node fails, and polls on', async () => {
    node.failure = 'HTTP request failed.';
    await started(reader());
    expect(log).toEqual([{ reader: 'chainlink:BTC/USD', kind: 'failed', error: 'HTTP request failed.' }]);
    node.failure = undefined;
    await clock.advance(10_000);
    expect(sink.heard).toEqual([HEARD]);
  });

  test('lets one reader fail without the others', async () => {
    const broken = '0x00000000000000000000000000000000000000b2';
    node.answer(broken, '0x01', new Error('execution reverted'));
    await started(reader({ id: 'chainlink:ETH/USD', address: broken }), reader());
    expect(sink.heard).toEqual([HEARD]);
    expect(log.map(({ reader: id, kind }) => [id, kind]).sort()).toEqual([
      ['chainlink:BTC/USD', 'read'],
      ['chainlink:ETH/USD', 'failed'],
    ]);
  });

  test('asks a slow node less, not more', async () => {
    const answering: (() => void)[] = [];
    const slow = jest.spyOn(node, 'call').mockImplementation(
      () =>
        new Promise((resolve) => {
          answering.push(() => {
            resolve('0x');
          });
        }),
    );
    await started(reader({ calls: ['0x01'] }));
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
    const poller = await started(reader({ calls: ['0x01'] }));
    poller.stop();
    answer?.();
    await clock.advance(60_000);
    expect([sink.heard, log, clock.pending]).toEqual([[], [], 0]);
  });
});
