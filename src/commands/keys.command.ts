import { randomBytes } from 'node:crypto';
import { writeKeystore } from '../outbound/signing/keystore-file';
import { readKeystorePassword } from '../outbound/signing/keystore-password';
import { loadKeccak } from '../platform/keccak';

/** `assay keys new --out FILE`: makes a key and writes it encrypted, readable by its owner alone. Returns its address. */
export async function newKey(file: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const password = await readKeystorePassword(environment);
  // A random number at or above the group order comes once in 2^128 draws; it would be refused.
  const privateKey = randomBytes(32);
  try {
    return await writeKeystore(file, privateKey, password, await loadKeccak());
  } finally {
    privateKey.fill(0);
  }
}
