import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { CutPolicy } from '../../oracle/plan';
import { compile, configHash } from './compile';
import { ConfigFile } from './config-file';
import type { AlertConfiguration, Configuration, ServiceConfiguration, VenueConfiguration } from './configuration';
import { ConfigurationError } from './fault';
import { proveChains } from './prove-chains';
import { proveFeeds, writtenFeeds, type ProvenFeed } from './prove-feeds';
import { proveGroups } from './prove-groups';
import type { VenueBook } from './prove-sources';
import { proveVenues } from './prove-venues';
import { proveWitnesses } from './prove-witnesses';
import * as shapes from './schema';
import { sections } from './sections';

const FILES = ['feeds', 'venues', 'chains', 'alerts', 'service'] as const;
type Files = Readonly<Record<(typeof FILES)[number], ConfigFile>>;

/**
 * Reads and proves the five YAML files of a directory. `dialects` are the names of the dialects there are.
 * Throws ConfigurationError with every fault of all files; a file that cannot be parsed hides what else is wrong.
 */
export function loadConfiguration(directory: string, dialects: readonly string[]): Configuration {
  const files = Object.fromEntries(
    FILES.map((name) => [name, openFile(directory, `${name}.yaml`)]),
  ) as unknown as Files;
  refuseFaults(files);

  const { network, cuts, groups } = sections(files.feeds, {
    network: shapes.nameSchema,
    cuts: shapes.cutsSchema,
    defaults: z.unknown(),
    feeds: z.array(z.unknown()).min(1),
    groups: shapes.groupsSchema,
  });
  if (cuts !== undefined) proveCuts(files.feeds, cuts);
  const venues = proveVenues(files.venues, dialects);
  const feeds = proveFeeds(files.feeds, venues);
  proveGroups(files.feeds, groups ?? {}, writtenFeeds(files.feeds));
  // Feeds that hang on each other are told of once, and not again for all that is redeemed for them.
  const isAcyclic = !files.feeds.faults.some(({ code }) => code === 'legCycle');
  const chains = proveChains(files.chains, { ids: writtenFeeds(files.feeds), proven: isAcyclic ? feeds : [] });
  const alerts = readAlerts(files.alerts, writtenFeeds(files.feeds));
  const service = readService(files.service);
  refuseFaults(files);
  if (
    network === undefined ||
    cuts === undefined ||
    groups === undefined ||
    alerts === undefined ||
    service === undefined
  ) {
    throw new Error('a section of the configuration is missing and no fault was reported: a bug of platform/config');
  }

  const plan = compile({ network, cuts, feeds, chains, groups });
  proveWitnesses(files.feeds, plan);
  refuseFaults(files);
  return {
    plan,
    configHash: configHash(plan),
    nominalPrices: feeds.map(({ row }) => row.nominalPrice),
    venues: venuesInUse(venues, feeds),
    chains,
    alerts,
    service,
  };
}

function openFile(directory: string, name: string): ConfigFile {
  const path = join(directory, name);
  try {
    return new ConfigFile(name, readFileSync(path, 'utf8'));
  } catch (error) {
    const file = new ConfigFile(name, '');
    file.fault('unreadable', [], {
      what: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      wayOut: `name a directory that holds ${FILES.map((each) => `${each}.yaml`).join(', ')}`,
    });
    return file;
  }
}

function refuseFaults(files: Files): void {
  const faults = FILES.flatMap((name) => files[name].faults.toSorted((a, b) => a.line - b.line));
  if (faults.length > 0) throw new ConfigurationError(faults);
}

function proveCuts(file: ConfigFile, cuts: CutPolicy): void {
  if (cuts.maxIntervalMs < cuts.minIntervalMs) {
    file.fault('cutsCross', ['cuts', 'maxIntervalMs'], {
      what: 'a cut would be owed before one is allowed',
      value: cuts.maxIntervalMs,
      limit: `at least minIntervalMs, ${cuts.minIntervalMs}`,
      wayOut: 'raise maxIntervalMs',
    });
  }
  if (cuts.validForMs <= cuts.maxIntervalMs) {
    file.fault('cutsCross', ['cuts', 'validForMs'], {
      what: 'a snapshot would run out before the next one is owed',
      value: cuts.validForMs,
      limit: `more than maxIntervalMs, ${cuts.maxIntervalMs}`,
      wayOut: 'raise validForMs',
    });
  }
}

function readAlerts(file: ConfigFile, feeds: ReadonlySet<string>): AlertConfiguration | undefined {
  const { rules, sinks } = sections(file, { rules: shapes.rulesSchema, sinks: shapes.sinksSchema });
  for (const id of Object.keys(rules?.cheapToMove?.floors ?? {})) {
    if (feeds.has(id)) continue;
    const path = ['rules', 'cheapToMove', 'floors', id];
    file.fault('unknownFeed', path, { what: `${id} is no feed`, wayOut: 'name a feed of feeds.yaml' });
  }
  if (rules === undefined || sinks === undefined) return undefined;
  return { rules, sinks: { log: sinks.log, webhook: sinks.webhook } };
}

function readService(file: ConfigFile): ServiceConfiguration | undefined {
  const { http, ledger, signer, operators } = sections(file, {
    http: shapes.httpSchema,
    ledger: shapes.ledgerSchema,
    signer: shapes.signerSchema,
    operators: shapes.operatorsSchema,
  });
  if (http === undefined || ledger === undefined || signer === undefined || operators === undefined) return undefined;
  return { http, ledger, signer, operators: operators.map((address) => address.toLowerCase()) };
}

/** Venues that no feed listens to are left out. */
function venuesInUse(venues: VenueBook, feeds: readonly ProvenFeed[]): VenueConfiguration[] {
  const sources = feeds.flatMap(({ sources, anchors, implied }) => [
    ...sources,
    ...anchors,
    ...(implied ? [implied] : []),
  ]);
  return [...venues.rows].flatMap(([name, { dialect, endpoint }]) => {
    const instruments = sources.filter(({ venue }) => venue === name).map(({ instrument }) => instrument);
    return instruments.length === 0 ? [] : [{ name, dialect, endpoint, instruments }];
  });
}
