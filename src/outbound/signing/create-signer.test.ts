import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKey } from '../../commands/keys.command';
import type { Keccak } from '../../oracle/reporting/keccak';
import { loadKeccak } from '../../platform/keccak';
import { createSigner, type SigningSettings } from './create-signer';
import { developmentKey } from './development-key';
import { encryptKeystore } from './keystore';
import { readKeystorePassword } from './keystore-password';

const DEVELOPMENT = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const PASSWORD = 'correct horse';

let folder: string;
let keccak: Keccak;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-signing-'));
  keccak = await loadKeccak();
});
afterAll(() => rm(folder, { recursive: true }));

const NOWHERE: SigningSettings = {
  network: 'assay-local',
  keystoreFile: undefined,
  password: () => Promise.resolve(PASSWORD),
  development: false,
};

async function create(settings: Partial<SigningSettings>) {
  const lines: unknown[][] = [];
  const log = {
    info: (...line: unknown[]) => lines.push(line),
    warn: (...line: unknown[]) => lines.push(['warn', line]),
  };
  const signer = await createSigner({ ...NOWHERE, ...settings }, keccak, log);
  return { address: signer.address, logged: JSON.stringify(lines), signature: signer.sign(new Uint8Array(32)) };
}

async function keystoreOf(address: string, file: string): Promise<string> {
  const path = join(folder, file);
  await writeFile(path, await encryptKeystore(developmentKey(), address, PASSWORD, keccak, 2));
  return path;
}

describe(createSigner.name, () => {
  test('the development key signs on a local network, and says loudly what it is worth', async () => {
    const { address, logged } = await create({ development: true, network: 'assay-local-7' });
    expect(address).toBe(DEVELOPMENT);
    expect(logged).toMatch(/"warn".*DEVELOPMENT KEY.*prove nothing/);
    expect(logged).toContain('signing by native secp256k1');
  });

  test('the development key signs nowhere else, not even from a keystore', async () => {
    const network = 'assay-main';
    await expect(create({ development: true, network })).rejects.toThrow(/network "assay-main" is not local/);
    const keystoreFile = await keystoreOf(DEVELOPMENT, 'disguised.json');
    await expect(create({ keystoreFile, network })).rejects.toThrow(/network "assay-main" is not local/);
  });

  test('a key made by the keys command signs for any network, without a warning, and stays secret', async () => {
    const keystoreFile = join(folder, 'new.json');
    const made = await newKey(keystoreFile, { ASSAY_KEYSTORE_PASSWORD: PASSWORD });
    const { address, logged, signature } = await create({ keystoreFile, network: 'assay-main' });
    expect(signature).toHaveLength(65);
    expect(address).toBe(made);
    expect(logged).not.toMatch(/warn|correct horse/);
    expect((await stat(keystoreFile)).mode & 0o777).toBe(0o600);
    await expect(newKey(keystoreFile, { ASSAY_KEYSTORE_PASSWORD: PASSWORD })).rejects.toThrow(
      /new\.json: exists, and a key is never overwritten/,
    );
  });

  test('says that others can read the keystore, and signs: it is encrypted', async () => {
    const keystoreFile = await keystoreOf(DEVELOPMENT, 'exposed.json');
    await chmod(keystoreFile, 0o640);
    expect((await create({ keystoreFile })).logged).toMatch(/warn.*exposed\.json can be read by others/);
    await chmod(keystoreFile, 0o600);
    expect((await create({ keystoreFile })).logged).not.toContain('warn');
  });

  test.each<[string, Partial<SigningSettings>, RegExp]>([
    ['no key at all', {}, /there is no signing key: give --keystore FILE/],
    ['two keys', { development: true, keystoreFile: 'a.json' }, /both a keystore and the development key/],
    ['a keystore that is not there', { keystoreFile: '/nowhere/k.json' }, /keystore \/nowhere\/k\.json: ENOENT/],
  ])('refuses %s', async (_, settings, message) => {
    await expect(create(settings)).rejects.toThrow(message);
  });

  test('refuses a wrong password, naming the file', async () => {
    const keystoreFile = await keystoreOf(DEVELOPMENT, 'locked.json');
    const password = (): Promise<string> => Promise.resolve('wrong');
    await expect(create({ keystoreFile, password })).rejects.toThrow(/locked\.json: the password does not open/);
  });

  test('refuses a keystore whose address is not that of its key', async () => {
    const keystoreFile = await keystoreOf(`0x${'11'.repeat(20)}`, 'swapped.json');
    await expect(create({ keystoreFile })).rejects.toThrow(/holds the key of 0x1111.*but holds that of 0xf39F/);
  });
});

describe(readKeystorePassword.name, () => {
  test('a file gives the password without its trailing newline and with all its other spaces', async () => {
    const file = join(folder, 'password');
    await writeFile(file, ' a b \r\n');
    await expect(readKeystorePassword({ ASSAY_KEYSTORE_PASSWORD_FILE: file })).resolves.toBe(' a b ');
  });

  test.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ['none', {}, /needs a password: set either ASSAY_KEYSTORE_PASSWORD or ASSAY_KEYSTORE_PASSWORD_FILE/],
    ['two', { ASSAY_KEYSTORE_PASSWORD: 'a', ASSAY_KEYSTORE_PASSWORD_FILE: 'b' }, /given twice/],
    ['an empty one', { ASSAY_KEYSTORE_PASSWORD: '' }, /is empty/],
    ['an unreadable file', { ASSAY_KEYSTORE_PASSWORD_FILE: '/nowhere' }, /\/nowhere, named by .* cannot be read/],
  ])('refuses %s', async (_, environment, message) => {
    await expect(readKeystorePassword(environment)).rejects.toThrow(message);
  });
});
