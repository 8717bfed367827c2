import { describeEvmClientContract } from '../../../test/contract/evm-client-contract';
import { type Anvil, compileSolidity, startAnvil } from '../../../test/support/anvil';
import { Arrivals } from '../../../test/support/arrivals';
import { RecordingSink } from '../../../test/support/recording-sink';
import { SteeredClock } from '../../../test/support/steered-clock';
import type { Hex, Reader, Sequencer } from '../reader';
import { ChainPoller, type PollEvent } from '../transport/chain-poller';
import { createEvmClient } from '../transport/evm-client';
import { NodeQuorum } from '../transport/node-quorum';
import { chainlinkReader } from './chainlink/chainlink-reader';
import { sequencerReader } from './chainlink/sequencer-reader';
import { rateReader, vaultReader } from './rate/rate-reader';
import { poolReader } from './uniswap-v3/pool-reader';

/** The first of anvil's well-known accounts; anvil signs for it. */
const DEPLOYER = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
/** The chain's own time begins here, and moves by a second with each block. */
const NOW = 1_700_000_000_000;
const FILES = ['mocks/SteeredAggregator.sol', 'mocks/SteeredRate.sol', 'mocks/SteeredPool.sol'];

let chain: Anvil;
let compiled: Awaited<ReturnType<typeof compileSolidity>>;

beforeAll(async () => {
  chain = await startAnvil(['--timestamp', String(NOW / 1_000 - 60)]);
  compiled = await compileSolidity(FILES);
});

afterAll(() => chain.stop());

async function deploy(name: string, args: readonly unknown[] = []) {
  const contract = compiled[name];
  if (contract === undefined) throw new Error(`solc gave no ${name}`);
  const { abi, bytecode } = contract;
  const { createWalletClient, encodeDeployData, encodeFunctionData, http } = await import('viem');
  const { foundry } = await import('viem/chains');
  const wallet = createWalletClient({ account: DEPLOYER, chain: foundry, transport: http(chain.url) });
  const deployed = await wallet.sendTransactionSync({ data: encodeDeployData({ abi, bytecode, args }) });
  const address = deployed.contractAddress as Hex;
  return {
    address,
    async send(functionName: string, ...values: readonly bigint[]) {
      await wallet.sendTransactionSync({ to: address, data: encodeFunctionData({ abi, functionName, args: values }) });
    },
  };
}

/** What one poll makes of a reader, by two clients of the one node that must agree. */
async function poll(reader: Reader, sequencer?: Sequencer): Promise<{ event: PollEvent; heard: readonly unknown[] }> {
  const clock = new SteeredClock(NOW);
  const sink = new RecordingSink();
  const log = new Arrivals<PollEvent>();
  const poller = new ChainPoller({
    chain: 'anvil',
    pollMs: 1_000,
    readers: [reader],
    sequencer,
    nodes: new NodeQuorum([createEvmClient(chain.url), createEvmClient(chain.url)], 2),
    sink,
    clock,
    timers: clock,
    log: (event) => {
      log.push(event);
    },
  });
  poller.start();
  await clock.advance(0);
  const event = await log.next();
  poller.stop();
  return { event, heard: sink.heard };
}

describeEvmClientContract(createEvmClient.name, async () => ({
  client: createEvmClient(chain.url),
  contract: (await deploy('SteeredAggregator', [8])).address,
}));

describe(`${chainlinkReader.name} on a chain`, () => {
  let aggregator: Awaited<ReturnType<typeof deploy>>;
  let reader: Reader;

  beforeAll(async () => {
    aggregator = await deploy('SteeredAggregator', [8]);
    const { address } = aggregator;
    const ages = { heartbeatMs: 3_600_000, maxAgeMs: 3_900_000 };
    reader = chainlinkReader({ id: 'chainlink:BTC/USD', address, decimals: 8, ...ages });
  });

  const round = (roundId: bigint, answer: bigint, updatedAt: bigint, answeredInRound = roundId) =>
    aggregator.send('setRound', roundId, answer, updatedAt, updatedAt, answeredInRound);

  /** One after the other, as they come upon one aggregator. */
  test.each<[string, () => Promise<void>, object]>([
    ['refuses a contract without a round', () => Promise.resolve(), { reason: 'reverted' }],
    ['reads a round', () => round(1n, 4306645100191n, 1_699_999_990n), { kind: 'read', value: '43066.45100191' }],
    ['refuses a round not answered yet', () => round(2n, 0n, 0n), { reason: 'emptyRound' }],
    ['refuses an answer at its floor', () => round(3n, 1n, 1_699_999_995n), { reason: 'atBound' }],
    ['refuses an answer carried over', () => round(4n, 4306645100191n, 1_699_999_995n, 3n), { reason: 'carriedOver' }],
    ['refuses a missed heartbeat', () => round(5n, 4306645100191n, 1_699_996_100n), { reason: 'staleRound' }],
    ['reads on', () => round(6n, 4306000000000n, 1_699_999_999n), { kind: 'read', updatedAt: 1_699_999_999_000 }],
  ])('%s', async (_, change, expected) => {
    await change();
    expect((await poll(reader)).event).toMatchObject({ reader: 'chainlink:BTC/USD', ...expected });
  });

  test('gives the sink what it read', async () => {
    const { heard } = await poll(reader);
    const read = { value: '43060.00000000', updatedAt: 1_699_999_999_000 };
    expect(heard).toEqual([{ chain: 'anvil', reader: 'chainlink:BTC/USD', ...read }]);
  });

  test('reads nothing while the sequencer is down', async () => {
    const { address, send } = await deploy('SteeredAggregator', [0]);
    await send('setRound', 1n, 1n, 1_699_999_000n, 1_699_999_000n, 1n);
    const limits = { graceMs: 600_000, maxBlockAgeMs: 600_000 };
    const { heard } = await poll(reader, sequencerReader({ id: 'sequencer:anvil', address, ...limits }));
    expect(heard).toEqual([{ chain: 'anvil', reader: 'chainlink:BTC/USD', refused: 'sequencerDown' }]);
  });
});

describe('rates on a chain', () => {
  test('are read by a view and by a vault, as old as the block', async () => {
    const { address, send } = await deploy('SteeredRate');
    await send('setRate', 1_215_348_126_730_458_321n);
    const small = address.toLowerCase() as Hex;
    const view = { id: 'rate:WSTETH/USD', address: small, selector: '0x035faf82', decimals: 18 } as const;
    const newest = await createEvmClient(chain.url).block();
    const expected = { kind: 'read', value: '1.215348126730458321', updatedAt: newest.at };
    expect((await poll(rateReader(view))).event).toMatchObject(expected);
    const vault = vaultReader({ id: 'erc4626:SDAI/USD', address: small, asset: small });
    expect((await poll(vault)).event).toMatchObject(expected);
  });
});

describe(`${poolReader.name} on a chain`, () => {
  test.each([
    ['reads the mean of half an hour', 3_600, { value: expect.stringMatching(/^2\.71814592682/) as string }],
    ['refuses a pool that is younger', 600, { reason: 'reverted' }],
  ])('%s', async (_, history, expected) => {
    const [base, quote] = [await deploy('SteeredRate'), await deploy('SteeredRate')].map(
      ({ address }) => address.toLowerCase() as Hex,
    ) as [Hex, Hex];
    const { address } = await deploy('SteeredPool', [base, quote, 10_000n, history]);
    const pool = poolReader({ id: 'uniswap-v3:ETH/USD', address, base, quote, windowMs: 1_800_000 });
    expect((await poll(pool)).event).toMatchObject(expected);
  });
});

describe(`${NodeQuorum.name} of nodes on a chain`, () => {
  let forked: Anvil;

  beforeAll(async () => {
    forked = await startAnvil(['--timestamp', String(NOW / 1_000 - 600)]);
  });
  afterAll(() => forked.stop());

  test('outvotes a node of another history, and names it', async () => {
    const urls = [chain.url, forked.url, chain.url];
    const quorum = new NodeQuorum(
      urls.map((url) => createEvmClient(url)),
      2,
    );
    const { found, dissent } = await quorum.block();
    expect(found.block).toEqual(await createEvmClient(chain.url).block());
    expect(dissent).toMatchObject([{ node: 2 }]);
  });
});
