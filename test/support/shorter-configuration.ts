import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { dialectNames } from '../../src/inbound/venues/registry';
import type { Configuration } from '../../src/platform/config/configuration';
import { loadConfiguration } from '../../src/platform/config/load';

const SHIPPED = resolve(__dirname, '../../config');

/** One of each kind: a leg, three majors of six voices, a currency of three, a cross without a leg. */
const FEEDS = ['USDT/USD', 'BTC/USD', 'ETH/USD', 'SOL/USD', 'EUR/USD', 'ETH/BTC'];

export interface Shorter {
  /** Policy instead of the shipped defaults; `maxAgeMs` only of feeds that have none of their own. */
  readonly defaults?: Readonly<Record<string, number>>;
  readonly operators?: readonly string[];
  /** Where each venue is to be found, for a process of its own. */
  readonly endpoints?: Readonly<Partial<Record<string, string>>>;
}

interface FeedsFile {
  defaults: Record<string, number>;
  feeds: { readonly id: string }[];
  groups: Record<string, readonly string[]>;
}

/**
 * Writes the shipped configuration into an empty directory, with some of its feeds and a grace that a test can wait
 * for, and reads it as the service does.
 */
export function shorterConfiguration(directory: string, { defaults, operators, endpoints = {} }: Shorter = {}) {
  rewrite(directory, 'feeds', (file: FeedsFile) => ({
    ...file,
    defaults: { ...file.defaults, graceMs: 1_000, ...defaults },
    feeds: file.feeds.filter(({ id }) => FEEDS.includes(id)),
    groups: Object.fromEntries(
      Object.entries(file.groups).map(([name, feeds]) => [name, feeds.filter((id) => FEEDS.includes(id))]),
    ),
  }));
  rewrite(directory, 'venues', (file: { venues: Record<string, object> }) => ({
    ...file,
    venues: Object.fromEntries(
      Object.entries(file.venues).map(([name, venue]) => {
        const endpoint = endpoints[name];
        return [name, endpoint === undefined ? venue : { ...venue, endpoint }];
      }),
    ),
  }));
  rewrite(directory, 'service', (file: object) => ({ ...file, operators: operators ?? [] }));
  for (const name of ['chains', 'alerts']) rewrite(directory, name, (file) => file);
  return loadConfiguration(directory, dialectNames) satisfies Configuration;
}

/** `change` says what it takes the file for. */
function rewrite(directory: string, name: string, change: (file: never) => unknown): void {
  const file = parse(readFileSync(join(SHIPPED, `${name}.yaml`), 'utf8')) as never;
  writeFileSync(join(directory, `${name}.yaml`), stringify(change(file)));
}
