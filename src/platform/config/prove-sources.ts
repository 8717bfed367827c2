import type { ConfigFile } from './config-file';
import type { Path } from './fault';
import { multiplierByName, spell } from './instrument';
import type { FeedRow, SourceRow, VenueRow } from './schema';

/** A source of one feed whose instrument is a market of that feed's asset, by the venue's own spelling. */
export interface ProvenSource {
  /** `binance:BTCUSDT` */
  readonly id: string;
  readonly venue: string;
  readonly upstream: string;
  readonly instrument: string;
  readonly multiplier: number;
  readonly quote: string;
  readonly weight: number;
  readonly maxAgeMs: number;
  readonly maxQuietMs: number;
  readonly maxFutureMs: number;
  /** Present where it is an anchor and no vote. */
  readonly anchor?: { readonly maxDeviationBps: number };
}

export interface VenueBook {
  /** Every name that is written, those of venues with faults included. */
  readonly names: ReadonlySet<string>;
  readonly rows: ReadonlyMap<string, VenueRow>;
  readonly defaults: { readonly maxFutureMs: number; readonly maxDeviationBps: number };
}

/** What the sources of all feeds are proved against. */
export interface SourceBook {
  readonly file: ConfigFile;
  readonly venues: VenueBook;
  /** Ids of sources that are proved, with the feed that has them. */
  readonly taken: Map<string, string>;
}

interface OfFeed {
  readonly feed: FeedRow;
  readonly maxAgeMs: number;
  readonly maxQuietMs: number | undefined;
}

/**
 * The sources of the feed at a path that vote, or those that are anchors; undefined where one of them has a fault.
 * Limits are the feed's own.
 */
export function proveSources(
  book: SourceBook,
  at: Path,
  role: 'sources' | 'anchors',
  { feed, maxAgeMs, maxQuietMs }: OfFeed,
): ProvenSource[] | undefined {
  const sources: ProvenSource[] = [];
  let sound = true;
  for (const [quote, entries] of Object.entries<readonly SourceRow[]>(feed[role])) {
    for (const [i, entry] of entries.entries()) {
      const path = [...at, role, quote, i];
      const venue = proveVenue(book, path, entry.venue, 'prices');
      const named = venue && proveInstrument(book, path, { feed, quote, entry, venue });
      const source = venue &&
        named && {
          id: `${entry.venue}:${named.instrument}`,
          venue: entry.venue,
          upstream: venue.upstream,
          ...named,
          quote,
          weight: ('weight' in entry ? entry.weight : undefined) ?? venue.weight,
          maxAgeMs: entry.maxAgeMs ?? maxAgeMs,
          maxQuietMs: entry.maxQuietMs ?? maxQuietMs ?? entry.maxAgeMs ?? maxAgeMs,
          maxFutureMs: venue.maxFutureMs ?? book.venues.defaults.maxFutureMs,
          ...(role === 'anchors' ? { anchor: { maxDeviationBps: deviationOf(book, entry, venue) } } : {}),
        };
      if (source !== undefined && standsAlone(book, path, feed.id, source, sources)) sources.push(source);
      else sound = false;
    }
  }
  return sound ? sources : undefined;
}

function deviationOf({ venues }: SourceBook, entry: SourceRow, venue: VenueRow): number {
  const own = 'maxDeviationBps' in entry ? entry.maxDeviationBps : undefined;
  return own ?? venue.maxDeviationBps ?? venues.defaults.maxDeviationBps;
}

/** A venue that there is, and that publishes what is asked of it. */
export function proveVenue(
  { file, venues }: Pick<SourceBook, 'file' | 'venues'>,
  path: Path,
  venue: string,
  wanted: VenueRow['publishes'],
): VenueRow | undefined {
  if (!venues.names.has(venue)) {
    file.fault('unknownVenue', path, {
      what: `${venue} is no venue`,
      limit: [...venues.names].join(', '),
      wayOut: 'name one of these, or add it to venues.yaml',
    });
  }
  const row = venues.rows.get(venue);
  if (row === undefined || row.publishes === wanted) return row;
  const others = [...venues.rows].filter(([, { publishes }]) => publishes === wanted).map(([name]) => name);
  file.fault('wrongVenue', path, {
    what: `${venue} publishes ${row.publishes}`,
    value: row.publishes,
    limit: wanted,
    wayOut: others.length === 0 ? `remove it: no venue publishes ${wanted}` : `name one of ${others.join(', ')}`,
  });
  return undefined;
}

interface Market {
  readonly feed: FeedRow;
  readonly quote: string;
  readonly entry: SourceRow;
  readonly venue: VenueRow;
}

/** The instrument is a market of the two currencies, in the units it says, by the way its venue spells markets. */
function proveInstrument(
  { file }: SourceBook,
  path: Path,
  { feed, quote, entry, venue }: Market,
): { instrument: string; multiplier: number } | undefined {
  const [base = ''] = feed.id.split('/');
  const usual = spell(venue.symbols, base, quote);
  const instrument = entry.instrument ?? usual;
  const multiplier = multiplierByName(venue.symbols, base, quote, instrument);
  if (multiplier === undefined) {
    file.fault('wrongInstrument', path, {
      what: `${instrument} is no market of ${base} in ${quote} as ${entry.venue} spells them`,
      value: instrument,
      limit: usual,
      wayOut: 'correct the instrument, or list it under the feed and the currency that it trades',
    });
    return undefined;
  }
  if (multiplier !== entry.multiplier) {
    file.fault('wrongMultiplier', path, {
      what: `a unit of ${instrument} is ${multiplier} ${base} by its name`,
      value: entry.multiplier,
      limit: multiplier,
      wayOut: multiplier === 1 ? 'remove the multiplier, or name the instrument that has it' : `write ${multiplier}`,
    });
    return undefined;
  }
  return { instrument, multiplier };
}

/** One voice is counted once: neither a source twice, nor two sources that would be wrong together. */
function standsAlone(
  { file, taken }: SourceBook,
  path: Path,
  feed: string,
  source: ProvenSource,
  others: readonly ProvenSource[],
): boolean {
  const owner = taken.get(source.id);
  if (owner !== undefined) {
    file.fault('duplicateSource', path, {
      what: `${source.id} already is a source of ${owner}`,
      wayOut: 'keep it in one place',
    });
    return false;
  }
  taken.set(source.id, feed);
  const other = others.find(({ upstream }) => upstream === source.upstream);
  if (other !== undefined) {
    file.fault('upstreamCountedTwice', path, {
      what: `${source.id} and ${other.id} are both of the upstream ${source.upstream}, which could be wrong in both`,
      wayOut: 'keep one of the two',
    });
    return false;
  }
  return true;
}
