import { z } from 'zod';
import type { AnchorConfiguration, ChainConfiguration } from './configuration';
import type { ConfigFile } from './config-file';
import type { Path } from './fault';
import { chainSchema, nameSchema, type ChainRow } from './schema';
import { section, sections } from './sections';

/** The chains of a file. `feeds` are the ids of all feeds that are written. */
export function proveChains(file: ConfigFile, feeds: ReadonlySet<string>): ChainConfiguration[] {
  sections(file, { chains: z.record(nameSchema, z.unknown()) });
  const seen = new Set<string>();
  return Object.keys(file.valueAt(['chains']) ?? {}).flatMap((name) => {
    const row = section(file, ['chains', name], chainSchema);
    if (row === undefined) return [];
    const anchors = row.readers.map((reader, i) => {
      const path = ['chains', name, 'readers', i];
      proveAnchor(file, path, reader, feeds);
      const anchor: AnchorConfiguration = { id: `${reader.kind}:${reader.feed}`, ...reader };
      // One address under two feeds is a pair of swapped or copied rows, which has cost millions elsewhere.
      for (const mark of [anchor.id, `${row.chainId}:${reader.address.toLowerCase()}`]) {
        if (seen.has(mark)) {
          file.fault('duplicateAnchor', path, { what: `${mark} stands here twice`, wayOut: 'keep one of the two' });
        }
        seen.add(mark);
      }
      return anchor;
    });
    return [{ name, chainId: row.chainId, rpcUrlEnv: row.rpcUrlEnv, pollMs: row.pollMs, anchors }];
  });
}

function proveAnchor(
  file: ConfigFile,
  path: Path,
  reader: ChainRow['readers'][number],
  feeds: ReadonlySet<string>,
): void {
  if (!feeds.has(reader.feed)) {
    file.fault('unknownFeed', [...path, 'feed'], {
      what: `${reader.feed} is no feed`,
      wayOut: 'name a feed of feeds.yaml',
    });
  }
  if (reader.maxAgeMs <= reader.heartbeatMs) {
    file.fault('anchorTooStrict', [...path, 'maxAgeMs'], {
      what: `the anchor of ${reader.feed} would fall silent although it keeps its heartbeat`,
      value: reader.maxAgeMs,
      limit: `more than heartbeatMs, ${reader.heartbeatMs}`,
      wayOut: 'raise maxAgeMs',
    });
  }
  if (reader.maxDeviationBps <= reader.thresholdBps) {
    file.fault('anchorTooStrict', [...path, 'maxDeviationBps'], {
      what: `the anchor of ${reader.feed} would speak although it stands within its own threshold`,
      value: reader.maxDeviationBps,
      limit: `more than thresholdBps, ${reader.thresholdBps}`,
      wayOut: 'raise maxDeviationBps',
    });
  }
}
