import { z } from 'zod';
import type { ConfigFile } from './config-file';
import type { VenueBook } from './prove-sources';
import { nameSchema, venueDefaultsSchema, venueSchema, type VenueRow } from './schema';
import { section, sections } from './sections';

/** The venues of a file by name. `dialects` are the names of the dialects there are. */
export function proveVenues(file: ConfigFile, dialects: readonly string[]): VenueBook {
  const { defaults } = sections(file, { defaults: venueDefaultsSchema, venues: z.record(nameSchema, z.unknown()) });
  const names = Object.keys(file.valueAt(['venues']) ?? {});
  const rows = new Map<string, VenueRow>();
  for (const name of names) {
    const path = ['venues', name];
    const row = section(file, path, venueSchema);
    if (row === undefined) continue;
    if (!dialects.includes(row.dialect)) {
      file.fault('unknownDialect', [...path, 'dialect'], {
        what: `${name} speaks ${row.dialect}, a dialect that is not known`,
        limit: dialects.join(', '),
        wayOut: 'name one of these',
      });
    }
    rows.set(name, row);
  }
  return { names: new Set(names), rows, defaults: defaults ?? { maxFutureMs: 0, maxDeviationBps: 0 } };
}
