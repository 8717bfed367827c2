import type { ImpliedPlan } from '../../oracle/plan';
import type { ConfigFile } from './config-file';
import type { Path } from './fault';
import { spell } from './instrument';
import { proveVenue, type VenueBook } from './prove-sources';
import type { FeedRow } from './schema';

/** All but the feed, which is the row that it stands in. */
export type ProvenImplied = Omit<ImpliedPlan, 'feed'>;

/** The index of a feed's implied volatility: of a venue that publishes such, by the way it spells them. */
export function proveImplied(
  book: { readonly file: ConfigFile; readonly venues: VenueBook },
  feed: Path,
  { id, impliedVolatility }: FeedRow,
): ProvenImplied | undefined {
  if (impliedVolatility === undefined) return undefined;
  const { venue, maxAgeMs } = impliedVolatility;
  const row = proveVenue(book, [...feed, 'impliedVolatility'], venue, 'volatility');
  if (row === undefined) return undefined;
  const [base = '', quote = ''] = id.split('/');
  const instrument = spell(row.symbols, base, quote);
  const maxFutureMs = row.maxFutureMs ?? book.venues.defaults.maxFutureMs;
  return { id: `${venue}:${instrument}`, venue, instrument, maxAgeMs, maxFutureMs };
}
