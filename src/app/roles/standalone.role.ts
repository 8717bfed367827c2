import { dialectNames } from '../../inbound/venues/registry';
import { readKeystorePassword } from '../../outbound/signing/keystore-password';
import { loadConfiguration } from '../../platform/config/load';
import { startStandalone } from '../start-standalone';
import type { ServeOptions, Serving } from './serve-options';

/** Everything in one process: hears the venues, signs, keeps the ledger, serves it. */
export async function serveStandalone(options: ServeOptions): Promise<Serving> {
  const configuration = loadConfiguration(options.config, dialectNames);
  const { http } = configuration.service;
  return startStandalone(
    {
      configuration,
      signing: {
        network: configuration.plan.network,
        keystoreFile: options.keystore,
        password: () => readKeystorePassword(process.env),
        development: options.developmentKey ?? false,
      },
      dataDirectory: options.data,
      recordFile: options.record,
      environment: process.env,
    },
    { host: options.host ?? http.host, port: Number(options.port ?? http.port) },
  );
}
