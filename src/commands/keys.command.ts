import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { encryptKeystore } from '../outbound/signing/keystore';
import { readKeystorePassword } from '../outbound/signing/keystore-password';
import { KeySigner } from '../outbound/signing/key-signer';
import { loadSecp256k1 } from '../outbound/signing/secp256k1';
import { loadKeccak } from '../platform/keccak';

/**
 * `assay keys new --out FILE`: makes a key and writes it encrypted, readable by its owner alone. Returns its address.
 * An existing file is refused: overwriting a key would end a signer.
 */
export async function newKey(file: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const password = await readKeystorePassword(environment);
  const [curve, keccak] = await Promise.all([loadSecp256k1(), loadKeccak()]);
  // A random number at or above the group order comes once in 2^128 draws; the signer would refuse it.
  const privateKey = randomBytes(32);
  const { address } = new KeySigner(privateKey, curve, keccak);
  await writeFile(file, await encryptKeystore(privateKey, address, password, keccak), { mode: 0o600, flag: 'wx' });
  privateKey.fill(0);
  return address;
}
