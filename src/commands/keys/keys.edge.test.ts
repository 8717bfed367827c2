import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { stringify } from 'yaml';
import { anvilKeys, type AnvilKey } from '../../../test/support/quorum';
import type { Keccak } from '../../oracle/reporting/keccak';
import { checksummed } from '../../outbound/signing/address';
import { developmentKey } from '../../outbound/signing/development-key';
import { KEYSTORE_VECTOR } from '../../../test/support/keystore-vector';
import { decryptKeystore, encryptKeystore } from '../../outbound/signing/keystore';
import { loadKeccak } from '../../platform/keccak';
import { importKey } from './import-key';
import { listKeys } from './list-keys';
import { rotateKey } from './rotate-key';

const ADDRESS = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const KEY = Buffer.from(developmentKey()).toString('hex');
const PASSWORD = { ASSAY_KEYSTORE_PASSWORD: 'ours' };
const FAST_N = 2;

let folder: string;
let keccak: Keccak;
let others: AnvilKey[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-keys-'));
  keccak = await loadKeccak();
  others = await anvilKeys(4);
});
afterAll(() => rm(folder, { recursive: true }));

const nothing = (): Readable => Readable.from([]);
const at = (name: string): string => join(folder, name);

async function keyIn(file: string, password = PASSWORD.ASSAY_KEYSTORE_PASSWORD): Promise<string> {
  const { privateKey } = await decryptKeystore(await readFile(file, 'utf8'), password, keccak);
  return privateKey.toString('hex');
}

describe(importKey.name, () => {
  it.each<[string, NodeJS.ProcessEnv, Readable]>([
    ['the environment', { ASSAY_IMPORT_KEY: `0x${KEY}` }, nothing()],
    ['stdin', {}, Readable.from([KEY.slice(0, 20), `${KEY.slice(20)}\n`])],
  ])('takes a key from %s and keeps it encrypted, for its owner alone', async (what, environment, input) => {
    const out = at(`from ${what}.json`);
    await expect(importKey({ out }, { ...PASSWORD, ...environment }, input)).resolves.toBe(ADDRESS);
    await expect(keyIn(out)).resolves.toBe(KEY);
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    expect(await readFile(out, 'utf8')).not.toContain(KEY);
  });

  it('takes a key from a file that the environment names', async () => {
    await writeFile(at('raw'), `${KEY}\n`);
    await importKey({ out: at('from raw.json') }, { ...PASSWORD, ASSAY_IMPORT_KEY_FILE: at('raw') }, nothing());
    await expect(keyIn(at('from raw.json'))).resolves.toBe(KEY);
  });

  it('takes a keystore as ethers writes it, under a password of its own', async () => {
    const { crypto, ...rest } = JSON.parse(
      await encryptKeystore(developmentKey(), ADDRESS, 'theirs', keccak, FAST_N),
    ) as { crypto: object };
    const ethers = { ...rest, Crypto: crypto, 'x-ethers': { client: 'ethers/6.17.0', mnemonicCounter: '00' } };
    await writeFile(at('ethers.json'), JSON.stringify(ethers));
    const options = { out: at('from ethers.json'), from: at('ethers.json') };
    await importKey(options, { ...PASSWORD, ASSAY_IMPORT_PASSWORD: 'theirs' }, nothing());
    await expect(keyIn(options.out)).resolves.toBe(KEY);
  });

  it("takes a keystore under pbkdf2: the standard's own", async () => {
    const { version, crypto } = KEYSTORE_VECTOR;
    await writeFile(at('standard.json'), JSON.stringify({ version, crypto }));
    const options = { out: at('from standard.json'), from: at('standard.json') };
    await importKey(options, { ...PASSWORD, ASSAY_IMPORT_PASSWORD: 'testpassword' }, nothing());
    await expect(keyIn(options.out)).resolves.toBe('7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d');
  });

  it('never overwrites a key', async () => {
    await writeFile(at('there.json'), 'a key of long ago');
    const importing = importKey({ out: at('there.json') }, { ...PASSWORD, ASSAY_IMPORT_KEY: KEY }, nothing());
    await expect(importing).rejects.toThrow(/there\.json: exists, and a key is never overwritten: name another file/);
    await expect(readFile(at('there.json'), 'utf8')).resolves.toBe('a key of long ago');
  });

  it.each<[string, NodeJS.ProcessEnv, Readable, RegExp]>([
    ['without a password', { ASSAY_IMPORT_KEY: KEY }, nothing(), /the keystore needs a password/],
    ['with an empty password', { ASSAY_IMPORT_KEY: KEY, ASSAY_KEYSTORE_PASSWORD: '' }, nothing(), /PASSWORD is empty/],
    ['half a key', { ...PASSWORD, ASSAY_IMPORT_KEY: KEY.slice(1) }, nothing(), /no private key: it has 64 hex digits/],
    ['zero', { ...PASSWORD, ASSAY_IMPORT_KEY: '0'.repeat(64) }, nothing(), /no secp256k1 private key/],
    ['what does not end', PASSWORD, Readable.from([' '.repeat(200), ' '.repeat(200)]), /more than 256 bytes/],
    ['nothing', PASSWORD, nothing(), /what was given is no private key/],
    [
      'a terminal',
      PASSWORD,
      Object.assign(nothing(), { isTTY: true }),
      /no key to import: pipe it in, set ASSAY_IMPORT/,
    ],
  ])('refuses %s, repeats none of it, and leaves no file', async (_what, environment, input, message) => {
    const refused = await importKey({ out: at('none.json') }, environment, input).catch((error: unknown) => error);
    expect(String(refused)).toMatch(message);
    expect(String(refused)).not.toContain(KEY.slice(1));
    await expect(stat(at('none.json'))).rejects.toThrow(/ENOENT/);
  });

  it('names the keystore that a password does not open, and the way out', async () => {
    await writeFile(at('locked.json'), await encryptKeystore(developmentKey(), ADDRESS, 'theirs', keccak, FAST_N));
    const importing = importKey({ out: at('none.json'), from: at('locked.json') }, PASSWORD, nothing());
    await expect(importing).rejects.toThrow(/locked\.json: the password does not open.*set ASSAY_IMPORT_PASSWORD/);
  });
});

describe(listKeys.name, () => {
  it('tells whose each key is, and names what is none or lies open, without a secret', async () => {
    const directory = at('keys');
    await mkdir(directory);
    const text = await encryptKeystore(developmentKey(), ADDRESS, 'p', keccak, FAST_N);
    await writeFile(join(directory, 'a.json'), text, { mode: 0o600 });
    await writeFile(join(directory, 'b.json'), text);
    await chmod(join(directory, 'b.json'), 0o644);
    await writeFile(join(directory, 'notes.txt'), 'buy milk');
    await writeFile(join(directory, 'huge.json'), ' '.repeat(100_000));
    const { keys, remarks } = await listKeys(directory);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toMatch(new RegExp(`^${ADDRESS}  scrypt  \\d{4}-\\d\\d-\\d\\d  .*a\\.json$`));
    expect(remarks).toEqual([
      expect.stringMatching(/b\.json: others than its owner can read it: chmod 600/),
      expect.stringMatching(/huge\.json: it has 100000 bytes/),
      expect.stringMatching(/notes\.txt: this is no keystore: it is not JSON/),
    ]);
    const { crypto } = JSON.parse(text) as { crypto: { ciphertext: string; mac: string } };
    expect(keys.join()).not.toContain(crypto.ciphertext);
    expect(keys.join()).not.toContain(crypto.mac);
  });
});

describe(rotateKey.name, () => {
  const [RETIRED, NEXT] = [0, 3];

  async function configured(quorum?: object, service = 'service'): Promise<string> {
    const directory = await mkdtemp(at('config-'));
    for (const name of ['feeds', 'venues', 'chains', 'alerts', service]) {
      await writeFile(join(directory, `${name}.yaml`), await readFile(`config/${name}.yaml`, 'utf8'));
    }
    if (quorum !== undefined) await writeFile(join(directory, 'quorum.yaml'), stringify(quorum));
    return directory;
  }

  const quorumOf = (): object => ({
    threshold: 2,
    toleranceBps: 50,
    cutEveryMs: 250,
    signers: others.slice(0, 3).map(({ address }, index) => ({ address, url: `ws://10.0.0.${index}:9000` })),
    followers: [],
  });

  it('writes the calldata of the next set, sorted, and the lines of both files, and changes neither', async () => {
    const config = await configured(quorumOf());
    const before = await readFile(join(config, 'quorum.yaml'), 'utf8');
    const [retire, to] = [others[RETIRED]!.address, others[NEXT]!.address];
    const told = await rotateKey({ config, retire, to, overlap: '900' }, {});
    const { decodeFunctionData, parseAbi } = await import('viem');
    const data = /calldata {2}(0x[0-9a-f]+)/.exec(told)![1] as `0x${string}`;
    const abi = parseAbi(['function rotate(address[] signers, uint256 threshold, uint32 overlapSeconds)']);
    const { args } = decodeFunctionData({ abi, data });
    const set = [others[1]!, others[2]!, others[3]!].map(({ address }) => checksummed(address, keccak));
    expect(args).toEqual([set, 2n, 900]);
    expect(told).toContain('signer: { epoch: 2 }');
    expect(told).toContain(`- address: "${to}"\n         url: ws://10.0.0.0:9000`);
    expect(told).toMatch(/revoke\(1, it\)/);
    await expect(readFile(join(config, 'quorum.yaml'), 'utf8')).resolves.toBe(before);
  });

  it('makes the next key of a single signer, and tells its address alone', async () => {
    const config = await configured();
    const told = await rotateKey({ config, retire: ADDRESS, out: at('next.json'), overlap: '3600' }, PASSWORD);
    const { address } = JSON.parse(await readFile(at('next.json'), 'utf8')) as { address: string };
    expect(told).toContain(checksummed(address, keccak));
    expect(told).not.toContain(await keyIn(at('next.json')));
  });

  it.each<[string, () => { retire?: string; to?: string | undefined; out?: string; overlap?: string }, RegExp]>([
    ['a key outside the set', () => ({ retire: ADDRESS }), /0xf39F.* is not in the signer set of quorum\.yaml \(0x/],
    ['what is no address', () => ({ retire: '0x1' }), /--retire 0x1 is no address/],
    ['a key that signs already', () => ({ to: others[1]!.address }), /is in the signer set already/],
    ['no next key', () => ({ to: undefined }), /--out FILE makes one, --to ADDRESS names one/],
    ['two next keys', () => ({ out: 'x.json' }), /--out FILE makes one, --to ADDRESS names one/],
    [
      'an overlap below the validity of what is signed',
      () => ({ overlap: '0' }),
      /--overlap 0 is no number of seconds/,
    ],
    ['an overlap that is none', () => ({ overlap: 'an hour' }), /--overlap an hour/],
  ])('refuses %s', async (_what, changes, message) => {
    const config = await configured(quorumOf());
    const options = {
      config,
      retire: others[RETIRED]!.address,
      to: others[NEXT]!.address,
      overlap: '900',
      ...changes(),
    };
    await expect(rotateKey(options as Parameters<typeof rotateKey>[0], PASSWORD)).rejects.toThrow(message);
  });
});
