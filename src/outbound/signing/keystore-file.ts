import { readFile, stat, writeFile } from 'node:fs/promises';
import type { Keccak } from '../../oracle/reporting/keccak';
import { KeySigner } from './key-signer';
import { encryptKeystore, KeystoreError } from './keystore';
import { loadSecp256k1 } from './secp256k1';

const OTHERS_MAY_READ = 0o044;
/** Some hundred times what a keystore takes. */
const MAX_BYTES = 64 * 1024;

/**
 * Writes a key encrypted, readable by its owner alone, and returns its address. Throws RangeError for what is no private
 * key, KeystoreError where the file exists: overwriting a key would end a signer.
 */
export async function writeKeystore(
  file: string,
  privateKey: Uint8Array,
  password: string,
  keccak: Keccak,
): Promise<string> {
  const { address } = new KeySigner(privateKey, await loadSecp256k1(), keccak);
  const text = await encryptKeystore(privateKey, address, password, keccak);
  try {
    await writeFile(file, text, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const what = code === 'EEXIST' ? 'exists, and a key is never overwritten: name another file' : message;
    throw new KeystoreError(`${file}: ${what}`, { cause });
  }
  return address;
}

export interface KeystoreText {
  readonly text: string;
  /** Group or world may read it: a password is then all that keeps the key. */
  readonly exposed: boolean;
  readonly createdAt: Date;
}

/** Throws KeystoreError for what is too big to be a keystore, and what the system says where it cannot be read. */
export async function readKeystore(file: string): Promise<KeystoreText> {
  const { mode, size, birthtime } = await stat(file);
  if (size > MAX_BYTES) throw new KeystoreError(`it has ${size} bytes, and a keystore has less than ${MAX_BYTES}`);
  return { text: await readFile(file, 'utf8'), exposed: (mode & OTHERS_MAY_READ) !== 0, createdAt: birthtime };
}
