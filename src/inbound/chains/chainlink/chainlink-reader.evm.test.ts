import { describeEvmClientContract } from '../../../../test/contract/evm-client-contract';
import { type Anvil, compileSolidity, startAnvil } from '../../../../test/support/anvil';
import { Arrivals } from '../../../../test/support/arrivals';
import { RecordingSink } from '../../../../test/support/recording-sink';
import { SteeredClock } from '../../../../test/support/steered-clock';
import type { Hex } from '../../reader';
import { ChainPoller, type PollEvent } from '../../transport/chain-poller';
import { createEvmClient } from '../../transport/evm-client';
import { chainlinkReader } from './chainlink-reader';

/** The first of anvil's well-known accounts; anvil signs for it. */
const DEPLOYER = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const NOW = 1_700_000_000_000;

let chain: Anvil;

beforeAll(async () => {
  chain = await startAnvil();
});

afterAll(() => chain.stop());

async function deployAggregator() {
  const { SteeredAggregator } = await compileSolidity(['mocks/SteeredAggregator.sol']);
  if (SteeredAggregator === undefined) throw new Error('solc gave no SteeredAggregator');
  const { abi, bytecode } = SteeredAggregator;
  const { createWalletClient, encodeDeployData, encodeFunctionData, http } = await import('viem');
  const { foundry } = await import('viem/chains');
  const wallet = createWalletClient({ account: DEPLOYER, chain: foundry, transport: http(chain.url) });
  const deployed = await wallet.sendTransactionSync({ data: encodeDeployData({ abi, bytecode, args: [8] }) });
  const address = deployed.contractAddress as Hex;
  return {
    address,
    async round(roundId: bigint, answer: bigint, updatedAt: bigint, answeredInRound = roundId) {
      const args = [roundId, answer, updatedAt, updatedAt, answeredInRound];
      await wallet.sendTransactionSync({
        to: address,
        data: encodeFunctionData({ abi, functionName: 'setRound', args }),
      });
    },
  };
}

describeEvmClientContract(createEvmClient.name, async () => ({
  client: createEvmClient(chain.url),
  contract: (await deployAggregator()).address,
}));

describe(`${chainlinkReader.name} on a chain`, () => {
  let aggregator: Awaited<ReturnType<typeof deployAggregator>>;
  let clock: SteeredClock;
  let sink: RecordingSink;
  let log: Arrivals<PollEvent>;
  let poller: ChainPoller;

  beforeAll(async () => {
    aggregator = await deployAggregator();
    clock = new SteeredClock(NOW);
    sink = new RecordingSink();
    log = new Arrivals();
    poller = new ChainPoller({
      chain: 'anvil',
      readers: [chainlinkReader({ id: 'chainlink:BTC/USD', address: aggregator.address, decimals: 8, pollMs: 1_000 })],
      client: createEvmClient(chain.url),
      sink,
      clock,
      timers: clock,
      log: (event) => {
        log.push(event);
      },
    });
  });

  afterAll(() => {
    poller.stop();
  });

  /** One after the other, as they come upon one running poller. */
  test.each<[string, () => Promise<void>, object]>([
    ['fails while the contract reverts', () => Promise.resolve(), { kind: 'failed' }],
    [
      'reads a round',
      () => aggregator.round(1n, 4306645100191n, 1_699_999_990n),
      { kind: 'read', value: '43066.45100191', updatedAt: 1_699_999_990_000 },
    ],
    ['refuses a round not answered yet', () => aggregator.round(2n, 0n, 0n), { kind: 'refused', reason: 'emptyRound' }],
    [
      'refuses a negative answer',
      () => aggregator.round(3n, -1n, 1_699_999_995n),
      { kind: 'refused', reason: 'notPositive' },
    ],
    [
      'refuses an answer carried over',
      () => aggregator.round(4n, 4306645100191n, 1_699_999_995n, 3n),
      { kind: 'refused', reason: 'carriedOver' },
    ],
    [
      'reads on afterwards',
      () => aggregator.round(5n, 4306000000000n, 1_699_999_999n),
      { kind: 'read', value: '43060.00000000', updatedAt: 1_699_999_999_000 },
    ],
  ])('%s', async (_, change, expected) => {
    await change();
    poller.start();
    await clock.advance(0);
    expect(await log.next()).toMatchObject({ reader: 'chainlink:BTC/USD', ...expected });
    poller.stop();
  });

  test('gave the sink the rounds that it read, and no other', () => {
    expect(sink.heard).toEqual([
      { chain: 'anvil', reader: 'chainlink:BTC/USD', value: '43066.45100191', updatedAt: 1_699_999_990_000 },
      { chain: 'anvil', reader: 'chainlink:BTC/USD', value: '43060.00000000', updatedAt: 1_699_999_999_000 },
    ]);
  });
});
