import 'reflect-metadata';
import { startStandalone } from './app/start-standalone';
import { dialectNames } from './inbound/venues/registry';
import { readKeystorePassword } from './outbound/signing/keystore-password';
import { loadConfiguration } from './platform/config/load';

export interface ServeOptions {
  readonly config: string;
  readonly data: string;
  readonly record?: string;
  readonly keystore?: string;
  readonly developmentKey?: boolean;
  readonly host?: string;
  readonly port?: string;
}

/** `assay serve`: publishes until it is told to stop. */
export async function run(options: ServeOptions): Promise<void> {
  const configuration = loadConfiguration(options.config, dialectNames);
  const { http } = configuration.service;
  const service = await startStandalone(
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
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void service.stop());
}
