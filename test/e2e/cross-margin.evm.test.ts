import type { Address } from 'viem' with { 'resolution-mode': 'import' };
import type { PackedFeed } from '../../client/verifier/packed-lane';
import { dialectNames } from '../../src/inbound/venues/registry';
import type { Market } from '../../src/lab/market/market';
import { VENUE_NAMES, type VenueName } from '../../src/lab/market/venue-quotes';
import { PERMITS, type Permit } from '../../src/oracle/report';
import { SIGNER, type Signer } from '../../src/outbound/signing/signer';
import type { Configuration } from '../../src/platform/config/configuration';
import { loadConfiguration } from '../../src/platform/config/load';
import { startAnvil } from '../support/anvil';
import { CarriedGroup, type Carried } from '../support/carried-group';
import { LiveService, openMarket } from '../support/live-service';
import { MarginAccounts } from '../support/margin-accounts';
import { instruction, OPERATOR } from '../support/operator';

/** Of the group as it ships; the tokens have the decimals that theirs have. */
const ASSETS = { 'BTC/USD': 8, 'USDT/USD': 6, 'DAI/USD': 18 };
const [BTC, USDT, DAI] = [0, 1, 2];
const COLLATERAL = 0.85;
const MAINTENANCE = 0.9;
const BITCOINS = 10;
/** Of what the collateral carries: a fall of 6.5 % and the bands brings it down. */
const LEVERAGE = 0.99;
const CRASH_BPS = -1_200;
const BINANCE = ['binance', 'binance-perpetual'] as const;

let configuration: Configuration;
let market: Market;
let live: LiveService;
let group: CarriedGroup;
let accounts: MarginAccounts;
let borrowers = 0;
const ends: (() => Promise<void>)[] = [];

/** Market, service and feeds of `npm run demo`. It starts in grace, with prices: a contract can be deployed meanwhile. */
beforeAll(async () => {
  const shipped = loadConfiguration('config', dialectNames);
  configuration = { ...shipped, service: { ...shipped.service, operators: [OPERATOR.toLowerCase()] } };
  const anvil = await startAnvil();
  ends.unshift(() => anvil.stop());
  market = await openMarket(configuration);
  ends.unshift(() => market.stop());
  live = await LiveService.start(configuration, market);
  ends.unshift(() => live.stop());
  group = await CarriedGroup.of(() => live, 'majors');
  const assets = Object.entries(ASSETS).map(([id, tokenDecimals]) => {
    return { place: group.placeOf(id), tokenDecimals, priceDecimals: group.decimalsOf(id) };
  });
  const terms = {
    network: configuration.plan.network,
    signer: live.service.app.get<Signer>(SIGNER).address,
    group: group.hash,
    assets,
    collateralBps: 10_000 * COLLATERAL,
    maintenanceBps: 10_000 * MAINTENANCE,
  };
  const priced = await group.until((carried) => assets.every(({ place }) => carried.feeds[place]?.prices), 'prices');
  accounts = await MarginAccounts.deploy(anvil.url, terms, priced);
  await group.until((carried) => assets.every(({ place }) => carried.feeds[place]?.mayOpen), 'all of them ok');
}, 180_000);

afterAll(async () => {
  for (const end of ends) await end();
});

const isOk = (carried: Carried): boolean =>
  ['BTC/USD', 'USDT/USD'].every((feed) => group.feedOf(carried, feed).mayOpen);
const untilOk = (): Promise<Carried> => group.until(isOk, 'BTC and USDT ok');

/** What the bitcoins carry of USDT, at the cautious edges. */
const limitOf = (carried: Carried): number =>
  (COLLATERAL * BITCOINS * group.amountOf(carried, 'BTC/USD', 'collateral')) /
  group.amountOf(carried, 'USDT/USD', 'liability');

/** Whether they no longer cover the debt, even at the edges in its favour. */
const isBreach = (carried: Carried, debt: number): boolean =>
  MAINTENANCE * BITCOINS * group.amountOf(carried, 'BTC/USD', 'high') <
  debt * group.amountOf(carried, 'USDT/USD', 'low');

const newcomer = (): Address => accounts.people[(borrowers += 1)]!;

/** Somebody who has deposited the bitcoins and borrowed that share of what they carry. */
async function borrower(leverage = LEVERAGE): Promise<{ readonly who: Address; readonly debt: number }> {
  const who = newcomer();
  await accounts.pay(who, BTC, BITCOINS);
  const carried = await untilOk();
  const debt = Math.floor(leverage * limitOf(carried));
  if (debt > 0) await accounts.take(who, USDT, debt, carried);
  return { who, debt };
}

const liquidate = (who: Address, units: number, carried: Carried): Promise<void> =>
  accounts.liquidate(who, { asset: USDT, units }, BTC, carried);

const crash = (): void => market.move({ asset: 'BTC', bps: CRASH_BPS, overMs: 3_000 });
const untilBreach = (debt: number): Promise<Carried> =>
  group.until((carried) => isOk(carried) && isBreach(carried, debt), 'a breach');

describe('an account of cross-margin, upon what the demo publishes', () => {
  test('borrows what its collateral carries at the cautious edges, and not more', async () => {
    const { who, debt } = await borrower();
    const carried = await untilOk();
    const above = limitOf(carried) - debt;
    await expect(accounts.take(who, USDT, 1.001 * above, carried)).rejects.toThrow(/^Undercollateralised/);
    await accounts.take(who, USDT, 0.999 * above, carried);
  });

  test('is not liquidated because one exchange lies, the deepest, with all its books', async () => {
    const { who, debt } = await borrower();
    for (const venue of BINANCE) market.fault({ venue, fault: 'lie', amount: CRASH_BPS });
    const lie = await untilJudged('binance', 'outlier');
    expect(MAINTENANCE * BITCOINS * lie).toBeLessThan(debt);

    let carried = await group.newest();
    for (let look = 0; look < 10; look += 1) {
      await expect(liquidate(who, 1_000, carried)).rejects.toThrow(/^(StillSolvent|NotPermitted)/);
      carried = await group.later(carried.cut);
    }
    await expect(liquidate(who, 1_000, await untilOk())).rejects.toThrow(/^StillSolvent/);
    expect(await accounts.balance(who, USDT)).toBe(-debt);
    for (const venue of BINANCE) market.heal(venue);
  });

  test('is not valued by an older cut of a better price, once it has used a later one', async () => {
    const [hasty, patient] = [await borrower(0), await borrower(0)];
    const better = await untilOk();
    market.move({ asset: 'BTC', bps: -500, overMs: 1_000 });
    const isLower = (carried: Carried): boolean => isOk(carried) && limitOf(carried) < 0.97 * limitOf(better);
    const lower = await group.until(isLower, 'a lower price');
    const between = (limitOf(better) + limitOf(lower)) / 2;
    await accounts.take(hasty.who, USDT, between, better);
    await accounts.take(patient.who, USDT, 1, lower);
    await expect(accounts.take(patient.who, USDT, between, lower)).rejects.toThrow(/^Undercollateralised/);
    await expect(accounts.take(patient.who, USDT, between - 1, better)).rejects.toThrow(/^TooEarly/);
  });

  test('survives a crash until the breach holds at the edges in its favour, and is liquidated then', async () => {
    const { who, debt } = await borrower();
    await expect(liquidate(who, 1_000, await untilOk())).rejects.toThrow(/^StillSolvent/);
    crash();
    const crashed = await untilBreach(debt);
    await liquidate(who, 1_000, crashed);
    expect(await accounts.balance(who, USDT)).toBe(1_000 - debt);
    const paid = 1_000 * group.amountOf(crashed, 'USDT/USD', 'low');
    const seized = BITCOINS - (await accounts.balance(who, BTC));
    expect(seized).toBeCloseTo((1.05 * paid) / group.amountOf(crashed, 'BTC/USD', 'high'), 7);

    // Repaid until the middle of the bands still calls it a breach and their edges do not.
    const now = await untilOk();
    const worth = MAINTENANCE * (await accounts.balance(who, BTC));
    const atMiddle = (worth * group.amountOf(now, 'BTC/USD', 'price')) / group.amountOf(now, 'USDT/USD', 'price');
    const atEdges = (worth * group.amountOf(now, 'BTC/USD', 'high')) / group.amountOf(now, 'USDT/USD', 'low');
    expect(atEdges).toBeGreaterThan(atMiddle);
    await accounts.pay(who, USDT, -(await accounts.balance(who, USDT)) - (atMiddle + atEdges) / 2);
    await expect(liquidate(who, 1_000, now)).rejects.toThrow(/^StillSolvent/);
  });

  test('is granted no immunity by a dollar of halted dust', async () => {
    const { who, debt } = await borrower();
    await accounts.pay(who, DAI, 1);
    await tellOperator('halt');
    crash();
    const isSo = (carried: Carried): boolean =>
      group.feedOf(carried, 'DAI/USD').status === 'halted' && isOk(carried) && isBreach(carried, debt + 1);
    await liquidate(who, 1_000, await group.until(isSo, 'a breach while DAI is halted'));
    expect(await accounts.balance(who, USDT)).toBe(1_000 - debt);
    await tellOperator('resume');
  });
});

async function tellOperator(action: 'halt' | 'resume'): Promise<void> {
  const body = await instruction(configuration.plan.network, action, 'DAI/USD', Date.now());
  expect(await live.post('/v1/operator', body)).toMatchObject({ status: 202 });
}

describe('whatever the status, one after another', () => {
  const RESCUE: readonly Permit[] = ['repay', 'topUp'];
  const kill = (...venues: readonly VenueName[]): void => {
    for (const venue of venues) market.fault({ venue, fault: 'kill' });
  };
  /** Holds bitcoin and owes USDT. */
  let long: Address;
  /** Holds USDT and owes bitcoin. */
  let short: Address;

  beforeAll(async () => {
    long = (await borrower(0.5)).who;
    short = newcomer();
    await accounts.pay(short, USDT, 1_000_000);
    await accounts.take(short, BTC, 1, await untilOk());
  });

  test.each<[what: string, bring: () => unknown, isSo: (btc: PackedFeed) => boolean, permits: readonly Permit[]]>([
    ['ok', () => undefined, ({ status }) => status === 'ok', PERMITS],
    [
      'degraded, imprecise: half of the exchanges are gone',
      () => kill('binance', 'okx', 'bybit'),
      ({ status, mayLiquidate }) => status === 'degraded' && mayLiquidate,
      ['liquidate', ...RESCUE],
    ],
    [
      'degraded, disputed: and one of the rest is 15 % off',
      () => market.fault({ venue: 'bitstamp', fault: 'lie', amount: 1_500 }),
      ({ status, mayLiquidate }) => status === 'degraded' && !mayLiquidate,
      RESCUE,
    ],
    ['halted: all are gone', () => kill(...VENUE_NAMES), ({ status }) => status === 'halted', RESCUE],
    [
      'grace: they are back',
      () => VENUE_NAMES.forEach((venue) => market.heal(venue)),
      ({ status }) => status === 'grace',
      RESCUE,
    ],
    [
      'warming: the service has lost its memory',
      async () => {
        await live.stop();
        live = await LiveService.start(configuration, market, { cold: true });
        await live.until(() => live.entries.length > 0, 'a first cut');
      },
      ({ status }) => status === 'warming',
      RESCUE,
    ],
  ])('%s: whoever owes repays, and the rest goes by the permits', async (_, bring, isSo, permits) => {
    await bring();
    const carried = await group.until((each) => isSo(group.feedOf(each, 'BTC/USD')), 'that status');
    const report = live.reportsOf('BTC/USD').findLast(({ cut }) => cut <= carried.cut);
    expect(report?.permits).toEqual(permits);
    const expectPermit = async (permit: Permit, act: Promise<void>): Promise<void> => {
      await (permits.includes(permit) ? act : expect(act).rejects.toThrow(/^NotPermitted\(0/));
    };

    const [owed, held] = [await accounts.balance(short, BTC), await accounts.balance(long, BTC)];
    await accounts.pay(short, BTC, 0.01);
    await accounts.pay(long, BTC, 0.01);
    expect(await accounts.balance(short, BTC)).toBeCloseTo(owed + 0.01, 8);
    expect(await accounts.balance(long, BTC)).toBeCloseTo(held + 0.01, 8);
    await expectPermit('withdraw', accounts.take(long, BTC, 0.001, carried));
    await expectPermit('open', accounts.take(short, BTC, 0.001, carried));
    // Neither is in breach, so who may liquidate finds that out.
    const refused = permits.includes('liquidate') ? /^StillSolvent/ : /^NotPermitted/;
    await expect(liquidate(long, 1, carried)).rejects.toThrow(refused);
    await expect(accounts.liquidate(short, { asset: BTC, units: 0.01 }, USDT, carried)).rejects.toThrow(refused);
  });
});

/** Resolves once the venue's source of BTC/USD is judged so, with the price that it speaks for. */
async function untilJudged(venue: string, verdict: string): Promise<number> {
  interface Row {
    readonly source: string;
    readonly verdict: string;
    readonly measured?: number;
  }
  for (;;) {
    const seen = live.entries.length;
    const { body } = await live.get('/v1/verdicts?feed=BTC/USD');
    const row = (body as { verdicts: Row[] }).verdicts.find(({ source }) => source.startsWith(`${venue}:`));
    if (row?.verdict === verdict) return row.measured ?? NaN;
    await live.until(() => live.entries.length > seen, `${venue} judged ${verdict}: ${JSON.stringify(row)}`);
  }
}
