import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { encryptKeystore } from '../../src/outbound/signing/keystore';
import { loadKeccak } from '../../src/platform/keccak';
import { assay, startAssay, type Ended } from '../support/assay-process';
import { FakeWeb3signer } from '../support/fake-web3signer';
import { anvilKeys, type AnvilKey } from '../support/quorum';
import { shorterConfiguration } from '../support/shorter-configuration';

const SHIPPED = resolve(__dirname, '../../config/venues.yaml');
const PASSWORD = 'of a test, and nobody else knows it';
const NOWHERE = 'ws://127.0.0.1:9';
const FAST_N = 2;

let directory: string;
let config: string;
let key: AnvilKey;
let other: AnvilKey;
let keystore: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'assay-keys-'));
  config = join(directory, 'config');
  mkdirSync(config);
  const { venues } = parse(readFileSync(SHIPPED, 'utf8')) as { venues: Record<string, unknown> };
  shorterConfiguration(config, { endpoints: Object.fromEntries(Object.keys(venues).map((name) => [name, NOWHERE])) });
  [key, other] = (await anvilKeys(2)) as [AnvilKey, AnvilKey];
  keystore = join(directory, 'key.json');
  const text = await encryptKeystore(key.privateKey, key.address, PASSWORD, await loadKeccak(), FAST_N);
  writeFileSync(keystore, text, { mode: 0o600 });
  const quorum = {
    threshold: 1,
    toleranceBps: 50,
    cutEveryMs: 250,
    signers: [{ address: other.address, url: 'ws://127.0.0.1:9' }],
    followers: [],
  };
  writeFileSync(join(config, 'quorum.yaml'), stringify(quorum));
});
afterAll(() => rmSync(directory, { recursive: true }));

function serve(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const data = join(directory, 'data');
  return assay(['serve', '--config', config, '--data', data, '--port', '0', ...args], {
    ASSAY_KEYSTORE_PASSWORD: PASSWORD,
    ...environment,
  });
}

/** One sentence for an operator, and no trace of a program. */
function expectPlain({ code, printed, complained }: Ended, message: RegExp): void {
  expect(code).toBe(1);
  expect(printed).toBe('');
  const last = complained.trimEnd().split('\n').at(-1)!;
  expect(last).toMatch(message);
  expect(last).toMatch(/^assay: /);
  expect(complained).not.toMatch(/^\s+at /m);
  expect(complained).not.toContain('listening on');
}

describe('a process does not start', () => {
  it('with a wrong password', async () => {
    const ended = await serve(['--keystore', keystore], { ASSAY_KEYSTORE_PASSWORD: 'hunter2' });
    expectPlain(ended, /key\.json: the password does not open this keystore/);
    expect(ended.complained).not.toContain('hunter2');
  }, 60_000);

  it('with a remote signer that is down', async () => {
    const fake = await FakeWeb3signer.open(key.privateKey, other.privateKey);
    const { url } = fake;
    await fake.close();
    expectPlain(
      await serve(['--remote-signer', url, '--signer-address', key.address]),
      /remote signer 127\.0\.0\.1:\d+ cannot be reached: ECONNREFUSED/,
    );
  }, 60_000);

  it('with a remote signer of other keys', async () => {
    const fake = await FakeWeb3signer.open(key.privateKey, other.privateKey);
    const ended = await serve(['--remote-signer', fake.url, '--signer-address', other.address]);
    await fake.close();
    expectPlain(ended, /does not hold the key of 0x.*load it there/);
  }, 60_000);

  it.each<[string, readonly string[], RegExp]>([
    ['half a remote signer', ['--remote-signer', 'http://127.0.0.1:9'], /--signer-address 0x… is missing/],
    [
      'a password in its address',
      ['--remote-signer', 'http://me:secret@127.0.0.1:9', '--signer-address', `0x${'1'.repeat(40)}`],
      /--remote-signer: an address without user, password or query/,
    ],
  ])(
    'with %s',
    async (_what, args, message) => {
      const ended = await serve(args);
      expectPlain(ended, message);
      expect(ended.complained).not.toContain('secret');
    },
    60_000,
  );

  it('as a signer by a key that quorum.yaml does not list', async () => {
    expectPlain(
      await serve(['--role', 'signer', '--keystore', keystore]),
      /0x[0-9a-fA-F]{40} is not in the signer set of quorum\.yaml \(0x.*\): add it, or give another key/,
    );
  }, 60_000);
});

it('the key and its password stand in nothing that a process says, writes or serves', async () => {
  const data = join(directory, 'kept');
  const args = ['serve', '--config', config, '--data', data, '--port', '0', '--keystore', keystore];
  const environment = { ASSAY_KEYSTORE_PASSWORD: PASSWORD, ASSAY_LOG_LEVEL: 'trace' };
  const child = startAssay(args, environment);
  let said = '';
  child.stdout!.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const url = await new Promise<string>((listening, reject) => {
    child.once('exit', () => reject(new Error(said)));
    child.stderr!.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /listening on (http:\/\/[\d.:]+)/.exec(said)?.[1];
      if (found !== undefined) listening(found);
    });
  });
  for (const path of ['metrics', 'openapi.json', 'readyz', 'v1/feeds', 'v1/prices/latest?feeds=BTC/USD', 'v1/alerts']) {
    said += await (await fetch(`${url}/${path}`)).text();
  }
  child.kill('SIGTERM');
  await once(child, 'exit');
  expect(existsSync(join(data, 'data.mdb'))).toBe(true);
  const written = readFileSync(join(data, 'data.mdb'));
  const secrets = [
    Buffer.from(key.privateKey).toString('hex'),
    Buffer.from(key.privateKey).toString('base64'),
    [...key.privateKey].join(','),
    PASSWORD,
  ];
  expect(said).toContain(url);
  for (const secret of secrets) {
    expect(said.toLowerCase()).not.toContain(secret.toLowerCase());
    expect(written.includes(secret)).toBe(false);
  }
  expect(written.includes(Buffer.from(key.privateKey))).toBe(false);
}, 60_000);

describe('assay keys', () => {
  const KEY_HEX = (): string => Buffer.from(key.privateKey).toString('hex');

  it('says what it did in a line, fails by exit code, and tells no secret either way', async () => {
    const out = join(directory, 'imported.json');
    const environment = { ASSAY_KEYSTORE_PASSWORD: PASSWORD, ASSAY_IMPORT_KEY: KEY_HEX() };
    const imported = await assay(['keys', 'import', '--out', out], environment);
    expect(imported).toMatchObject({ code: 0, complained: '' });
    expect(imported.printed.trim().toLowerCase()).toBe(key.address);
    const again = await assay(['keys', 'import', '--out', out], environment);
    expectPlain(again, /imported\.json: exists, and a key is never overwritten/);
    const listed = await assay(['keys', 'list', directory]);
    expect(listed.code).toBe(0);
    expect(listed.printed.toLowerCase()).toContain(`${key.address}  scrypt`);
    for (const { printed, complained } of [imported, again, listed]) {
      expect(printed + complained).not.toContain(KEY_HEX());
    }
  }, 90_000);

  it('takes no key from its arguments', async () => {
    const { code, complained } = await assay(['keys', 'import', '--out', 'x.json', KEY_HEX()], {
      ASSAY_KEYSTORE_PASSWORD: PASSWORD,
    });
    expect(code).toBe(1);
    expect(complained).toContain('too many arguments');
  }, 60_000);
});
