import type { Permit, Report, Status } from '../../src/oracle/report';
import { PERMITS } from '../../src/oracle/report';
import type { Keccak } from '../../src/oracle/reporting/keccak';
import { PackedGroup } from '../../src/oracle/reporting/packed-group';
import type { KeySigner } from '../../src/outbound/signing/key-signer';
import { loadKeccak } from '../../src/platform/keccak';
import { startAnvil, type Anvil } from '../../test/support/anvil';
import { deployContract, type Deployed } from '../../test/support/contracts';
import { anvilSigners, NETWORK, packedMessage } from '../../test/support/quorum';
import { toHex } from '../../test/support/signed-message';
import { CUT, OK, SECOND } from '../../test/support/verification-cases';

/** Anvil's first account: borrower and liquidator of the tests, as an account may be liquidated by anyone. */
const USER = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const OTHER = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const FEEDS = ['ETH/USD', 'USDC/USD', 'DUST/USD'].map((id) => ({ id, asset: { symbol: id, version: 1 }, decimals: 8 }));
const [ETH, USDC, DUST] = [0, 1, 2];
const UNIT = 10n ** 18n;
const RESCUE: readonly Permit[] = ['repay', 'topUp'];

let chain: Anvil;
let keccak: Keccak;
let signers: KeySigner[];
let verifier: Deployed;
let tokens: Deployed[];
let account: Deployed;
let cut: number;

beforeAll(async () => {
  chain = await startAnvil(['--timestamp', String(SECOND)]);
  keccak = await loadKeccak();
  signers = await anvilSigners(5, keccak);
  const addresses = signers.map(({ address }) => address);
  verifier = await deployContract(chain.url, 'AssayVerifier', [NETWORK, USER, 1, addresses, 3]);
  tokens = [];
  for (const _ of FEEDS) tokens.push(await deployContract(chain.url, 'Token', []));
});
afterAll(() => chain.stop());

interface Quote {
  readonly dollars: number;
  readonly status?: Status;
  /** Of the price, to each side. */
  readonly bandBps?: number;
  /** Of what the sources said, at the cut. */
  readonly ageMs?: number;
}

function reportOf({ dollars, status = 'ok', bandBps = 10, ageMs = 0 }: Quote, feed: number): Report {
  const price = dollars * 1e8;
  const half = Math.floor((price * bandBps) / 10_000);
  const absent = status === 'halted';
  return {
    ...OK,
    feed,
    status,
    permits: status === 'ok' ? PERMITS : RESCUE,
    observedAt: absent ? undefined : cut * 10 - ageMs,
    prices: absent
      ? undefined
      : { price, low: price - half, high: price + half, collateral: price - half, liability: price + half },
  };
}

/** A message of the next cut; quotes in the order of the assets. */
function next(...quotes: readonly [Quote, Quote, Quote]): string {
  cut += 1;
  const group = new PackedGroup(FEEDS, keccak);
  const validUntil = SECOND * 1_000 + 3_600_000;
  return toHex(
    packedMessage({ group, reports: quotes.map(reportOf), cut, signers: signers.slice(0, 3), validUntil }, keccak),
  );
}

const CALM = [{ dollars: 2_000 }, { dollars: 1 }, { dollars: 1 }] as const;
const HALTED = { dollars: 0, status: 'halted' } as const;

beforeEach(async () => {
  cut = CUT;
  account = await deployAccount(next(...CALM));
  for (const token of tokens) {
    await token.send('mint', [USER, 1_000_000n * UNIT]);
    await token.send('mint', [account.address, 1_000_000n * UNIT]);
  }
});

function deployAccount(message: string): Promise<Deployed> {
  const group = toHex(new PackedGroup(FEEDS, keccak).hash);
  const assets = tokens.map(({ address }, place) => ({
    token: address,
    tokenDecimals: 18,
    priceDecimals: 8,
    place,
    collateralBps: 8_000,
    maintenanceBps: 9_000,
    spreadPpm: 1_000,
  }));
  return deployContract(chain.url, 'CrossMarginAccount', [verifier.address, group, 300_000, assets, message]);
}

const pay = (asset: number, units: number): Promise<bigint> => account.send('pay', [USER, asset, BigInt(units) * UNIT]);
const take = (asset: number, units: number, message: string): Promise<bigint> =>
  account.send('take', [asset, BigInt(units) * UNIT, message]);
const liquidate = (units: number, message: string): Promise<bigint> =>
  account.send('liquidate', [USER, USDC, BigInt(units) * UNIT, ETH, message]);
const balance = (asset: number): Promise<bigint> => account.read('balances', [USER, asset], SECOND);

/** Ten ether against 15,000 dollars: 16,000 would be the most. */
async function borrow(): Promise<void> {
  await pay(ETH, 10);
  await take(USDC, 15_000, next(...CALM));
}

describe('an account of cross-margin', () => {
  test('borrows what its collateral carries, at the cautious edges', async () => {
    await borrow();
    await expect(balance(USDC)).resolves.toBe(-15_000n * UNIT);
    await expect(take(USDC, 1_000, next(...CALM))).rejects.toThrow(/^Undercollateralised/);
    await expect(take(USDC, 900, next(...CALM))).resolves.toBeDefined();
  });

  test('nets an asset with itself before it values anything', async () => {
    await pay(USDC, 100);
    await take(USDC, 100, next(...CALM));
    await expect(balance(USDC)).resolves.toBe(0n);
  });

  test('is liquidated when it is in breach even at the edges in its favour', async () => {
    await borrow();
    await expect(liquidate(1_000, next({ dollars: 1_668 }, CALM[1], CALM[2]))).rejects.toThrow(/^StillSolvent/);
    await liquidate(1_000, next({ dollars: 1_600 }, CALM[1], CALM[2]));
    await expect(balance(USDC)).resolves.toBe(-14_000n * UNIT);
    // 1,050 dollars less the band, at 1,600 and the band.
    const seized = 10n * UNIT - (await balance(ETH));
    expect(Number(seized) / 1e18).toBeCloseTo(1_050 / 1_600, 2);
    expect(Number(seized) / 1e18).toBeLessThan(1_050 / 1_600);
  });

  test('is not liquidated within a wide band, as one lying venue makes it', async () => {
    await borrow();
    const wide = { dollars: 1_600, bandBps: 900 };
    await expect(liquidate(1_000, next(wide, CALM[1], CALM[2]))).rejects.toThrow(/^StillSolvent/);
  });

  test.each<Status>(['halted', 'grace', 'warming', 'degraded'])('is not liquidated in what is %s', async (status) => {
    await borrow();
    const message = next({ dollars: 1_600, status }, CALM[1], CALM[2]);
    await expect(liquidate(1_000, message)).rejects.toThrow(/^NotPermitted/);
  });

  test('a dollar of halted dust grants no immunity, and does not make it poorer', async () => {
    await borrow();
    await pay(DUST, 1);
    await liquidate(1_000, next({ dollars: 1_600 }, CALM[1], HALTED));
  });

  test('a fortune that is halted still counts against a liquidation, at its last high', async () => {
    await borrow();
    await pay(DUST, 100_000);
    await expect(liquidate(1_000, next({ dollars: 1_600 }, CALM[1], HALTED))).rejects.toThrow(/^StillSolvent/);
  });

  test('what is halted counts nothing for new risk, and a debt in it allows none', async () => {
    await pay(DUST, 100_000);
    await expect(take(USDC, 100, next(CALM[0], CALM[1], HALTED))).rejects.toThrow(/^Undercollateralised/);
    await pay(ETH, 10);
    await take(DUST, 100_100, next(...CALM));
    await expect(take(USDC, 1, next(CALM[0], CALM[1], HALTED))).rejects.toThrow(/^DebtWithoutPrice/);
  });

  test('takes nothing out in an asset that is not ok', async () => {
    await pay(ETH, 10);
    const degraded = { dollars: 1, status: 'degraded' } as const;
    await expect(take(USDC, 1, next(CALM[0], degraded, CALM[2]))).rejects.toThrow(/^NotPermitted/);
  });

  test('acts on nothing that the sources said too long ago, however new the cut', async () => {
    const old = [CALM[0], { ...CALM[1], ageMs: 400_000 }, CALM[2]] as const;
    const stale = await deployAccount(next(...old));
    await stale.send('pay', [USER, ETH, 10n * UNIT]);
    await expect(stale.send('take', [USDC, UNIT, next(...old)])).rejects.toThrow('Stale(1)');
    const liquidation = [USER, USDC, UNIT, ETH, next(...old)];
    await expect(stale.send('liquidate', liquidation)).rejects.toThrow('Stale(1)');
  });

  test('acts on the age of what its own message says, though another message was newer', async () => {
    await pay(ETH, 10);
    const old = next(CALM[0], { ...CALM[1], ageMs: 400_000 }, CALM[2]);
    await account.send('take', [ETH, 0n, next(...CALM)], OTHER);
    await expect(take(USDC, 1, old)).rejects.toThrow('Stale(1)');
  });

  test('makes no debt of an amount that no balance can hold', async () => {
    const absurd = 2n ** 255n;
    await expect(account.send('pay', [USER, ETH, absurd])).rejects.toThrow(/^AbsurdAmount/);
    await expect(account.send('take', [ETH, absurd, next(...CALM)])).rejects.toThrow(/^AbsurdAmount/);
    await pay(ETH, 1);
    await expect(balance(ETH)).resolves.toBe(UNIT);
  });

  test('owes and credits nothing for a token that did not move', async () => {
    await pay(ETH, 10);
    const usdc = tokens[USDC]!;
    await usdc.send('close', [true]);
    await expect(pay(USDC, 1)).rejects.toThrow('TransferFailed(1)');
    await expect(take(USDC, 1, next(...CALM))).rejects.toThrow('TransferFailed(1)');
    await usdc.send('close', [false]);
  });

  test('repays in any status, for that asks no price', async () => {
    await borrow();
    await pay(USDC, 15_000);
    await expect(balance(USDC)).resolves.toBe(0n);
  });

  test('an earlier cut of a better price is refused', async () => {
    await pay(ETH, 10);
    const better = next({ dollars: 3_000 }, CALM[1], CALM[2]);
    await take(USDC, 1, next(...CALM));
    await expect(take(USDC, 1, better)).rejects.toThrow(/^TooEarly/);
    await expect(account.read('lastCut', [USER], SECOND)).resolves.toBe(BigInt(cut));
  });

  test('liquidates no more than is owed, and no more than is there', async () => {
    await borrow();
    const crash = [{ dollars: 100 }, CALM[1], CALM[2]] as const;
    await expect(liquidate(15_001, next(...crash))).rejects.toThrow(/^BeyondBalance\(1/);
    await expect(liquidate(14_000, next(...crash))).rejects.toThrow(/^BeyondBalance\(0/);
  });

  test('lists nothing that never had a price', async () => {
    const group = toHex(new PackedGroup(FEEDS, keccak).hash);
    const asset = { tokenDecimals: 18, priceDecimals: 8, place: 2, collateralBps: 0, maintenanceBps: 0, spreadPpm: 0 };
    const listed = [{ token: tokens[DUST]!.address, ...asset }];
    const message = next(CALM[0], CALM[1], HALTED);
    const args = [verifier.address, group, 300_000, listed, message];
    await expect(deployContract(chain.url, 'CrossMarginAccount', args)).rejects.toThrow('NeverPriced(0)');
  });
});
