import 'reflect-metadata';
import { startCollector } from '../app/start-collector';
import { dialectNames } from '../inbound/venues/registry';
import { loadConfiguration } from '../platform/config/load';
import { parseDuration } from './duration';

export interface RecordOptions {
  readonly out: string;
  readonly config: string;
  readonly for?: string;
}

/** `assay record`: what the configured venues and chains say, and nothing published. */
export async function run(options: RecordOptions): Promise<void> {
  const forMs = options.for === undefined ? undefined : parseDuration(options.for);
  const stop = await startCollector(loadConfiguration(options.config, dialectNames), options.out, process.env);
  const timer = forMs === undefined ? undefined : setTimeout(() => void stop(), forMs);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      clearTimeout(timer);
      void stop();
    });
  }
}
