// `npm run gas`: what the contracts cost on a chain of their own, beside the bound below which no such contract comes.
import { PERMITS, type Report } from '../../src/oracle/report';
import type { Keccak } from '../../src/oracle/reporting/keccak';
import { PackedGroup } from '../../src/oracle/reporting/packed-group';
import { cutNumberAt } from '../../src/oracle/units/time';
import type { KeySigner } from '../../src/outbound/signing/key-signer';
import { loadKeccak } from '../../src/platform/keccak';
import { startAnvil, type Anvil } from '../../test/support/anvil';
import { deployContract, type Deployed } from '../../test/support/contracts';
import { planOf } from '../../test/support/plans';
import { anvilSigners, NETWORK, leafArguments, packedMessage, signedLeaf } from '../../test/support/quorum';
import { toHex } from '../../test/support/signed-message';

interface Row {
  readonly mode: 'update' | 'pull' | 'pull leaf' | 'read';
  readonly quorum: string;
  readonly feeds: number;
  /** Gas of the first transaction, and of one once all slots are written. */
  readonly first: number;
  readonly steady: number;
  /** Without the 21,000 and the calldata of a transaction: what a contract that calls pays. */
  readonly execution: number;
  readonly bound: number | undefined;
  readonly target: number | undefined;
}

const SECOND = 1_900_000_000;
const CUT = cutNumberAt(SECOND * 1_000);
const LONG = 3_600_000;
const QUORUMS = [
  [1, 1],
  [3, 5],
  [9, 13],
] as const;
const SIZES = [1, 10, 50];
const UPDATE_TARGETS: Readonly<Record<string, readonly number[]>> = {
  '3-of-5': [48_000, 66_000, 142_000],
  '9-of-13': [75_000, 93_000, 170_000],
};

/** Prices differ from cut to cut and none has a zero byte, so that no calldata comes cheap. */
function reportsAt(cut: number, feeds: number): Report[] {
  return Array.from({ length: feeds }, (_, feed) => {
    const price = 8_412_345_000_000 + feed * 1_234_567 + (cut - CUT) * 12_345_678;
    return {
      feed,
      sequence: 1,
      cut,
      observedAt: cut * 10 - 170,
      status: 'ok',
      reasons: [],
      permits: PERMITS,
      prices: {
        price,
        low: price - 4_000_000_000,
        high: price + 3_000_000_000,
        collateral: price - 25_000_000_000,
        liability: price + 11_000_000_000,
      },
      sources: { used: 6, upstreams: 6 },
      dispersionBps: 1,
    };
  });
}

const feedsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `F${index}/USD`,
    asset: { symbol: `F${index}`, version: 1 },
    decimals: 8,
  }));

function bytes32(text: string): string {
  return `0x${Buffer.from(text).toString('hex').padEnd(64, '0')}`;
}

/** https://eips.ethereum.org/EIPS/eip-2028 */
function calldataGas(data: string): number {
  const bytes = [...Buffer.from(data.slice(2), 'hex')];
  return bytes.reduce((gas, byte) => gas + (byte === 0 ? 4 : 16), 0);
}

class Measurement {
  readonly rows: Row[] = [];

  constructor(
    private readonly chain: Anvil,
    private readonly keccak: Keccak,
    private readonly all: readonly KeySigner[],
  ) {}

  async measure(threshold: number, size: number): Promise<void> {
    const quorum = `${threshold}-of-${size}`;
    const set = this.all.slice(0, size);
    const governor = this.all[0]?.address;
    const addresses = set.map(({ address }) => address);
    const common = [NETWORK, governor, 1, addresses, threshold] as const;
    const verifier = await deployContract(this.chain.url, 'AssayVerifier', common);
    // The last signers, so that the walk along the set is the longest.
    const signers = set.slice(-threshold);
    for (const [index, feeds] of SIZES.entries()) {
      const listed = feedsOf(feeds);
      const group = new PackedGroup(listed, this.keccak);
      const layout = listed.map(({ id, asset, decimals }) => ({
        id: bytes32(id),
        assetVersion: asset.version,
        decimals,
      }));
      const store = await deployContract(this.chain.url, 'AssayStore', [...common, layout]);
      const messageAt = (cut: number): string => {
        const sketch = { group, reports: reportsAt(cut, feeds), cut, signers, validUntil: CUT * 10 + LONG };
        return toHex(packedMessage(sketch, this.keccak));
      };
      const [first, steady] = [
        await store.send('push', [messageAt(CUT)]),
        await store.send('push', [messageAt(CUT + 7)]),
      ];
      const bound = 21_264 + 4_124 * threshold + 5_512 * Math.ceil(feeds / 3);
      const target = UPDATE_TARGETS[quorum]?.[index];
      const pushed = await dataOf(store, 'push', [messageAt(CUT + 7)]);
      const execution = Number(steady) - 21_000 - calldataGas(pushed);
      this.rows.push({
        mode: 'update',
        quorum,
        feeds,
        first: Number(first),
        steady: Number(steady),
        execution,
        bound,
        target,
      });

      const pull = [toHex(group.hash), messageAt(CUT + 7), LONG, CUT];
      await this.called(
        'pull',
        quorum,
        feeds,
        verifier,
        'verifyGroup',
        pull,
        feeds === 1 && quorum === '3-of-5' ? 20_000 : undefined,
      );
      if (feeds === 1) {
        await this.called('read', quorum, feeds, store, 'readOrRevert', [bytes32('F0/USD'), LONG, 0]);
      }
    }
    const plan = planOf(Object.fromEntries(feedsOf(50).map(({ id }) => [id, { decimals: 8, sources: {} }])));
    const [report] = reportsAt(CUT, 1) as [Report];
    const leaf = signedLeaf({ plan, report, cut: CUT, signers, validUntil: CUT * 10 + LONG }, this.keccak);
    await this.called('pull leaf', quorum, 50, verifier, 'verifyLeaf', [...leafArguments(leaf), LONG, CUT]);
  }

  private async called(
    mode: Row['mode'],
    quorum: string,
    feeds: number,
    contract: Deployed,
    name: string,
    args: readonly unknown[],
    target?: number,
  ): Promise<void> {
    const whole = Number(await contract.send(name, args));
    const execution = whole - 21_000 - calldataGas(await dataOf(contract, name, args));
    this.rows.push({ mode, quorum, feeds, first: whole, steady: whole, execution, bound: undefined, target });
  }
}

async function dataOf({ abi }: Deployed, functionName: string, args: readonly unknown[]): Promise<string> {
  const { encodeFunctionData } = await import('viem');
  return encodeFunctionData({ abi, functionName, args: [...args] });
}

function printTable(rows: readonly Row[]): void {
  const figure = (value: number | undefined): string =>
    (value === undefined ? '-' : value.toLocaleString('en')).padStart(9);
  console.log('mode       quorum   feeds     first    steady execution     bound   × bound    target');
  for (const { mode, quorum, feeds, first, steady, execution, bound, target } of rows) {
    const ratio = bound === undefined ? '-' : (steady / bound).toFixed(3);
    const figures = [first, steady, execution, bound].map(figure).join(' ');
    const measured = mode === 'update' ? steady : execution;
    const met = target === undefined ? '' : measured <= target ? ' met' : ' MISSED';
    console.log(
      `${mode.padEnd(10)} ${quorum.padEnd(8)} ${String(feeds).padStart(5)} ${figures} ${ratio.padStart(9)} ${figure(target)}${met}`,
    );
  }
}

async function main(): Promise<void> {
  // Calls count as transactions here, so the chain's clock is that of the cuts.
  const chain = await startAnvil(['--timestamp', String(SECOND)]);
  try {
    const keccak = await loadKeccak();
    const measurement = new Measurement(chain, keccak, await anvilSigners(13, keccak));
    for (const [threshold, size] of QUORUMS) await measurement.measure(threshold, size);
    if (process.argv.includes('--json')) console.log(JSON.stringify({ rows: measurement.rows }));
    else printTable(measurement.rows);
  } finally {
    await chain.stop();
  }
}

void main();
