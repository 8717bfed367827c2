import { dialectNames } from '../../inbound/venues/registry';
import { loadConfiguration } from '../../platform/config/load';
import { readRecording } from '../../recording/reader';
import { startStandalone } from '../start-standalone';
import type { ServeOptions, Serving } from './serve-options';
import { signingSettings } from './signing-settings';

/** Everything in one process: hears the venues, signs, keeps the ledger, serves it. */
export async function serveStandalone(options: ServeOptions): Promise<Serving> {
  const configuration = loadConfiguration(options.config, dialectNames);
  const { http } = configuration.service;
  return startStandalone(
    {
      configuration,
      signing: signingSettings(options, configuration),
      dataDirectory: options.data,
      recordFile: options.record,
      state: options.state === undefined ? undefined : await readState(options.state),
      environment: process.env,
    },
    { host: options.host ?? http.host, port: Number(options.port ?? http.port) },
  );
}

async function readState(file: string): Promise<unknown> {
  for await (const event of readRecording(file)) {
    if ('state' in event) return event.state;
    break;
  }
  throw new Error(`${file} does not begin with a state; "assay warm-up" writes one`);
}
