import { dialectNames } from '../inbound/venues/registry';
import { Oracle } from '../oracle/oracle';
import { HOUR_MS } from '../oracle/units/time';
import { configHashBytes } from '../platform/config/configuration';
import { loadConfiguration } from '../platform/config/load';
import { loadKeccak } from '../platform/keccak';
import { RecordingWriter } from '../recording/writer';
import { stateToJson } from '../runtime/state-json';

export interface WarmUpOptions {
  readonly config: string;
  readonly out: string;
}

/**
 * `assay warm-up BTC/USD=btc.csv …`: a state that remembers no prices, and yet the risk of hours long past. It is written as
 * the first line of a recording, for `assay serve --state`.
 */
export async function run(files: readonly string[], options: WarmUpOptions): Promise<void> {
  const { readGrids } = await import('../lab/backtest/backtest');
  const configuration = loadConfiguration(options.config, dialectNames);
  const { plan, service } = configuration;
  const signing = { configHash: configHashBytes(configuration), signerEpoch: service.signer.epoch };
  const oracle = new Oracle(plan, { keccak: await loadKeccak(), ...signing });
  let until = 0;
  for (const { id, file } of files.map(named)) {
    const feed = plan.feeds.findIndex((one) => one.id === id);
    if (feed < 0) throw new Error(`${options.config} publishes no ${id}, for which ${file} was given`);
    const [grid, ...others] = readGrids([file]);
    if (grid === undefined || others.length > 0)
      throw new Error(`${file} is to hold the prices of ${id} and no others`);
    const { start, stepMs, bars } = grid;
    if (stepMs !== HOUR_MS || start % HOUR_MS !== 0) {
      throw new Error(`${file} has bars of ${stepMs} ms from ${new Date(start).toISOString()}; whole hours are needed`);
    }
    oracle.warmUp(feed, start / HOUR_MS, bars);
    until = Math.max(until, start + bars.length * HOUR_MS);
  }
  const state = stateToJson({ oracle: oracle.state(), alerts: { pending: {}, firing: [] } });
  const writer = await RecordingWriter.open(options.out, { gzip: options.out.endsWith('.gz') });
  writer.append({ at: until, state });
  await writer.close();
}

function named(text: string): { readonly id: string; readonly file: string } {
  const [, id, file] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (id === undefined || file === undefined) throw new Error(`"${text}" names no feed: write BTC/USD=btc.csv`);
  return { id, file };
}
