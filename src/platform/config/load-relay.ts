import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { OraclePlan } from '../../oracle/plan';
import { ConfigFile } from './config-file';
import { ConfigurationError, type Path } from './fault';
import type { RelayChain, RelayConfiguration, RelayStore } from './relay-configuration';
import { fromSchema, relayChainSchema, type StoreRow } from './relay-schema';
import { nameSchema } from './schema';
import { section, sections } from './sections';

const FILE = 'relay.yaml';
const MILLIGWEI = 1_000_000;

/** Reads and proves relay.yaml beside the plan whose groups it carries. Throws ConfigurationError with every fault. */
export function loadRelay(directory: string, plan: OraclePlan): RelayConfiguration {
  const file = openFile(directory);
  const { from } = sections(file, { from: fromSchema, chains: z.record(nameSchema, z.unknown()) });
  const seen = new Set<string>();
  const names = Object.keys(file.valueAt(['chains']) ?? {});
  const chains = names.flatMap((name) => proveChain(file, name, plan, seen));
  if (file.faults.length > 0 || from === undefined) throw new ConfigurationError(file.faults);
  return { from, chains };
}

function openFile(directory: string): ConfigFile {
  const path = join(directory, FILE);
  try {
    return new ConfigFile(FILE, readFileSync(path, 'utf8'));
  } catch (error) {
    const file = new ConfigFile(FILE, '');
    file.fault('unreadable', [], {
      what: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      wayOut: 'a relayer needs one: docs/relayer.md shows it',
    });
    throw new ConfigurationError(file.faults);
  }
}

function proveChain(file: ConfigFile, name: string, plan: OraclePlan, seen: Set<string>): RelayChain[] {
  const path = ['chains', name];
  const row = section(file, path, relayChainSchema);
  if (row === undefined) return [];
  const { maxFeePerGasGwei, stores, ...rest } = row;
  if (plan.cuts.validForMs <= row.blockMs) {
    file.fault('expiresUnmined', [...path, 'blockMs'], {
      what: `a message to ${name} would expire before a block can hold it`,
      value: row.blockMs,
      limit: `less than cuts.validForMs of feeds.yaml, ${plan.cuts.validForMs}`,
      wayOut: 'raise validForMs',
    });
  }
  const proved = stores.flatMap((store, i) => {
    const at = [...path, 'stores', i];
    const mark = `${row.chainId}:${store.address.toLowerCase()}`;
    if (seen.has(mark)) {
      file.fault('duplicateStore', at, { what: `${mark} stands here twice`, wayOut: 'keep one of the two' });
    }
    seen.add(mark);
    return proveStore(file, at, store, plan);
  });
  const maxFeePerGas = BigInt(Math.round(maxFeePerGasGwei * 1_000)) * BigInt(MILLIGWEI);
  return [{ name, ...rest, maxFeePerGas, stores: proved }];
}

function proveStore(file: ConfigFile, path: Path, row: StoreRow, plan: OraclePlan): RelayStore[] {
  const group = plan.groups.find(({ name }) => name === row.group);
  if (group === undefined) {
    file.fault('unknownGroup', [...path, 'group'], {
      what: `${row.group} is no group`,
      limit: plan.groups.map(({ name }) => name).join(', '),
      wayOut: 'name a group of feeds.yaml',
    });
    return [];
  }
  const feeds = group.feeds.map((feed) => plan.feeds[feed]?.id ?? '');
  for (const id of Object.keys(row.deviations)) {
    if (feeds.includes(id)) continue;
    file.fault('unknownFeed', [...path, 'deviations', id], {
      what: `${id} is no feed of ${row.group}`,
      wayOut: 'name a feed of the group',
    });
  }
  const { heartbeatMs, lateAfterMs } = row;
  const deviationBps = feeds.map((id) => row.deviations[id] ?? row.deviationBps);
  const address = row.address as RelayStore['address'];
  return [{ group: group.name, feeds, address, heartbeatMs, deviationBps, lateAfterMs }];
}
