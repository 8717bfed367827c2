import { readFile } from 'node:fs/promises';
import type { Keccak } from '../../oracle/reporting/keccak';
import { readSecret } from '../../platform/secret';
import { KeySigner } from '../signing/key-signer';
import { decryptKeystore } from '../signing/keystore';
import { loadSecp256k1 } from '../signing/secp256k1';
import type { Signer } from '../signing/signer';

const VARIABLE = 'ASSAY_RELAY_KEY';

export interface RelayKeySettings {
  readonly environment: NodeJS.ProcessEnv;
  readonly keystoreFile: string | undefined;
  /** Asked only for a keystore. */
  readonly password: () => Promise<string>;
}

/**
 * The key of the account that pushes: from ASSAY_RELAY_KEY, its _FILE, or a keystore. It signs no price, so it is worth
 * what it holds for gas. Throws, in words for an operator, where there is none or more than one.
 */
export async function loadRelayKey(settings: RelayKeySettings, keccak: Keccak): Promise<Signer> {
  const { environment, keystoreFile, password } = settings;
  const hex = await readSecret(environment, VARIABLE);
  if ((hex === undefined) === (keystoreFile === undefined)) {
    const fault = hex === undefined ? 'the relayer has no key' : 'the relayer’s key is given twice';
    throw new Error(`${fault}: set ${VARIABLE} or ${VARIABLE}_FILE, or give --keystore FILE`);
  }
  const curve = await loadSecp256k1();
  if (keystoreFile !== undefined) {
    const { privateKey } = await decryptKeystore(await readFile(keystoreFile, 'utf8'), await password(), keccak);
    return new KeySigner(privateKey, curve, keccak);
  }
  const digits = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(hex ?? '')?.[1];
  if (digits === undefined) throw new Error(`${VARIABLE} is no private key: it has 64 hex digits`);
  return new KeySigner(Buffer.from(digits, 'hex'), curve, keccak);
}
