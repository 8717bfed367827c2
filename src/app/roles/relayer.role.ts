import { dialectNames } from '../../inbound/venues/registry';
import { readKeystorePassword } from '../../outbound/signing/keystore-password';
import { loadConfiguration } from '../../platform/config/load';
import { loadRelay } from '../../platform/config/load-relay';
import { startRelayer } from '../start-relayer';
import type { ServeOptions, Serving } from './serve-options';
import { remoteOf } from './signing-settings';

/** Keeps stores on chains fresh with what another service publishes. */
export async function serveRelayer(options: ServeOptions): Promise<Serving> {
  const configuration = loadConfiguration(options.config, dialectNames);
  const { http } = configuration.service;
  return startRelayer(
    {
      configuration,
      relay: loadRelay(options.config, configuration.plan),
      keystoreFile: options.keystore,
      password: () => readKeystorePassword(process.env),
      remote: remoteOf(options),
      dataDirectory: options.data,
      environment: process.env,
    },
    { host: options.host ?? http.host, port: Number(options.port ?? http.port) },
  );
}
