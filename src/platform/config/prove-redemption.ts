import type { ConfigFile } from './config-file';
import type { Path } from './fault';
import type { ProvenFeed } from './prove-feeds';
import { legOf } from './prove-legs';
import type { ReaderRow } from './schema';

/** As far apart may the nominal prices stand: they are of the right order, no more. */
const MAX_FACTOR = 2;

export interface RedemptionBook {
  readonly file: ConfigFile;
  /** Of the reader. */
  readonly path: Path;
  readonly feeds: { readonly ids: ReadonlySet<string>; readonly proven: readonly ProvenFeed[] };
  /** What each feed is redeemed for, as proved so far. */
  readonly redeemed: Map<string, string>;
}

/**
 * A feed is redeemed for another that is quoted in the same currency, that does not hang on it, and whose nominal price
 * times the nominal rate is of its own order: a rate under the wrong feed, or a factor forgotten, shows here.
 */
export function proveRedemption(
  { file, path, feeds, redeemed }: RedemptionBook,
  { feed, underlying, nominalRate }: Extract<ReaderRow, { kind: 'erc4626' | 'rate' }>,
): void {
  const at = [...path, 'underlying'];
  if (!feeds.ids.has(underlying)) {
    file.fault('unknownFeed', at, { what: `${underlying} is no feed`, wayOut: 'name a feed of feeds.yaml' });
    return;
  }
  redeemed.set(feed, underlying);
  if (currencyOf(underlying) !== currencyOf(feed)) {
    file.fault('rateMismatch', at, {
      what: `${underlying} is not quoted in the currency of ${feed}`,
      value: currencyOf(underlying),
      limit: currencyOf(feed),
      wayOut: 'name the feed of the same asset in this currency',
    });
    return;
  }
  if (hangsOn(underlying, feed, feeds.proven, redeemed, new Set())) {
    file.fault('legCycle', at, {
      what: `${underlying} takes its own price by way of ${feed}`,
      wayOut: 'let one of the two take its price from native sources',
    });
    return;
  }
  const [wrapped, asset] = [feed, underlying].map((id) => feeds.proven.find(({ row }) => row.id === id)?.row);
  if (wrapped === undefined || asset === undefined) return;
  const ratio = (nominalRate * asset.nominalPrice) / wrapped.nominalPrice;
  if (ratio > MAX_FACTOR || ratio < 1 / MAX_FACTOR) {
    file.fault('rateMismatch', [...path, 'nominalRate'], {
      what: `${nominalRate} times the nominal price of ${underlying} is not of the order of ${feed}`,
      value: nominalRate,
      limit: `about ${wrapped.nominalPrice / asset.nominalPrice}`,
      wayOut: 'correct the rate, the feed or the nominal prices',
    });
  }
}

function currencyOf(feed: string): string {
  return feed.slice(feed.indexOf('/') + 1);
}

/** Whether a feed needs another for its price, by legs or by what it is redeemed for. */
function hangsOn(
  feed: string,
  other: string,
  proven: readonly ProvenFeed[],
  redeemed: ReadonlyMap<string, string>,
  visited: Set<string>,
): boolean {
  if (feed === other) return true;
  if (visited.has(feed)) return false;
  visited.add(feed);
  const row = proven.find((each) => each.row.id === feed)?.row;
  const quotes = Object.keys({ ...row?.sources, ...row?.anchors });
  const needed = [redeemed.get(feed), ...quotes.map((quote) => legOf(feed, quote))];
  return needed.some((id) => id !== undefined && hangsOn(id, other, proven, redeemed, visited));
}
