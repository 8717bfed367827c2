import { readFile } from 'node:fs/promises';
import type { Keccak } from '../../oracle/reporting/keccak';
import { readSecret } from '../../platform/secret';
import { KeySigner } from '../signing/key-signer';
import { decryptKeystore } from '../signing/keystore';
import type { RemoteSignerSettings } from '../signing/remote/web3signer';
import { loadSecp256k1 } from '../signing/secp256k1';
import type { AnySigner } from '../signing/signer';

const VARIABLE = 'ASSAY_RELAY_KEY';

export interface RelayKeySettings {
  readonly environment: NodeJS.ProcessEnv;
  readonly keystoreFile: string | undefined;
  /** Asked only for a keystore. */
  readonly password: () => Promise<string>;
  /** A web3signer that this process was told of. */
  readonly remote?: RemoteSignerSettings | undefined;
  /** The one of service.yaml, which may be meant for another process: used where nothing else is given. */
  readonly configured?: RemoteSignerSettings | undefined;
}

/**
 * The key of the account that pushes: from ASSAY_RELAY_KEY, its _FILE, a keystore, or a web3signer, which the caller
 * closes. It signs no price, so it is worth what it holds for gas. Throws, in words for an operator, where there is none
 * or more than one, and RemoteSignerError where the web3signer does not sign with it.
 */
export async function loadRelayKey(settings: RelayKeySettings, keccak: Keccak): Promise<AnySigner> {
  const { environment, keystoreFile, password, configured } = settings;
  const hex = await readSecret(environment, VARIABLE);
  const given = [hex, keystoreFile, settings.remote].filter((key) => key !== undefined).length;
  const remote = given === 0 ? configured : settings.remote;
  if (given > 1 || (given === 0 && remote === undefined)) {
    const fault = given === 0 ? 'the relayer has no key' : 'the relayer’s key is given twice';
    throw new Error(`${fault}: set ${VARIABLE} or ${VARIABLE}_FILE, or give --keystore FILE or --remote-signer URL`);
  }
  const curve = await loadSecp256k1();
  if (remote !== undefined) {
    const { Web3Signer } = await import('../signing/remote/web3signer');
    return Web3Signer.open(remote, curve, keccak);
  }
  if (keystoreFile !== undefined) {
    const { privateKey } = await decryptKeystore(await readFile(keystoreFile, 'utf8'), await password(), keccak);
    return new KeySigner(privateKey, curve, keccak);
  }
  const digits = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(hex ?? '')?.[1];
  if (digits === undefined) throw new Error(`${VARIABLE} is no private key: it has 64 hex digits`);
  return new KeySigner(Buffer.from(digits, 'hex'), curve, keccak);
}
