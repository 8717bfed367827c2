import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRelayer, type RelayerOptions, type RunningRelayer } from '../../src/app/start-relayer';
import type { Market } from '../../src/lab/market/market';
import { cutInstant, SECOND_MS } from '../../src/oracle/units/time';
import { startAnvil, type Anvil } from '../support/anvil';
import { deployContract, type Deployed } from '../support/contracts';
import { FakeWeb3signer } from '../support/fake-web3signer';
import { LiveService, openMarket, withoutJumps } from '../support/live-service';
import { anvilKeys, type AnvilKey } from '../support/quorum';
import { anvilRpc } from '../support/relay-anvil';
import { shorterConfiguration } from '../support/shorter-configuration';

/** The development key's, which signs the prices here. */
const SIGNER = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
/** Of anvil's account 7 (https://getfoundry.sh/anvil): it has ether on every fresh chain, and everyone knows it. */
const RELAY_KEY = '0x4bbbf85ce3377467afe5d46f804f221813b2bb87f24d81f60f1fcdbf7cbf4356';
const CHAIN_ID = 31_337;

let directory: string;
let anvil: Anvil;
let store: Deployed;
let market: Market;
let live: LiveService;
let relayer: RunningRelayer | undefined;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'assay-relayer-'));
  const configuration = shorterConfiguration(directory);
  anvil = await startAnvil();
  market = await openMarket(configuration, withoutJumps);
  live = await LiveService.start(configuration, market);
  await live.untilAll('ok');
  const { network } = configuration.plan;
  const { body } = await live.get('/v1/groups');
  const [{ feeds }] = body as [{ feeds: { id: string; assetVersion: number; decimals: number }[] }];
  const layout = feeds.map(({ id, ...rest }) => ({ id: bytes32(id), ...rest }));
  store = await deployContract(anvil.url, 'AssayStore', [network, SIGNER, 1, [SIGNER], 1, layout]);
}, 60_000);

afterAll(async () => {
  await relayer?.stop();
  await live.stop();
  await market.stop();
  await anvil.stop();
  rmSync(directory, { recursive: true });
});

const bytes32 = (text: string): string => `0x${Buffer.from(text).toString('hex').padEnd(64, '0')}`;
const now = (): number => Math.floor(Date.now() / SECOND_MS);

function optionsFor(chainId = CHAIN_ID): RelayerOptions {
  const { configuration } = live;
  const [group] = configuration.plan.groups;
  const feeds = group!.feeds.map((feed) => configuration.plan.feeds[feed]!.id);
  const limits = { blockMs: 1_000, pollMs: 100, replaceAfterMs: 3_000, maxFeePerGas: 10n ** 12n };
  const policy = { heartbeatMs: 500, deviationBps: feeds.map(() => 50), lateAfterMs: 20_000 };
  const address = store.address;
  const stores = [{ group: group!.name, feeds, address, ...policy }];
  const chain = { name: 'anvil', chainId, rpcUrlEnvs: ['RPC'], maxGasPerDay: 10_000_000, stores, ...limits };
  return {
    configuration,
    relay: { from: live.streamUrl, chains: [chain] },
    keystoreFile: undefined,
    password: () => Promise.reject(new Error('no keystore is given')),
    dataDirectory: join(directory, 'relay'),
    environment: { RPC: anvil.url, ASSAY_RELAY_KEY: RELAY_KEY },
  };
}

const HERE = { host: '127.0.0.1', port: 0 };

/** The store's cut once it is above one, asked after each cut of the service. */
async function cutAbove(before: number): Promise<number> {
  for (;;) {
    const cut = Number(await store.read<bigint>('latestCut', [], now()));
    if (cut > before) return cut;
    const seen = live.entries.length;
    await live.until(() => live.entries.length > seen, 'another cut');
  }
}

describe('the relayer, from the live stream to a store', () => {
  test('keeps the store at what is published, by heartbeats, and reports its gas', async () => {
    relayer = await startRelayer(optionsFor(), HERE);
    let cut = 0;
    for (let push = 0; push < 3; push += 1) cut = await cutAbove(cut);
    const { price, decimals } = await store.read<{ price: bigint; decimals: number }>(
      'readOrRevert',
      [bytes32('BTC/USD'), 60_000, 0],
      now(),
    );
    const truth = market.truthOf('BTC', 'USD', cutInstant(cut));
    expect(Math.abs(Number(price) / 10 ** decimals / truth - 1)).toBeLessThan(5e-3);
    const scrape = await (await fetch(`${relayer.url}/metrics`)).text();
    expect(scrape).toMatch(/assay_relay_transactions_total\{chain="anvil",group="majors",outcome="stored"\} [2-9]/);
    expect(Number(/assay_relay_gas_today\{chain="anvil"\} (\d+)/.exec(scrape)?.[1])).toBeGreaterThan(100_000);
  });

  test('pushes by the key of a web3signer, which it lets go of when it stops', async () => {
    await relayer?.stop();
    const [own, other] = (await anvilKeys(2, 8)) as [AnvilKey, AnvilKey];
    const fake = await FakeWeb3signer.open(own.privateKey, other.privateKey);
    const before = await cutAbove(0);
    const remote = { url: fake.url, address: own.address, timeoutMs: 5_000 };
    relayer = await startRelayer({ ...optionsFor(), environment: { RPC: anvil.url }, remote }, HERE);
    await cutAbove(before);
    expect(Number(await anvilRpc(anvil.url, 'eth_getTransactionCount', own.address, 'latest'))).toBeGreaterThan(0);
    await relayer.stop();
    await fake.close();
  });

  test.each<[why: string, change: (options: RelayerOptions) => RelayerOptions, fault: RegExp]>([
    ['without a key', (options) => ({ ...options, environment: { RPC: anvil.url } }), /has no key.*ASSAY_RELAY_KEY/],
    ['with a key that is none', withKey('0x12'), /ASSAY_RELAY_KEY is no private key/],
    ['without a node', (options) => ({ ...options, environment: { ASSAY_RELAY_KEY: RELAY_KEY } }), /set RPC/],
    ['with a remote signer that is down', withRemoteNobody, /remote signer 127\.0\.0\.1:1 cannot be reached/],
    ['upon another chain', () => optionsFor(1), /of chain 31337, and relay\.yaml says 1/],
  ])('does not start %s', async (_, change, fault) => {
    await expect(startRelayer(change(optionsFor()), HERE)).rejects.toThrow(fault);
  });
});

function withKey(key: string): (options: RelayerOptions) => RelayerOptions {
  return (options) => ({ ...options, environment: { RPC: anvil.url, ASSAY_RELAY_KEY: key } });
}

function withRemoteNobody(options: RelayerOptions): RelayerOptions {
  const remote = { url: 'http://127.0.0.1:1', address: SIGNER, timeoutMs: 5_000 };
  return { ...options, environment: { RPC: anvil.url }, remote };
}
