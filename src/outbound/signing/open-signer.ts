import type { Logger } from 'pino';
import type { Keccak } from '../../oracle/reporting/keccak';
import { createSigner, type SigningSettings } from './create-signer';
import { refuseDevelopmentKey } from './development-key';
import type { RemoteSignerSettings } from './remote/web3signer';
import { loadSecp256k1 } from './secp256k1';
import type { AnySigner, Signer } from './signer';

/** Exactly one of `keystoreFile`, `development` and `remote` says where the key is. */
export interface ProcessSigningSettings extends SigningSettings {
  readonly remote?: RemoteSignerSettings | undefined;
  /** A key of this process that is open already, by the same settings: to decrypt one takes a second or more. */
  readonly opened?: Signer | undefined;
}

/** As `createSigner`, for a process that may also have its key on another machine. */
export async function openSigner(
  settings: ProcessSigningSettings,
  keccak: Keccak,
  log: Pick<Logger, 'info' | 'warn'>,
): Promise<AnySigner> {
  const { remote, network, keystoreFile, development, opened } = settings;
  if (remote === undefined) return opened ?? createSigner(settings, keccak, log);
  if (keystoreFile !== undefined || development) {
    const other = development ? 'the development key' : `the keystore ${keystoreFile ?? ''}`;
    throw new Error(
      `both a remote signer and ${other} are chosen: leave one out (service.yaml may name signer.remote)`,
    );
  }
  const { Web3Signer } = await import('./remote/web3signer');
  const signer = await Web3Signer.open(remote, await loadSecp256k1(), keccak);
  try {
    refuseDevelopmentKey(signer.address, network);
  } catch (error) {
    signer.close();
    throw error;
  }
  const { host } = new URL(remote.url);
  log.info({ network, address: signer.address, host }, `signing by the remote signer ${host}`);
  return signer;
}
