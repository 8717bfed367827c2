import { readKeystorePassword } from '../../outbound/signing/keystore-password';
import type { ProcessSigningSettings } from '../../outbound/signing/open-signer';
import type { Configuration } from '../../platform/config/configuration';
import { DEFAULT_SIGNER_TIMEOUT_MS, remoteSignerSchema } from '../../platform/config/schema';
import type { ServeOptions } from './serve-options';

/** Where a process has its key, as the options and service.yaml say; what the options name replaces `signer.remote`. */
export function signingSettings(options: ServeOptions, { plan, service }: Configuration): ProcessSigningSettings {
  return {
    network: plan.network,
    keystoreFile: options.keystore,
    password: () => readKeystorePassword(process.env),
    development: options.developmentKey ?? false,
    remote: remoteOf(options) ?? service.signer.remote,
  };
}

/** The web3signer that the options name. Throws, in words for an operator, where they name half of one. */
export function remoteOf({
  remoteSigner: url,
  signerAddress: address,
}: ServeOptions): ProcessSigningSettings['remote'] {
  if (url === undefined && address === undefined) return undefined;
  if (url === undefined || address === undefined) {
    const missing = url === undefined ? '--remote-signer URL' : '--signer-address 0x…';
    throw new Error(`${missing} is missing: a remote signer takes both, where it is and whose signatures are wanted`);
  }
  const remote = remoteSignerSchema.safeParse({ url, address, timeoutMs: DEFAULT_SIGNER_TIMEOUT_MS });
  if (remote.success) return remote.data;
  const [issue] = remote.error.issues;
  const option = issue?.path[0] === 'address' ? '--signer-address' : '--remote-signer';
  throw new Error(`${option}: ${issue?.message ?? 'not of its form'}`);
}
