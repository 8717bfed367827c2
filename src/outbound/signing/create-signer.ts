import type { Logger } from 'pino';
import type { Keccak } from '../../oracle/reporting/keccak';
import { developmentKey, refuseDevelopmentKey } from './development-key';
import { KeySigner } from './key-signer';
import { decryptKeystore, KeystoreError } from './keystore';
import { readKeystore } from './keystore-file';
import { loadSecp256k1, type Secp256k1 } from './secp256k1';
import type { Signer } from './signer';

/** Exactly one of `keystoreFile` and `development` says where the key is. */
export interface SigningSettings {
  readonly network: string;
  readonly keystoreFile: string | undefined;
  /** Asked only for a keystore, so that the password stands in no settings object. */
  readonly password: () => Promise<string>;
  /** Sign with the key that everyone knows; only on a local network. */
  readonly development: boolean;
}

/** Throws, in words for an operator, where the settings give no key that may sign for the network. */
export async function createSigner(
  settings: SigningSettings,
  keccak: Keccak,
  log: Pick<Logger, 'info' | 'warn'>,
): Promise<Signer> {
  const { network, keystoreFile, development } = settings;
  if ((keystoreFile !== undefined) === development) {
    const fault = development ? 'both a keystore and the development key are chosen' : 'there is no signing key';
    throw new Error(`${fault}: give --keystore FILE or, on a local network, --development-key`);
  }
  const curve = await loadSecp256k1();
  const signer =
    keystoreFile === undefined
      ? new KeySigner(developmentKey(), curve, keccak)
      : await signerFromKeystore(keystoreFile, settings.password, curve, keccak, log);
  refuseDevelopmentKey(signer.address, network);
  if (development) {
    log.warn(
      { network, address: signer.address },
      '*** DEVELOPMENT KEY *** Everyone can sign with this key: these signatures prove nothing.',
    );
  }
  const speed =
    curve.backend === 'native' ? '' : ': the native binary did not load, so signing is some 20 times slower';
  log.info(
    { network, address: signer.address, backend: curve.backend },
    `signing by ${curve.backend} secp256k1${speed}`,
  );
  return signer;
}

async function signerFromKeystore(
  file: string,
  password: () => Promise<string>,
  curve: Secp256k1,
  keccak: Keccak,
  log: Pick<Logger, 'warn'>,
): Promise<KeySigner> {
  const passphrase = await password();
  try {
    const { text, exposed } = await readKeystore(file);
    // Not refused: it is encrypted, and orchestrators mount secrets so.
    if (exposed) log.warn({ file }, `${file} can be read by others than its owner: chmod 600 it`);
    const { privateKey, claimed } = await decryptKeystore(text, passphrase, keccak);
    const signer = new KeySigner(privateKey, curve, keccak);
    privateKey.fill(0);
    if (claimed !== undefined && claimed !== signer.address.toLowerCase()) {
      throw new KeystoreError(`it says that it holds the key of ${claimed}, but holds that of ${signer.address}`);
    }
    return signer;
  } catch (cause) {
    throw new KeystoreError(`keystore ${file}: ${(cause as Error).message}`, { cause });
  }
}
