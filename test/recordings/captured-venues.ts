/** How a venue's frames name their channel and instrument: read here anew, so that a dialect is not its own witness. */
export interface CapturedVenue {
  /** Of the capture, without its `.jsonl.gz`. */
  readonly file: string;
  readonly dialect: string;
  /** Undefined for a frame that belongs to no channel: an answer, a notice. */
  channelOf(frame: Json): string | undefined;
  instrumentsOf(frame: Json): readonly string[];
}

/** A parsed frame; whatever key is missing reads as undefined. */
export type Json = { readonly [key: string]: Json | undefined } & { readonly [index: number]: Json | undefined };

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const only = (value: string | undefined): readonly string[] => (value === undefined ? [] : [value]);

const binance: Omit<CapturedVenue, 'file'> = {
  dialect: 'binance',
  channelOf: ({ stream }) => text(stream)?.replace(/^[^@]*@/, ''),
  instrumentsOf: ({ data }) => only(text(data?.['s'])),
};

/** The venues with a dialect of ours; Kraken's capture speaks v1, which is retired. */
export const capturedVenues: readonly CapturedVenue[] = [
  { ...binance, file: 'BINANCE' },
  { ...binance, file: 'BINANCE_US' },
  {
    file: 'COINBASE',
    dialect: 'coinbase',
    channelOf: ({ channel }) => text(channel),
    instrumentsOf: ({ events }) =>
      list(events)
        .flatMap((event) => [event, ...list(event['tickers']), ...list(event['trades']), ...list(event['candles'])])
        .flatMap((told) => only(text(told['product_id']))),
  },
  {
    file: 'OKX',
    dialect: 'okx',
    channelOf: ({ arg }) => text(arg?.['channel']),
    instrumentsOf: ({ arg }) => only(text(arg?.['instId'])),
  },
  {
    file: 'BYBIT',
    dialect: 'bybit',
    channelOf: ({ topic }) => text(topic)?.replace(/\.[^.]*$/, ''),
    instrumentsOf: ({ topic }) => only(text(topic)?.split('.').at(-1)),
  },
  {
    file: 'DERIBIT',
    dialect: 'deribit',
    channelOf: ({ params }) => text(params?.['channel'])?.replace(/\..*$/, ''),
    instrumentsOf: ({ params }) => only(text(params?.['data']?.['index_name'])),
  },
  {
    file: 'BITSTAMP',
    dialect: 'bitstamp',
    channelOf: ({ channel }) => text(channel)?.replace(/_[^_]*$/, ''),
    instrumentsOf: ({ channel }) => only(text(channel)?.split('_').at(-1)),
  },
];
