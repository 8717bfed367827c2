import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Market } from '../../src/lab/market/market';
import { riskAnswer } from '../../src/outbound/rest/answers';
import { script } from '../../test/support/assay-process';
import { LiveService, openMarket, withoutJumps } from '../../test/support/live-service';
import { shorterConfiguration } from '../../test/support/shorter-configuration';

const SIGNER = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const STRANGER = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';
/** A day's tail at 99 % is known from some forty on. */
const HISTORY_DAYS = 60;

describe('client/examples/margin.mjs, on the real service', () => {
  let directory: string;
  let market: Market;
  let live: LiveService;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'assay-margin-'));
    const configuration = shorterConfiguration(directory);
    market = await openMarket(configuration, withoutJumps);
    live = await LiveService.start(configuration, market, { history: HISTORY_DAYS });
    await live.untilAll('ok');
  });
  afterAll(async () => {
    await live.stop();
    await market.stop();
    rmSync(directory, { recursive: true });
  });

  const margin = (position: readonly string[], signer = SIGNER) =>
    script(['client/examples/margin.mjs', live.streamUrl, ...position], { ASSAY_SIGNER: signer });

  test('says what a mixed position may lose, and what it counts for', async () => {
    const { code, printed, complained } = await margin(['BTC/USD=2', 'ETH/USD=-10', 'USDT/USD=50000']);
    expect({ code, complained }).toEqual({ code: 0, complained: '' });
    const [, atRisk] = /all rising or falling as one (\d+\.\d+)/.exec(printed)!.map(Number);
    const [, stress, collateral] = /all at once (\d+\.\d+); counts as collateral (\d+\.\d+)/.exec(printed)!.map(Number);
    const { risk } = riskAnswer.parse((await live.get('/v1/risk?feed=BTC/USD')).body);
    const { fall } = risk[0]!.view.horizons['1d']!;
    const [bitcoin, ether] = [live.priceOf('BTC/USD')!, live.priceOf('ETH/USD')!];
    const bitcoinLoss = 2 * bitcoin * -Math.expm1(-fall!['0.99']!.valueAtRiskPpm / 1e6);
    expect(atRisk! / bitcoinLoss).toBeGreaterThan(0.98);
    expect(atRisk! / bitcoinLoss).toBeLessThan(1.1);
    expect(stress).toBeGreaterThan(atRisk!);
    expect(collateral).toBeGreaterThan(0);
    expect(collateral).toBeLessThan(2 * bitcoin - 10 * ether + 50_000);
  });

  test('ends badly on a feed that is not published, and where another signer was expected', async () => {
    expect(await margin(['DOGE/USD=1'])).toMatchObject({ code: 1, complained: expect.stringContaining('unknownFeed') });
    const { code, complained } = await margin(['BTC/USD=1'], STRANGER);
    expect({ code, complained }).toEqual({ code: 1, complained: `signed by ${SIGNER}, whom nobody named\n` });
  });
});
