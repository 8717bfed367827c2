import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { Chain } from '../../src/outbound/relay/chain';
import { Carrier, type CarrierEvent } from '../../src/outbound/relay/carrier';
import { GasBook } from '../../src/outbound/relay/gas-book';
import { openChain } from '../../src/outbound/relay/viem-chain';
import { Web3Signer } from '../../src/outbound/signing/remote/web3signer';
import { loadSecp256k1 } from '../../src/outbound/signing/secp256k1';
import type { RelayChain } from '../../src/platform/config/relay-configuration';
import { loadKeccak } from '../../src/platform/keccak';
import { startAnvil, type Anvil } from '../support/anvil';
import type { Deployed } from '../support/contracts';
import { FakeWeb3signer } from '../support/fake-web3signer';
import { anvilKeys, type AnvilKey } from '../support/quorum';
import { anvilRpc, relayChain } from '../support/relay-anvil';
import { CALM, RELAYED_FEEDS, RelayedGroup, type Dollars } from '../support/relayed-group';
import { SteeredClock } from '../support/steered-clock';

const SECOND = 1_900_000_000;
const GWEI = 1_000_000_000n;
const MAX_GAS_PER_DAY = 10_000_000;

let group: RelayedGroup;
let anvil: Anvil;
let store: Deployed;
let settings: RelayChain;
let clock: SteeredClock;
let gas: GasBook;
let events: CarrierEvent[];
let chain: Chain;
let carrier: Carrier;

beforeAll(async () => {
  group = await RelayedGroup.make();
});
beforeEach(async () => {
  anvil = await startAnvil(['--timestamp', String(SECOND)]);
  store = await group.deploy(anvil.url);
  settings = {
    name: 'anvil',
    chainId: 31_337,
    rpcUrlEnvs: [],
    blockMs: 12_000,
    pollMs: 1_000,
    maxFeePerGas: 500n * GWEI,
    maxGasPerDay: MAX_GAS_PER_DAY,
    replaceAfterMs: 36_000,
    stores: [
      {
        group: 'majors',
        feeds: RELAYED_FEEDS,
        address: store.address,
        heartbeatMs: 3_600_000,
        deviationBps: [50, 50, 10, 50],
        lateAfterMs: 60_000,
      },
    ],
  };
  clock = new SteeredClock(SECOND * 1_000);
  gas = new GasBook(MAX_GAS_PER_DAY);
  events = [];
  chain = await relayChain([anvil.url]);
  carrier = start();
});
afterEach(() => anvil.stop());

const start = (): Carrier => new Carrier(settings, chain, gas, clock, (event) => events.push(event));
const rpc = (method: string, ...params: unknown[]): Promise<unknown> => anvilRpc(anvil.url, method, ...params);
const kinds = (): string[] => events.map((event) => (event.kind === 'held' ? event.why : event.kind));
const storedCut = async (): Promise<number> => Number(await store.read<bigint>('latestCut', [], SECOND));
const cutOfClock = (): number => Math.floor(clock.now() / 10);

/** Offers a cut of the clock's instant, and lets the carrier look at the chain. */
async function turn(dollars: Dollars = CALM): Promise<void> {
  carrier.offer('majors', group.offer(cutOfClock(), dollars, 7_200_000));
  await carrier.turn();
}

/** Time passes here and on the chain, whose next block is mined with whatever pays for it. */
async function pass(ms: number): Promise<void> {
  clock.jump(ms);
  await rpc('evm_increaseTime', ms / 1_000);
  await rpc('evm_mine');
}

/** Blocks are mined when the test says so. */
const holdBlocks = (): Promise<unknown> => rpc('evm_setAutomine', false);

describe('the relayer against anvil', () => {
  test('honours heartbeat, deviation and status, and nothing less', async () => {
    await turn();
    await turn();
    const pushed = [await storedCut()];
    for (const [ms, dollars] of [
      [600_000, CALM],
      [600_000, [65_400, 2_000, 1, 80]],
      [60_000, [65_400, undefined, 1, 80]],
      [3_600_000, [65_400, undefined, 1, 80]],
    ] as const) {
      await pass(ms);
      await turn(dollars);
      await turn(dollars);
      pushed.push(await storedCut());
    }
    const base = SECOND * 100;
    expect(pushed.map((cut) => (cut - base) * 10)).toEqual([0, 0, 1_200_000, 1_260_000, 4_860_000]);
    expect(kinds()).toEqual(Array(4).fill(['sent', 'stored']).flat());
  });

  test('sends again what the node dropped', async () => {
    await holdBlocks();
    await turn();
    await rpc('anvil_dropAllTransactions');
    await pass(settings.blockMs);
    await turn();
    await rpc('evm_mine');
    await turn();
    expect(kinds()).toEqual(['sent', 'sent', 'stored']);
    expect(await storedCut()).toBe(SECOND * 100 + settings.blockMs / 10);
  });

  test('replaces what is stuck below the base fee, by the newest', async () => {
    await holdBlocks();
    await turn();
    await rpc('anvil_setNextBlockBaseFeePerGas', `0x${(40n * GWEI).toString(16)}`);
    await pass(settings.replaceAfterMs);
    expect(await storedCut()).toBe(0);
    await turn([66_000, 2_000, 1, 80]);
    await rpc('evm_mine');
    await turn([66_000, 2_000, 1, 80]);
    expect(kinds()).toEqual(['sent', 'sent', 'stored']);
    expect(await storedCut()).toBe(SECOND * 100 + settings.replaceAfterMs / 10);
    const nonce = await rpc('eth_getTransactionCount', chain.account, 'latest');
    expect(Number(nonce)).toBe(1);
  });

  test('waits while the next block is dearer than the cap, and goes on when it is not', async () => {
    await rpc('anvil_setNextBlockBaseFeePerGas', `0x${(600n * GWEI).toString(16)}`);
    await pass(12_000);
    await turn();
    expect(kinds()).toEqual(['feeAboveCap']);
    await rpc('anvil_setNextBlockBaseFeePerGas', `0x${GWEI.toString(16)}`);
    await pass(12_000);
    await turn();
    await turn();
    expect(kinds()).toEqual(['feeAboveCap', 'sent', 'stored']);
  });

  test('pays for a push that was reverted, and sees who told the store', async () => {
    await holdBlocks();
    await turn();
    const { message } = group.offer(cutOfClock() + 5);
    const other = await relayChain([anvil.url], true);
    const { nonce } = await other.view();
    const fees = { maxFeePerGas: 400n * GWEI, maxPriorityFeePerGas: 100n * GWEI };
    await other.push({ store: store.address, message, nonce, fees, maxGas: 1_000_000 });
    await rpc('evm_mine');
    await pass(1_000);
    await turn();
    expect(kinds()).toEqual(['sent', 'reverted']);
    expect(gas.usedOn(clock.now())).toBeGreaterThan(21_000);
    expect(await storedCut()).toBe(SECOND * 100 + 5);
  });

  test('pushes by the second of two nodes where the first is dead', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    chain = await relayChain([`http://127.0.0.1:${port}`, anvil.url]);
    carrier = start();
    await turn();
    await turn();
    expect(kinds()).toEqual(['sent', 'stored']);
  });

  test('continues after a restart with the right nonce, whatever waits', async () => {
    await turn();
    await turn();
    await holdBlocks();
    await pass(1_000);
    await turn([66_000, 2_000, 1, 80]);
    carrier = start();
    await pass(1_000);
    clock.jump(1_000);
    await turn([67_000, 2_000, 1, 80]);
    await rpc('evm_mine');
    await turn([67_000, 2_000, 1, 80]);
    expect(Number(await rpc('eth_getTransactionCount', chain.account, 'latest'))).toBe(3);
    expect(await storedCut()).toBe(cutOfClock());
  });

  test('outbids after a restart what still waits under its nonce', async () => {
    await holdBlocks();
    await turn();
    carrier = start();
    clock.jump(1_000);
    await turn();
    await rpc('evm_mine');
    await turn();
    expect(kinds()).toEqual(['sent', 'sent', 'stored']);
    expect(Number(await rpc('eth_getTransactionCount', chain.account, 'latest'))).toBe(1);
    expect(await storedCut()).toBe(SECOND * 100 + 100);
  });

  describe('by a key that a web3signer holds', () => {
    let fake: FakeWeb3signer;
    let signer: Web3Signer;
    beforeEach(async () => {
      const [own, other] = (await anvilKeys(2, 7)) as [AnvilKey, AnvilKey];
      fake = await FakeWeb3signer.open(own.privateKey, other.privateKey);
      const settings = { url: fake.url, address: own.address, timeoutMs: 5_000 };
      signer = await Web3Signer.open(settings, await loadSecp256k1(), await loadKeccak());
      chain = await openChain([anvil.url], signer);
      carrier = start();
    });
    afterEach(async () => {
      signer.close();
      await fake.close();
    });

    test('what it signs is the transaction itself, and is mined', async () => {
      await turn();
      await turn();
      expect(kinds()).toEqual(['sent', 'stored']);
      expect(await storedCut()).toBe(cutOfClock());
      expect(Number(await rpc('eth_getTransactionCount', signer.address, 'latest'))).toBe(1);
      expect(fake.asked.at(-1)).toMatch(/^0x02f9/);
    });

    test('nothing is sent while it is down, and all goes on when it is back', async () => {
      const { port } = fake;
      await fake.close();
      await expect(turn()).rejects.toThrow(/^remote signer 127\.0\.0\.1:\d+ cannot be reached: ECONN/);
      expect(kinds()).toEqual([]);
      await fake.listen(port);
      await turn();
      await turn();
      expect(kinds()).toEqual(['sent', 'stored']);
    });

    test('nothing is sent that another key signed', async () => {
      fake.manner = 'signs with another key';
      await expect(turn()).rejects.toThrow(`not of ${signer.address}`);
      expect(kinds()).toEqual([]);
      for (const { address } of await anvilKeys(2, 7)) {
        expect(Number(await rpc('eth_getTransactionCount', address, 'pending'))).toBe(0);
      }
    });
  });
});
