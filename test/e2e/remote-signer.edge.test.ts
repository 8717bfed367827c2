import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Market } from '../../src/lab/market/market';
import { HeaderDigest } from '../../src/oracle/reporting/header-digest';
import { addressOf } from '../../src/outbound/signing/address';
import { developmentKey } from '../../src/outbound/signing/development-key';
import { loadSecp256k1 } from '../../src/outbound/signing/secp256k1';
import type { Configuration } from '../../src/platform/config/configuration';
import { loadKeccak } from '../../src/platform/keccak';
import { assay } from '../support/assay-process';
import { FakeWeb3signer } from '../support/fake-web3signer';
import { LiveService, openMarket } from '../support/live-service';
import { anvilKeys } from '../support/quorum';
import { shorterConfiguration } from '../support/shorter-configuration';

const ADDRESS = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const KEY = developmentKey();

interface Ready {
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

describe('a service whose key a web3signer holds', () => {
  let directory: string;
  let configuration: Configuration;
  let market: Market;
  let signer: FakeWeb3signer;
  let live: LiveService;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'assay-remote-'));
    configuration = shorterConfiguration(directory);
    market = await openMarket(configuration);
    signer = await FakeWeb3signer.open(KEY, (await anvilKeys(1))[0]!.privateKey);
    live = await LiveService.start(configuration, market, {
      dataDirectory: join(directory, 'data'),
      remote: { url: signer.url, address: ADDRESS, timeoutMs: 5_000 },
    });
  }, 60_000);
  afterAll(async () => {
    await live.stop();
    await market.stop();
    await signer.close();
    rmSync(directory, { recursive: true });
  });

  it('publishes as with a key of its own', async () => {
    await live.untilAll('ok');
    const [keccak, curve] = [await loadKeccak(), await loadSecp256k1()];
    const digest = new HeaderDigest(configuration.plan.network, keccak);
    for (const { cut, signature } of live.entries) {
      expect(addressOf(curve.recover(digest.of(cut.header), signature)!, keccak)).toBe(ADDRESS);
    }
    expect((await live.get('/readyz')).status).toBe(200);
  }, 60_000);

  it('is silent while the signer is down, says so, and resumes by itself with all that happened', async () => {
    const { port } = signer;
    await signer.close();
    const ready = await poll(
      async () => (await live.get('/readyz')).body as Ready,
      ({ checks }) => checks.some(({ name, ok }) => name === 'signer' && !ok),
    );
    expect(ready.checks.find(({ name }) => name === 'signer')?.detail).toMatch(/remote signer 127\.0\.0\.1.*ECONN/);
    const count = live.entries.length;
    const fired = await poll(
      async () => JSON.stringify((await live.get('/v1/alerts')).body),
      (alerts) => alerts.includes('signerSilent:remote'),
    );
    expect(fired).toMatch(/nothing was signed for \d+ ms/);
    expect(live.entries).toHaveLength(count);

    await signer.listen(port);
    await live.until(() => live.entries.length > count + 3, 'cuts after the signer came back');
    expect(live.entries[count]?.cut.reports.length).toBeGreaterThan(0);
    const { status } = await live.get('/readyz');
    expect(status).toBe(200);
    const outcomes = await live.metric('assay_remote_signatures_total');
    expect(outcomes.map(({ labels }) => labels['outcome'])).toEqual(expect.arrayContaining(['signed', 'resting']));
  }, 60_000);
});

it('what was published while signatures were under way replays to the byte', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'assay-remote-replay-'));
  const [config, data, recorded] = ['config', 'data', 'run.ndjson.gz'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(config);
  const configuration = shorterConfiguration(config);
  const market = await openMarket(configuration);
  const signer = await FakeWeb3signer.open(KEY, KEY);
  const remote = { url: signer.url, address: ADDRESS, timeoutMs: 5_000 };
  const live = await LiveService.start(configuration, market, { dataDirectory: data, recordFile: recorded, remote });
  await live.until(() => live.entries.length > 100, 'a hundred cuts');
  await live.stop();
  await market.stop();
  await signer.close();
  const [replayed, published] = [join(directory, 'replayed'), join(directory, 'published')];
  const common = ['--config', config, '--bytes'];
  await assay(['replay', '--in', recorded, '--out', replayed, '--development-key', ...common]);
  await assay(['ledger', '--data', data, '--out', published, ...common]);
  expect(readFileSync(published, 'utf8').length).toBeGreaterThan(1_000);
  expect(readFileSync(replayed, 'utf8')).toBe(readFileSync(published, 'utf8'));
  rmSync(directory, { recursive: true });
}, 90_000);

/** Asks until the answer is as wanted: of the test only its time limit ends this. */
async function poll<Answer>(ask: () => Promise<Answer>, isWanted: (answer: Answer) => boolean): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
  }
}
