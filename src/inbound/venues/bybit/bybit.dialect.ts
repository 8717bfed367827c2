import { z } from 'zod';
import type { Quote } from '../../../oracle/input';
import type { Dialect, Outcome } from '../../dialect';
import { batches } from '../../wire/batches';
import { frameTemplate } from '../../wire/frame-template';
import { integer, levels, readJson, understood, type Level } from '../../wire/json';
import { ACKNOWLEDGED, HEARTBEAT, quoted, RECONNECT, rejected, tooLarge } from '../../wire/outcomes';

// CONNECT is https://bybit-exchange.github.io/docs/v5/ws/connect
// ORDERBOOK is https://bybit-exchange.github.io/docs/v5/websocket/public/orderbook

/** CONNECT, "Public channel - Args limits": spot takes up to 10 arguments a request. */
const ARGUMENTS_A_MESSAGE = 10;
const MAX_FRAME_BYTES = 256 * 1024;
const TOPIC = 'orderbook.1.';

/** ORDERBOOK: level 1 comes as snapshots, on change (at most every 10 ms) and again after 3 s without one. */
const SNAPSHOT = frameTemplate(
  '{"topic":"orderbook.1.<topic>","ts":<ts:integer>,"type":"snapshot","data":{"s":"<symbol>","b":[["<bid:decimal>","<bidSize:decimal>"]],"a":[["<ask:decimal>","<askSize:decimal>"]],"u":<u:integer>,"seq":<seq:integer>},"cts":<:integer>}',
);
const bookFrame = z.object({
  type: z.enum(['snapshot', 'delta']),
  ts: integer,
  data: z.object({ s: z.string(), b: levels, a: levels, u: integer, seq: integer }),
});

interface Book {
  readonly instrument: string;
  /** As it was last told; undefined until a snapshot comes. */
  quote: Quote | undefined;
  /** The `u` of that. */
  update: number;
  sequence: number;
}
type Books = ReadonlyMap<string, Book>;

export const bybit: Dialect<Books> = {
  name: 'bybit',
  // CONNECT; some countries have their own hosts.
  endpoint: 'wss://stream.bybit.com/v5/public/spot',
  // CONNECT: the arguments of a connection stay below 21,000 characters, some 32 for the longest symbols.
  maxInstruments: 500,
  url: (endpoint) => endpoint,
  subscribe: (instruments) =>
    batches(instruments, ARGUMENTS_A_MESSAGE).map((symbols) =>
      JSON.stringify({ op: 'subscribe', args: symbols.map((symbol) => TOPIC + symbol) }),
    ),
  // CONNECT, "How to Send the Heartbeat Packet": every 20 s.
  keepalive: { everyMs: 20_000, frame: '{"op":"ping"}' },
  silenceMs: 30_000,
  rotateAfterMs: undefined,
  maxFrameBytes: MAX_FRAME_BYTES,
  open: (instruments) =>
    new Map(instruments.map((instrument) => [instrument, { instrument, quote: undefined, update: 0, sequence: 0 }])),
  parse(books, frame) {
    if (frame.length > MAX_FRAME_BYTES) return tooLarge(frame, MAX_FRAME_BYTES);
    const words = SNAPSHOT.read(frame);
    if (words === undefined) return readJson(frame, (json) => anyForm(books, frame, json));
    const [topic, eventAt, symbol, bid, bidSize, ask, askSize, update, sequence] = words;
    const quote: Quote = { bid, ask, bidSize, askSize, last: undefined, eventAt, sequence };
    return told(books, topic, symbol, update, sequence, quote);
  },
};

function told(
  books: Books,
  topic: string,
  symbol: string,
  update: number,
  sequence: number,
  quote: Quote,
): readonly Outcome[] {
  const book = books.get(topic);
  if (book === undefined) return rejected('unknownInstrument', topic);
  if (symbol !== topic) return rejected('wrongShape', `${topic} carries ${symbol}`);
  if (sequence < book.sequence) return broken(book, `seq ${sequence} after ${book.sequence}`);
  book.quote = quote;
  book.update = update;
  book.sequence = sequence;
  return quoted(book.instrument, topic, quote);
}

/** The book is lost until a snapshot comes, and only a new connection may begin to count anew. */
function broken(book: Book, detail: string): readonly Outcome[] {
  book.quote = undefined;
  return [...rejected('sequenceGap', `${book.instrument}: ${detail}`), ...RECONNECT];
}

/** The best level of one side; both undefined where the side is empty. */
interface Side {
  readonly price: number | undefined;
  readonly size: number | undefined;
}
const EMPTY: Side = { price: undefined, size: undefined };

/** A delta deletes a level by the size 0; whatever else it names takes the place of the best level. */
function best(before: Side, changes: readonly Level[]): Side {
  return changes.reduce<Side>(
    (side, change) => (change.size !== 0 ? change : side.price === change.price ? EMPTY : side),
    before,
  );
}

const anyFrame = z.object({
  topic: z.string().optional(),
  success: z.boolean().optional(),
  op: z.string().optional(),
  ret_msg: z.string().optional(),
});

function anyForm(books: Books, frame: string, json: unknown): readonly Outcome[] {
  return understood(anyFrame, json, ({ topic, success, op, ret_msg: message }) => {
    if (topic === undefined) {
      if (success === false) return rejected('refusedByVenue', `${op ?? ''}: ${message ?? ''}`);
      if (op === 'ping' || op === 'pong') return HEARTBEAT;
      return op === undefined ? rejected('wrongShape', frame) : ACKNOWLEDGED;
    }
    if (!topic.startsWith(TOPIC)) return rejected('channelNotUsed', topic);
    return understood(bookFrame, json, (said) => bookTold(books, topic.slice(TOPIC.length), said));
  });
}

function bookTold(
  books: Books,
  topic: string,
  { type, ts: eventAt, data }: z.infer<typeof bookFrame>,
): readonly Outcome[] {
  const { s: symbol, u: update, seq: sequence } = data;
  let bid: Side = data.b[0] ?? EMPTY;
  let ask: Side = data.a[0] ?? EMPTY;
  const book = books.get(topic);
  if (type === 'delta' && book !== undefined) {
    if (book.quote === undefined) return broken(book, 'a change to a book not yet sent');
    if (update !== book.update + 1) return broken(book, `u ${update} after ${book.update}`);
    bid = best({ price: book.quote.bid, size: book.quote.bidSize }, data.b);
    ask = best({ price: book.quote.ask, size: book.quote.askSize }, data.a);
  }
  return told(books, topic, symbol, update, sequence, {
    bid: bid.price,
    ask: ask.price,
    bidSize: bid.size,
    askSize: ask.size,
    last: undefined,
    eventAt,
    sequence,
  });
}
