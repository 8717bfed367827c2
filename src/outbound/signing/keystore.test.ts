import { scrypt } from 'hash-wasm';
import { KEYSTORE_VECTOR } from '../../../test/support/keystore-vector';
import type { Keccak } from '../../oracle/reporting/keccak';
import { loadKeccak } from '../../platform/keccak';
import { developmentKey } from './development-key';
import { decryptKeystore, encryptKeystore, KeystoreError } from './keystore';
import type { Keystore } from './keystore-schema';

const VECTOR_KEY = '7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d';

const ADDRESS = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const FAST_N = 2;

let keccak: Keccak;
beforeAll(async () => {
  keccak = await loadKeccak();
});

describe(decryptKeystore.name, () => {
  test("opens the standard's vector", async () => {
    const { privateKey, claimed } = await decryptKeystore(JSON.stringify(KEYSTORE_VECTOR), 'testpassword', keccak);
    expect(privateKey.toString('hex')).toBe(VECTOR_KEY);
    expect(claimed).toBeUndefined();
  });

  test('another password is told from another file, and neither is repeated', async () => {
    const text = await encryptKeystore(developmentKey(), ADDRESS, 'right', keccak, FAST_N);
    const opening = decryptKeystore(text, 'hunter2', keccak);
    await expect(opening).rejects.toThrow(KeystoreError);
    await expect(opening).rejects.toThrow('the password does not open this keystore, or the keystore is damaged');
  });

  const sealed = KEYSTORE_VECTOR.crypto;
  const byScrypt = (n: number, r: number): unknown => {
    const kdfparams = { n, r, p: 1, dklen: 32, salt: sealed.kdfparams.salt };
    return { ...KEYSTORE_VECTOR, crypto: { ...sealed, kdf: 'scrypt', kdfparams } };
  };
  test.each<[string, unknown, RegExp]>([
    ['a file that is not JSON', undefined, /not JSON/],
    ['another version', { ...KEYSTORE_VECTOR, version: 1 }, /expected 3[\s\S]*version/],
    ['an unknown key', { ...KEYSTORE_VECTOR, hint: 'x' }, /hint/],
    ['another cipher', { ...KEYSTORE_VECTOR, crypto: { ...sealed, cipher: 'aes-128-cbc' } }, /cipher/],
    ['another kdf', { ...KEYSTORE_VECTOR, crypto: { ...sealed, kdf: 'argon2' } }, /kdf/],
    [
      'a ciphertext of another length',
      { ...KEYSTORE_VECTOR, crypto: { ...sealed, ciphertext: 'd1' } },
      /32 bytes in hex/,
    ],
    ['a scrypt n that is no power of two', byScrypt(1_000, 8), /power of two/],
    ['a scrypt n beyond its r', byScrypt(2 ** 18, 1), /below 2\^\(16 r\), by RFC 7914/],
    ['a scrypt that would exhaust the memory', byScrypt(2 ** 24, 8), /more than 1 GiB/],
    [
      'a pbkdf2 that would not end',
      { ...KEYSTORE_VECTOR, crypto: { ...sealed, kdfparams: { ...sealed.kdfparams, c: 1e9 } } },
      /10000000/,
    ],
  ])('refuses %s by name', async (_, keystore, message) => {
    const text = keystore === undefined ? 'version: 3' : JSON.stringify(keystore);
    await expect(decryptKeystore(text, 'testpassword', keccak)).rejects.toThrow(message);
  });
});

describe(encryptKeystore.name, () => {
  test('what it writes opens again, with the address as its claim', async () => {
    const text = await encryptKeystore(developmentKey(), ADDRESS, 'pässword', keccak, FAST_N);
    const { privateKey, claimed } = await decryptKeystore(text, 'pässword', keccak);
    expect(privateKey).toEqual(developmentKey());
    expect(claimed).toBe(ADDRESS.toLowerCase());
  });

  test('its key is derived by scrypt as another implementation has it', async () => {
    const text = await encryptKeystore(developmentKey(), ADDRESS, 'p', keccak, 16);
    const { kdfparams, ciphertext, mac } = (JSON.parse(text) as Keystore).crypto;
    const derived = await scrypt({
      password: 'p',
      salt: Buffer.from(kdfparams.salt, 'hex'),
      costFactor: 16,
      blockSize: 8,
      parallelism: 1,
      hashLength: 32,
      outputType: 'binary',
    });
    const expected = keccak(Buffer.concat([derived.subarray(16), Buffer.from(ciphertext, 'hex')]));
    expect(mac).toBe(Buffer.from(expected).toString('hex'));
  });

  test('each keystore has its own salt and iv, so that equal keys do not show', async () => {
    const [one, other] = await Promise.all(
      [1, 2].map(async () => {
        const text = await encryptKeystore(developmentKey(), ADDRESS, 'p', keccak, FAST_N);
        return (JSON.parse(text) as Keystore).crypto;
      }),
    );
    expect(one?.kdfparams.salt).not.toBe(other?.kdfparams.salt);
    expect(one?.cipherparams.iv).not.toBe(other?.cipherparams.iv);
    expect(one?.ciphertext).not.toBe(other?.ciphertext);
  });
});
