import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Market } from '../../src/lab/market/market';
import { cutInstant } from '../../src/oracle/units/time';
import { startAnvil, type Anvil } from '../support/anvil';
import { LiveService, openMarket, withoutJumps } from '../support/live-service';
import { deployReportVerifier, type DeployedVerifier } from '../support/report-verifier';
import { shorterConfiguration } from '../support/shorter-configuration';
import type { SignedMessage } from '../support/signed-message';
import { StreamClient } from '../support/stream-client';

const SIGNER = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';

let directory: string;
let anvil: Anvil;
let verifier: DeployedVerifier;
let market: Market;
let live: LiveService;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'assay-contract-'));
  const configuration = shorterConfiguration(directory);
  anvil = await startAnvil();
  verifier = await deployReportVerifier(anvil.url, SIGNER, configuration.plan.network);
  market = await openMarket(configuration, withoutJumps);
  live = await LiveService.start(configuration, market);
  await live.untilAll('ok');
}, 60_000);

afterAll(async () => {
  await live.stop();
  await market.stop();
  await anvil.stop();
  rmSync(directory, { recursive: true });
});

/** A subscriber to these feeds, and the first message of the live stream to it. */
async function subscribe(...feeds: string[]): Promise<{ client: StreamClient; snapshot: SignedMessage }> {
  const client = await StreamClient.connect(live.streamUrl);
  client.send({ op: 'subscribe', feeds });
  return { client, snapshot: await client.next<SignedMessage>('snapshot') };
}

describe('AssayVerifier.sol, given a message of the live stream', () => {
  test.each(['BTC/USD', 'ETH/BTC', 'USDT/USD'])('finds %s as it was published', async (feed) => {
    const { client, snapshot } = await subscribe(feed);
    client.socket.close();
    const [base = '', quote = ''] = feed.split('/');
    const report = await verifier.verify(snapshot, snapshot.reports[0]!.price);
    const truth = market.truthOf(base, quote, cutInstant(Number(snapshot.header.cut)));
    const price = Number(report.price) / 10 ** report.decimals;
    expect(Math.abs(price / truth - 1)).toBeLessThan(5e-3);
    expect(report.low).toBeLessThan(report.price);
    expect(report.high).toBeGreaterThan(report.price);
    expect(report.hasUsePrices).toBe(true);
    expect(report.permits).toBe(0b11111);
  });

  test('refuses it under the next message’s signature', async () => {
    const { client, snapshot } = await subscribe('BTC/USD');
    const { signature } = await client.next<SignedMessage>('update');
    client.socket.close();
    const price = snapshot.reports[0]!.price;
    await expect(verifier.verify({ ...snapshot, signature }, price)).rejects.toThrow(/^(NotASigner|BadSignature)/);
  });
});
