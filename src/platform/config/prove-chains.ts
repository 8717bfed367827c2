import { z } from 'zod';
import type { ChainConfiguration, ReaderConfiguration } from './configuration';
import type { ConfigFile } from './config-file';
import type { Path } from './fault';
import type { ProvenFeed } from './prove-feeds';
import { legOf } from './prove-legs';
import { proveRedemption } from './prove-redemption';
import { chainSchema, nameSchema, type ReaderRow } from './schema';
import { section, sections } from './sections';

/** What readers are proved against. */
export interface FeedBook {
  /** Every id that is written, those of feeds with faults included. */
  readonly ids: ReadonlySet<string>;
  readonly proven: readonly ProvenFeed[];
}

/** The chains of a file. */
export function proveChains(file: ConfigFile, feeds: FeedBook): ChainConfiguration[] {
  sections(file, { chains: z.record(nameSchema, z.unknown()) });
  const seen = new Set<string>();
  const redeemed = new Map<string, string>();
  return Object.keys(file.valueAt(['chains']) ?? {}).flatMap((name) => {
    const row = section(file, ['chains', name], chainSchema);
    if (row === undefined) return [];
    const { chainId, rpcUrlEnv, agree, pollMs } = row;
    const readers = row.readers.map((reader, i): ReaderConfiguration => {
      const path = ['chains', name, 'readers', i];
      const id = `${reader.kind}:${reader.feed}`;
      // One address under two feeds is a pair of swapped or copied rows, which has cost millions elsewhere.
      const marks = [id, `${chainId}:${reader.address.toLowerCase()}`];
      if (isRedemption(reader)) marks.push(`a redemption of ${reader.feed}`);
      for (const mark of marks) {
        if (seen.has(mark)) {
          file.fault('duplicateAnchor', path, { what: `${mark} stands here twice`, wayOut: 'keep one of the two' });
        }
        seen.add(mark);
      }
      if (proveFeed(file, [...path, 'feed'], reader.feed, feeds)) proveReader(file, path, reader, feeds);
      if (isRedemption(reader)) proveRedemption({ file, path, feeds, redeemed }, reader);
      return { id, ...reader };
    });
    const sequencer = row.sequencer && { id: `sequencer:${name}`, ...row.sequencer };
    return [{ name, chainId, rpcUrlEnv, agree, pollMs, sequencer, readers }];
  });
}

export function isRedemption<Row extends ReaderRow>(row: Row): row is Extract<Row, { kind: 'erc4626' | 'rate' }> {
  return row.kind === 'erc4626' || row.kind === 'rate';
}

function proveFeed(file: ConfigFile, path: Path, id: string, { ids }: FeedBook): boolean {
  if (ids.has(id)) return true;
  file.fault('unknownFeed', path, { what: `${id} is no feed`, wayOut: 'name a feed of feeds.yaml' });
  return false;
}

function proveReader(file: ConfigFile, path: Path, reader: ReaderRow, feeds: FeedBook): void {
  if (reader.kind === 'chainlink') proveChainlink(file, path, reader);
  if (reader.kind !== 'uniswap-v3') return;
  const leg = legOf(reader.feed, reader.quote);
  if (leg === undefined || feeds.ids.has(leg)) return;
  file.fault('missingLeg', [...path, 'quote'], {
    what: `the pool of ${reader.feed} trades in ${reader.quote}, and there is no feed ${leg} to convert it`,
    wayOut: `add the feed ${leg}, or name another pool`,
  });
}

/** A source ages by its own limit; an anchor must not fall silent while it keeps its heartbeat. */
function proveChainlink(file: ConfigFile, path: Path, reader: Extract<ReaderRow, { kind: 'chainlink' }>): void {
  const needed = reader.as === 'source' ? 'weight' : 'maxDeviationBps';
  const needless = reader.as === 'source' ? 'maxDeviationBps' : 'weight';
  if (reader[needed] === undefined) {
    file.fault('missingKey', [...path, needed], {
      what: `${needed} is missing, which a reader as ${reader.as} needs`,
      wayOut: 'add it',
    });
  }
  if (reader[needless] !== undefined) {
    file.fault('unknownKey', [...path, needless], {
      what: `${needless} means nothing of a reader as ${reader.as}`,
      wayOut: 'remove it',
    });
  }
  if (reader.as === 'source') return;
  if (reader.maxAgeMs <= reader.heartbeatMs) {
    file.fault('anchorTooStrict', [...path, 'maxAgeMs'], {
      what: `the anchor of ${reader.feed} would fall silent although it keeps its heartbeat`,
      value: reader.maxAgeMs,
      limit: `more than heartbeatMs, ${reader.heartbeatMs}`,
      wayOut: 'raise maxAgeMs',
    });
  }
  if ((reader.maxDeviationBps ?? Infinity) <= reader.thresholdBps) {
    file.fault('anchorTooStrict', [...path, 'maxDeviationBps'], {
      what: `the anchor of ${reader.feed} would speak although it stands within its own threshold`,
      value: reader.maxDeviationBps,
      limit: `more than thresholdBps, ${reader.thresholdBps}`,
      wayOut: 'raise maxDeviationBps',
    });
  }
}
