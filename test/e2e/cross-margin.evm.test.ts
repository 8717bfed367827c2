import type { Injection, Move, Scenario } from '../../src/lab/attacks/scenario';
import { START_AT } from '../../src/lab/run/lab';
import { SECOND_MS } from '../../src/oracle/units/time';
import { startAnvil, type Anvil } from '../support/anvil';
import { deployContract, type Deployed } from '../support/contracts';
import { anvilRpc } from '../support/relay-anvil';
import { SimulatedService } from '../support/simulated-service';

/** Anvil's first account: borrower and liquidator, as an account may be liquidated by anyone. */
const USER = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const GOVERNOR = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const FEEDS = ['BTC/USD', 'USDT/USD', 'THIN/USD'] as const;
const PRICE_DECIMALS = [4, 8, 8] as const;
const [BTC, USDT, DUST] = [0, 1, 2];
const UNIT = 10n ** 18n;
const MAINTENANCE = 0.9;
/** Ten bitcoin near 97,000 dollars carry it by 8,000 of 10,000; three quarters of their worth by 9,000 do not. */
const BITCOINS = 10;
const BORROWED = 700_000;

const CRASH: Move = { asset: 'BTC', bps: -2_500, fromMs: 20_000, overMs: 20_000 };
const ALL_VENUES = ['v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7'] as const;

const scenarioOf = (injections: readonly Injection[], moves: readonly Move[] = []): Scenario => {
  const about = 'an account of cross-margin lives through it';
  return { name: 'account', about, captured: 'nothing', required: {}, durationMs: 120_000, injections, moves };
};

let anvil: Anvil;
let service: SimulatedService;
let tokens: Deployed[];
let account: Deployed;

afterEach(() => anvil.stop());

/** The market up to its first second, and an account contract with a float of every token. */
async function open(scenario: Scenario): Promise<void> {
  const second = START_AT / SECOND_MS;
  anvil = await startAnvil(['--timestamp', String(second - 600)]);
  service = await SimulatedService.start(scenario, FEEDS);
  service.reach(1_000);
  const signers = [service.signer];
  const verifier = await deployContract(anvil.url, 'AssayVerifier', [service.network, GOVERNOR, 1, signers, 1]);
  tokens = [];
  for (const _ of FEEDS) tokens.push(await deployContract(anvil.url, 'Token', []));
  const assets = tokens.map(({ address }, place) => ({
    token: address,
    tokenDecimals: 18,
    priceDecimals: PRICE_DECIMALS[place],
    place,
    collateralBps: 8_000,
    maintenanceBps: 10_000 * MAINTENANCE,
    spreadPpm: 1_000,
  }));
  const args = [verifier.address, service.groupHash, 300_000, assets, await message()];
  account = await deployContract(anvil.url, 'CrossMarginAccount', args);
  for (const token of tokens) {
    await token.send('mint', [USER, 10_000_000n * UNIT]);
    await token.send('mint', [account.address, 10_000_000n * UNIT]);
  }
}

/** The newest message, at a block of its own instant. */
async function message(): Promise<string> {
  const { message: bytes, cutAt } = service.carried();
  await anvilRpc(anvil.url, 'evm_setTime', Math.ceil(cutAt / SECOND_MS));
  await anvilRpc(anvil.url, 'evm_mine');
  return bytes;
}

const at = async (ms: number): Promise<string> => {
  service.reach(ms);
  return message();
};
const amount = (units: number): bigint => BigInt(Math.round(units * 1e6)) * 10n ** 12n;
const pay = (asset: number, units: number): Promise<bigint> => account.send('pay', [USER, asset, amount(units)]);
const take = (asset: number, units: number, bytes: string): Promise<bigint> =>
  account.send('take', [asset, amount(units), bytes]);
const liquidate = (units: number, bytes: string): Promise<bigint> =>
  account.send('liquidate', [USER, USDT, amount(units), BTC, bytes]);
const balance = async (asset: number): Promise<number> =>
  Number(await account.read<bigint>('balances', [USER, asset], START_AT / SECOND_MS)) / 1e18;

async function borrow(): Promise<void> {
  await pay(BTC, BITCOINS);
  await take(USDT, BORROWED, await message());
}

/** In dollars. */
function priceOf(feed: (typeof FEEDS)[number]): {
  readonly price: number;
  readonly low: number;
  readonly high: number;
} {
  const { prices } = service.report(feed);
  if (prices === undefined) throw new Error(`${feed} has no price`);
  const scale = 10 ** PRICE_DECIMALS[FEEDS.indexOf(feed)]!;
  return { price: prices.price / scale, low: prices.low / scale, high: prices.high / scale };
}

describe('an account of cross-margin, upon the simulated market', () => {
  test('survives until the breach holds at the edges in its favour, and is liquidated then', async () => {
    await open(scenarioOf([], [CRASH]));
    await borrow();
    await expect(liquidate(1_000, await at(19_000))).rejects.toThrow(/^StillSolvent/);
    const crashed = await at(100_000);
    expect(service.report('BTC/USD').status).toBe('ok');
    await liquidate(1_000, crashed);
    expect(await balance(USDT)).toBeCloseTo(1_000 - BORROWED, 6);

    // Repaid until the middle of the bands still calls it a breach and their edges do not.
    const [btc, usdt] = [priceOf('BTC/USD'), priceOf('USDT/USD')];
    const worth = (await balance(BTC)) * MAINTENANCE;
    const atMiddle = (worth * btc.price) / usdt.price;
    const atEdges = (worth * btc.high) / usdt.low;
    expect(atEdges).toBeGreaterThan(atMiddle);
    await pay(USDT, -(await balance(USDT)) - (atMiddle + atEdges) / 2);
    await expect(liquidate(1_000, await message())).rejects.toThrow(/^StillSolvent/);
  });

  test('is not liquidated by one lying venue, the deepest', async () => {
    const lie: Injection = { who: ['v1'], what: { kind: 'shift', bps: -2_500 }, fromMs: 20_000, toMs: 120_000 };
    await open(scenarioOf([lie]));
    await borrow();
    for (let ms = 20_100; ms < 60_000; ms += 2_700) {
      await expect(liquidate(1_000, await at(ms))).rejects.toThrow(/^(StillSolvent|NotPermitted)/);
    }
    expect(await balance(USDT)).toBeCloseTo(-BORROWED, 6);
  });

  test('is granted no immunity by a dollar of halted dust', async () => {
    const silence: Injection = { who: ['v4'], what: { kind: 'silent' }, fromMs: 15_000, toMs: 120_000 };
    await open(scenarioOf([silence], [CRASH]));
    await borrow();
    await pay(DUST, 1);
    const crashed = await at(100_000);
    expect(service.report('THIN/USD').status).toBe('halted');
    await liquidate(1_000, crashed);
    expect(await balance(USDT)).toBeCloseTo(1_000 - BORROWED, 6);
  });

  test('repays in every status, and does nothing else in those that forbid it', async () => {
    const blackout: Injection = { who: ALL_VENUES, what: { kind: 'silent' }, fromMs: 20_000, toMs: 40_000 };
    await open(scenarioOf([blackout]));
    await borrow();
    await pay(USDT, 1_000);
    for (const [ms, status] of [
      [30_000, 'halted'],
      [45_000, 'grace'],
    ] as const) {
      const bytes = await at(ms);
      expect(service.report('BTC/USD').status).toBe(status);
      await expect(liquidate(1_000, bytes)).rejects.toThrow(/^NotPermitted/);
      await expect(take(BTC, 0.1, bytes)).rejects.toThrow(/^NotPermitted/);
      await pay(USDT, 1_000);
    }
    expect(await balance(USDT)).toBeCloseTo(3_000 - BORROWED, 6);
  });

  test('is not valued by an older cut of a better price', async () => {
    await open(scenarioOf([], [CRASH]));
    await pay(BTC, BITCOINS);
    const limit = (): number => (0.8 * BITCOINS * priceOf('BTC/USD').low) / priceOf('USDT/USD').high;
    const better = await at(30_000);
    const before = limit();
    const lower = await at(32_000);
    const between = (before + limit()) / 2;
    await expect(take(USDT, between, lower)).rejects.toThrow(/^Undercollateralised/);
    await take(USDT, 1, lower);
    await expect(take(USDT, between - 1, better)).rejects.toThrow(/^TooEarly/);
  });
});
