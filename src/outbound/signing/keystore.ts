import {
  createCipheriv,
  createDecipheriv,
  pbkdf2,
  randomBytes,
  randomUUID,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Keccak } from '../../oracle/reporting/keccak';
import { keystoreSchema, type Keystore } from './keystore-schema';

const deriveByPbkdf2 = promisify(pbkdf2);

/** N of scrypt with r 8 and p 1: 128 MiB and about half a second, OWASP's first choice for scrypt. */
const SCRYPT_N = 2 ** 17;

/** Why a keystore gives no key, in words for an operator; never with any part of the key or the password. */
export class KeystoreError extends Error {
  override readonly name = 'KeystoreError';
}

/** What a keystore holds, and its own claim of whose it is: an address in lower case, or undefined for no claim. */
export interface OpenedKeystore {
  readonly privateKey: Buffer;
  readonly claimed: string | undefined;
}

/** Opens a keystore of version 3. Throws KeystoreError for another file or another password. */
export async function decryptKeystore(text: string, password: string, keccak: Keccak): Promise<OpenedKeystore> {
  const { crypto, address } = parseKeystore(text);
  const ciphertext = Buffer.from(crypto.ciphertext, 'hex');
  const derived = await deriveKey(crypto, password);
  const mac = macOf(derived, ciphertext, keccak);
  if (!timingSafeEqual(mac, Buffer.from(crypto.mac, 'hex'))) {
    throw new KeystoreError('the password does not open this keystore, or the keystore is damaged');
  }
  const decipher = createDecipheriv(crypto.cipher, derived.subarray(0, 16), Buffer.from(crypto.cipherparams.iv, 'hex'));
  const privateKey = Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  return { privateKey, claimed: address && `0x${address.replace(/^0x/, '')}`.toLowerCase() };
}

/** A keystore of version 3 as JSON, under scrypt. `n` below the default is for tests alone. */
export async function encryptKeystore(
  privateKey: Uint8Array,
  address: string,
  password: string,
  keccak: Keccak,
  n = SCRYPT_N,
): Promise<string> {
  const iv = randomBytes(16);
  const kdfparams = { n, r: 8, p: 1, dklen: 32, salt: randomBytes(32).toString('hex') } as const;
  const derived = await deriveByScrypt(password, kdfparams);
  const cipher = createCipheriv('aes-128-ctr', derived.subarray(0, 16), iv);
  const ciphertext = Buffer.concat([cipher.update(privateKey), cipher.final()]);
  const keystore: Keystore = {
    version: 3,
    id: randomUUID(),
    address: address.slice(2).toLowerCase(),
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: iv.toString('hex') },
      ciphertext: ciphertext.toString('hex'),
      kdf: 'scrypt',
      kdfparams,
      mac: Buffer.from(macOf(derived, ciphertext, keccak)).toString('hex'),
    },
  };
  return `${JSON.stringify(keystore, null, 2)}\n`;
}

/** What a keystore says of itself, before any password. Throws KeystoreError for what is none. */
export function parseKeystore(text: string): Keystore {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new KeystoreError('this is no keystore: it is not JSON');
  }
  const parsed = keystoreSchema.safeParse(json);
  if (!parsed.success) throw new KeystoreError(`this is no keystore of version 3:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function deriveKey(crypto: Keystore['crypto'], password: string): Promise<Buffer> {
  if (crypto.kdf === 'scrypt') return deriveByScrypt(password, crypto.kdfparams);
  const { c, dklen, salt } = crypto.kdfparams;
  return deriveByPbkdf2(password, Buffer.from(salt, 'hex'), c, dklen, 'sha256');
}

function deriveByScrypt(
  password: string,
  { n, r, p, dklen, salt }: Extract<Keystore['crypto'], { kdf: 'scrypt' }>['kdfparams'],
): Promise<Buffer> {
  const maxmem = 128 * r * (n + p) + 2 ** 20;
  return new Promise((resolve, reject) => {
    scrypt(password, Buffer.from(salt, 'hex'), dklen, { N: n, r, p, maxmem }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

function macOf(derived: Buffer, ciphertext: Buffer, keccak: Keccak): Uint8Array {
  return keccak(Buffer.concat([derived.subarray(16, 32), ciphertext]));
}
