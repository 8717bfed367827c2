import type { Report } from '../../src/oracle/report';
import type { Keccak } from '../../src/oracle/reporting/keccak';
import { PackedGroup } from '../../src/oracle/reporting/packed-group';
import type { KeySigner } from '../../src/outbound/signing/key-signer';
import { loadKeccak } from '../../src/platform/keccak';
import { startAnvil, type Anvil } from '../../test/support/anvil';
import { deployContract, type Deployed } from '../../test/support/contracts';
import { anvilSigners, NETWORK, packedMessage, type GroupSketch } from '../../test/support/quorum';
import { toHex } from '../../test/support/signed-message';
import { CUT, DEGRADED, GRACE, HALTED, OK, SECOND } from '../../test/support/verification-cases';

const FEEDS = ['BTC/USD', 'ETH/USD', 'SOL/USD', 'XRP/USD'].map((id) => ({
  id,
  asset: { symbol: id.slice(0, 3), version: 1 },
  decimals: 8,
}));
const GOVERNOR = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const [OPEN, WITHDRAW, LIQUIDATE, DISPLAY] = [0, 1, 2, 3];
const STATUS = { halted: 0, degraded: 3, ok: 4, degradedButLiquidate: 5 };

let chain: Anvil;
let keccak: Keccak;
let signers: KeySigner[];
let store: Deployed;

beforeAll(async () => {
  chain = await startAnvil(['--timestamp', String(SECOND)]);
  keccak = await loadKeccak();
  signers = await anvilSigners(5, keccak);
});
afterAll(() => chain.stop());
beforeEach(async () => {
  store = await deployStore(FEEDS);
});

const bytes32 = (text: string): string => `0x${Buffer.from(text).toString('hex').padEnd(64, '0')}`;
const [BTC, ETH, SOL, XRP] = FEEDS.map(({ id }) => bytes32(id)) as [string, string, string, string];

function deployStore(feeds: readonly (typeof FEEDS)[number][]): Promise<Deployed> {
  const layout = feeds.map(({ id, asset, decimals }) => ({ id: bytes32(id), assetVersion: asset.version, decimals }));
  const addresses = signers.map(({ address }) => address);
  return deployContract(chain.url, 'AssayStore', [NETWORK, GOVERNOR, 1, addresses, 3, layout]);
}

function messageOf(reports: readonly Report[], cut = CUT, rest: Partial<GroupSketch> = {}): string {
  const group = new PackedGroup(FEEDS, keccak);
  const sketch = { group, reports, cut, signers: signers.slice(1, 4), validUntil: SECOND * 1_000 + 3_600_000 };
  return toHex(packedMessage({ ...sketch, ...rest }, keccak));
}

const push = (reports: readonly Report[], cut = CUT): Promise<bigint> => store.send('push', [messageOf(reports, cut)]);
const ALL: readonly Report[] = [OK, DEGRADED, HALTED, GRACE];

interface Stored {
  readonly cut: bigint;
  readonly observedAtMs: bigint;
  readonly status: number;
  readonly decimals: number;
  readonly hasUsePrices: boolean;
  readonly price: bigint;
  readonly high: bigint;
}
const read = (feed: string, use = OPEN, maxAgeMs = 10_000, second = SECOND): Promise<Stored> =>
  store.read('readOrRevert', [feed, maxAgeMs, use], second);
const lastKnown = (feed: string): Promise<Stored> => store.read('lastKnown', [feed], SECOND);

describe('AssayStore', () => {
  test('gives back what was pushed, with its own age', async () => {
    await push(ALL);
    await expect(read(BTC)).resolves.toMatchObject({
      cut: BigInt(CUT),
      observedAtMs: BigInt(SECOND * 1_000 - 40),
      status: STATUS.ok,
      decimals: 8,
      hasUsePrices: true,
    });
    const { price } = await read(BTC);
    expect(Number(price) / 10_000_000_000_000).toBeCloseTo(1, 7);
    await expect(store.read('latestCut', [], SECOND)).resolves.toBe(BigInt(CUT));
  });

  test.each<[string, string, number, string]>([
    ['an ok feed is open for all', BTC, OPEN, 'read'],
    ['an ok feed may be withdrawn', BTC, WITHDRAW, 'read'],
    ['an ok feed may be liquidated', BTC, LIQUIDATE, 'read'],
    ['a thin or wide feed opens nothing', ETH, OPEN, 'NotPermitted'],
    ['a thin or wide feed lets nothing out', ETH, WITHDRAW, 'NotPermitted'],
    ['a thin or wide feed liquidates', ETH, LIQUIDATE, 'read'],
    ['a halted feed beside fresh ones has no price', SOL, DISPLAY, 'NoPrice'],
    ['a feed in grace liquidates nothing', XRP, LIQUIDATE, 'NotPermitted'],
    ['a feed in grace is shown', XRP, DISPLAY, 'read'],
    ['a feed of another store is unknown', bytes32('DOGE/USD'), DISPLAY, 'UnknownFeed'],
  ])('%s', async (_, feed, use, expected) => {
    await push(ALL);
    const said = await read(feed, use).then(
      () => 'read',
      (error: unknown) => (error as Error).message.split('(')[0],
    );
    expect(said).toBe(expected);
  });

  test('sources that disagree permit no liquidation', async () => {
    await push([OK, { ...DEGRADED, permits: ['repay', 'topUp'] }, HALTED, GRACE]);
    await expect(read(ETH, LIQUIDATE)).rejects.toThrow(/^NotPermitted\(.*, 3, 2\)/);
  });

  test('nothing opens against use prices that are not known', async () => {
    const prices = { ...OK.prices!, collateral: undefined, liability: undefined };
    await push([{ ...OK, prices }, DEGRADED, HALTED, GRACE]);
    await expect(read(BTC, OPEN)).rejects.toThrow(/^UsePricesUnknown/);
    await expect(read(BTC, LIQUIDATE)).resolves.toMatchObject({ hasUsePrices: false });
  });

  test('age counts from when the sources spoke', async () => {
    await push(ALL);
    await expect(read(BTC, OPEN, 5_040, SECOND + 5)).resolves.toBeDefined();
    await expect(read(BTC, OPEN, 5_039, SECOND + 5)).rejects.toThrow(/^TooOld/);
  });

  test('a push of something new does not make an old neighbour fresh', async () => {
    const old = { ...DEGRADED, observedAt: SECOND * 1_000 - 8_000 };
    await push([OK, old, HALTED, GRACE], CUT + 1);
    await expect(read(ETH, LIQUIDATE, 7_000)).rejects.toThrow(/^TooOld/);
    const ancient = { ...DEGRADED, observedAt: SECOND * 1_000 - 2_000_000 };
    await push([OK, ancient, HALTED, GRACE], CUT + 2);
    await expect(read(ETH, LIQUIDATE, 1e12)).rejects.toThrow(/^TooOld/);
  });

  test('nothing can be read before the first push', async () => {
    await expect(read(BTC, DISPLAY)).rejects.toThrow(/^NoPrice/);
    await expect(lastKnown(BTC)).rejects.toThrow(/^NoPrice/);
  });

  test('goes forward only: neither the same cut again nor an earlier one', async () => {
    await push(ALL, CUT + 5);
    await expect(push(ALL, CUT + 5)).rejects.toThrow(`NotNewer(${CUT + 5}, ${CUT + 5})`);
    await expect(push(ALL, CUT + 4)).rejects.toThrow(/^NotNewer/);
    await push(ALL, CUT + 6);
  });

  test('takes no other group, no other network, and no fewer than the threshold', async () => {
    const other = new PackedGroup([...FEEDS].reverse(), keccak);
    for (const rest of [{ group: other }, { network: 'assay-local-2' }]) {
      const message = messageOf(ALL, CUT, rest);
      await expect(store.send('push', [message])).rejects.toThrow(/^(NotASigner|UnsortedSignatures|BadSignature)/);
    }
    const few = messageOf(ALL, CUT, { signers: signers.slice(0, 2) });
    await expect(store.send('push', [few])).rejects.toThrow(/^WrongSignatureCount/);
  });

  test('takes no group of its hash with more words than it has, even signed', async () => {
    const leaf = new PackedGroup(FEEDS, keccak).leaf(ALL, CUT);
    const longer = Buffer.concat([leaf, leaf.subarray(-32)]);
    await expect(store.send('push', [messageOf(ALL, CUT, { leaf: longer })])).rejects.toThrow(/^BadLength/);
  });

  test('says of each push which cut it stored', async () => {
    const { createPublicClient, http, parseEventLogs } = await import('viem');
    await push(ALL);
    const client = createPublicClient({ transport: http(chain.url) });
    const logs = await client.getLogs({ address: store.address, fromBlock: 'latest' });
    expect(parseEventLogs({ abi: store.abi, logs })).toMatchObject([
      { eventName: 'Pushed', args: { cut: BigInt(CUT) } },
    ]);
  });

  describe('of a feed that lost its price', () => {
    const priced = { ...OK, feed: 2 };

    test('keeps the last one with its own time, through any number of pushes, until there is another', async () => {
      await push([OK, DEGRADED, priced, GRACE], CUT);
      await push([OK, DEGRADED, HALTED, GRACE], CUT + 10);
      await push([OK, DEGRADED, HALTED, GRACE], CUT + 20);
      await expect(read(SOL, DISPLAY)).rejects.toThrow(/^NoPrice/);
      const kept = await lastKnown(SOL);
      expect(kept).toMatchObject({
        cut: BigInt(CUT),
        status: STATUS.halted,
        observedAtMs: BigInt(SECOND * 1_000 - 40),
      });
      expect(kept.price).toBe((await lastKnown(BTC)).price);
      await push([OK, DEGRADED, priced, GRACE], CUT + 30);
      await expect(lastKnown(SOL)).resolves.toMatchObject({ cut: BigInt(CUT + 30), status: STATUS.ok });
    });

    test('keeps all three of a slot, and one beyond the first slot', async () => {
      await push([OK, OK, OK, GRACE], CUT);
      await push([HALTED, HALTED, HALTED, HALTED], CUT + 10);
      for (const feed of [BTC, ETH, SOL, XRP]) {
        await expect(lastKnown(feed)).resolves.toMatchObject({ cut: BigInt(CUT), status: STATUS.halted });
      }
    });
  });

  test.each<[string, readonly (typeof FEEDS)[number][], RegExp]>([
    ['of no feed', [], /^BadGroup\(0\)/],
    ['of a feed twice', [FEEDS[0]!, FEEDS[0]!], /^DuplicateFeed/],
    ['of more than sixty', Array.from({ length: 61 }, (_, i) => ({ ...FEEDS[0]!, id: `F${i}` })), /^BadGroup\(61\)/],
  ])('is not deployed for a group %s', async (_, feeds, refusal) => {
    await expect(deployStore(feeds)).rejects.toThrow(refusal);
  });
});

describe('AssayAggregator', () => {
  let aggregator: Deployed;
  const second = SECOND + 2;
  const latest = (at = second): Promise<unknown> => aggregator.read('latestRoundData', [], at);

  beforeEach(async () => {
    aggregator = await deployContract(chain.url, 'AssayAggregator', [store.address, BTC, 3_000]);
  });

  test('answers as Chainlink does: the cut as round, the time the sources spoke as the update', async () => {
    await push(ALL);
    const { price } = await read(BTC);
    const round = [BigInt(CUT), price, BigInt(SECOND - 1), BigInt(SECOND - 1), BigInt(CUT)];
    await expect(latest()).resolves.toEqual(round);
    await expect(aggregator.read('getRoundData', [CUT], second)).resolves.toEqual(round);
    await expect(aggregator.read('decimals', [], second)).resolves.toBe(8);
    await expect(aggregator.read('description', [], second)).resolves.toBe('BTC/USD');
    await expect(aggregator.read('version', [], second)).resolves.toBe(1n);
  });

  test.each<[string, Report, RegExp]>([
    ['halted', HALTED, /^NoPrice/],
    ['degraded, even where one may liquidate', DEGRADED, /^NotPermitted/],
    ['in grace', GRACE, /^NotPermitted/],
  ])('has no answer while the feed is %s', async (_, report, refusal) => {
    await push([report, DEGRADED, HALTED, GRACE]);
    await expect(latest()).rejects.toThrow(refusal);
    await expect(aggregator.read('getRoundData', [CUT], second)).rejects.toThrow(refusal);
  });

  test('has no answer once the price is too old, nor of a round that is not kept', async () => {
    await push(ALL);
    await expect(latest(SECOND + 3)).rejects.toThrow(/^TooOld/);
    await push(ALL, CUT + 1);
    await expect(aggregator.read('getRoundData', [CUT], second)).rejects.toThrow(`RoundNotKept(${CUT}, ${CUT + 1})`);
  });

  test('is not deployed for a feed that the store does not have', async () => {
    const unknown = deployContract(chain.url, 'AssayAggregator', [store.address, bytes32('DOGE/USD'), 3_000]);
    await expect(unknown).rejects.toThrow(/^UnknownFeed/);
  });
});
