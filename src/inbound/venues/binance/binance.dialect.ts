import { z } from 'zod';
import type { Quote } from '../../../oracle/input';
import { HOUR_MS, MINUTE_MS } from '../../../oracle/units/time';
import type { Dialect, Outcome } from '../../dialect';
import { batches } from '../../wire/batches';
import { frameTemplate } from '../../wire/frame-template';
import { decimal, integer, readJson, understood } from '../../wire/json';
import { ACKNOWLEDGED, quoted, RECONNECT, rejected, tooLarge } from '../../wire/outcomes';

// Sections are of https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams

/** "Websocket Limits": five messages a second, pongs included. Four carry the most streams. */
const STREAMS_A_MESSAGE = 256;
const MAX_FRAME_BYTES = 64 * 1024;

/** "Individual Symbol Book Ticker Streams", wrapped as a combined stream. It carries no time. */
const BOOK_TICKER = frameTemplate(
  '{"stream":"<pair>@bookTicker","data":{"u":<u:integer>,"s":"<s>","b":"<b:decimal>","B":"<B:decimal>","a":"<a:decimal>","A":"<A:decimal>"}}',
);
/**
 * The same of a perpetual, which has times: "Individual Symbol Book Ticker Streams" of
 * https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams
 */
const FUTURES_BOOK_TICKER = frameTemplate(
  '{"stream":"<pair>@bookTicker","data":{"e":"bookTicker","u":<u:integer>,"s":"<s>","b":"<b:decimal>","B":"<B:decimal>","a":"<a:decimal>","A":"<A:decimal>","T":<T:integer>,"E":<:integer>}}',
);
const bookTicker = z.object({
  /** Of a perpetual alone. */
  e: z.literal('bookTicker').optional(),
  u: integer,
  s: z.string(),
  b: decimal,
  B: decimal,
  a: decimal,
  A: decimal,
  T: integer.optional(),
});
const BOOK_TICKER_STREAM = '@bookTicker';

/** Configured symbols by the lower case that streams are named in. */
type Symbols = ReadonlyMap<string, string>;

export const binance: Dialect<Symbols> = {
  name: 'binance',
  // "General WSS information": market data only, no account.
  endpoint: 'wss://data-stream.binance.vision/stream',
  // "Websocket Limits": a connection listens to at most 1,024 streams.
  maxInstruments: 1024,
  url: (endpoint) => endpoint,
  subscribe: (instruments) =>
    batches(instruments, STREAMS_A_MESSAGE).map((symbols, index) => {
      const params = symbols.map((symbol) => symbol.toLowerCase() + BOOK_TICKER_STREAM);
      return JSON.stringify({ method: 'SUBSCRIBE', params, id: index + 1 });
    }),
  // The server pings every 20 s in the websocket protocol, which the socket answers; pongs unasked for do not help.
  keepalive: undefined,
  silenceMs: MINUTE_MS,
  // "General WSS information": a connection is valid for 24 hours.
  rotateAfterMs: 23 * HOUR_MS,
  maxFrameBytes: MAX_FRAME_BYTES,
  open: (instruments) => new Map(instruments.map((symbol) => [symbol.toLowerCase(), symbol])),
  parse(symbols, frame) {
    if (frame.length > MAX_FRAME_BYTES) return tooLarge(frame, MAX_FRAME_BYTES);
    const words = BOOK_TICKER.read(frame) ?? FUTURES_BOOK_TICKER.read(frame);
    if (words === undefined) return readJson(frame, (json) => anyForm(symbols, frame, json));
    const [pair, sequence, symbol, bid, bidSize, ask, askSize, eventAt] = words;
    return ticker(symbols, pair, symbol, { bid, ask, bidSize, askSize, last: undefined, eventAt, sequence });
  },
};

function ticker(symbols: Symbols, pair: string, symbol: string, quote: Quote): readonly Outcome[] {
  const instrument = symbols.get(pair);
  if (instrument !== undefined && instrument !== symbol) return rejected('wrongShape', `${pair} carries ${symbol}`);
  return quoted(instrument, symbol, quote);
}

const refusal = z.object({ code: z.number(), msg: z.string() });
const anyFrame = z.object({
  stream: z.string().optional(),
  data: z.unknown().optional(),
  id: z.unknown().optional(),
  error: refusal.optional(),
  code: z.number().optional(),
  msg: z.string().optional(),
});
const shutdown = z.object({ e: z.literal('serverShutdown') });

function anyForm(symbols: Symbols, frame: string, json: unknown): readonly Outcome[] {
  return understood(anyFrame, json, ({ stream, data, id, error, ...bare }) => {
    // The documents name the event, but not whether a combined connection wraps it.
    if (shutdown.safeParse(data ?? json).success) return RECONNECT;
    if (stream?.endsWith(BOOK_TICKER_STREAM)) {
      const pair = stream.slice(0, -BOOK_TICKER_STREAM.length);
      return understood(bookTicker, data, ({ e, u, s, b, B, a, A, T }) =>
        ticker(symbols, pair, s, {
          bid: b,
          ask: a,
          bidSize: B,
          askSize: A,
          last: undefined,
          eventAt: e === undefined ? undefined : T,
          sequence: u,
        }),
      );
    }
    if (stream !== undefined) return rejected('channelNotUsed', stream);
    const { code, msg } = error ?? bare;
    if (code !== undefined) return rejected('refusedByVenue', `${code}: ${msg ?? ''}`);
    return id === undefined ? rejected('wrongShape', frame) : ACKNOWLEDGED;
  });
}
