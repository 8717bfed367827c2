import { z } from 'zod';
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
  bid: Level | undefined;
  ask: Level | undefined;
  /** The book's `u`; undefined until a snapshot comes. */
  update: number | undefined;
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
    new Map(
      instruments.map((instrument) => [
        instrument,
        { instrument, bid: undefined, ask: undefined, update: undefined, sequence: 0 },
      ]),
    ),
  parse(books, frame) {
    if (frame.length > MAX_FRAME_BYTES) return tooLarge(frame, MAX_FRAME_BYTES);
    const words = SNAPSHOT.read(frame);
    if (words === undefined) return readJson(frame, (json) => anyForm(books, json));
    const [topic, eventAt, symbol, bid, bidSize, ask, askSize, update, sequence] = words;
    return changed(books, topic, symbol, sequence, (book) => {
      book.bid = { price: bid, size: bidSize };
      book.ask = { price: ask, size: askSize };
      book.update = update;
      return told(book, eventAt, sequence);
    });
  },
};

/** Applies `change` to the book of a topic, where there is one and the frame follows what came before. */
function changed(
  books: Books,
  topic: string,
  symbol: string,
  sequence: number,
  change: (book: Book) => readonly Outcome[],
): readonly Outcome[] {
  const book = books.get(topic);
  if (book === undefined) return rejected('unknownInstrument', topic);
  if (symbol !== topic) return rejected('wrongShape', `${topic} carries ${symbol}`);
  if (sequence < book.sequence) return broken(book, `seq ${sequence} after ${book.sequence}`);
  book.sequence = sequence;
  return change(book);
}

/** The book is lost until a snapshot comes, and only a new connection may begin to count anew. */
function broken(book: Book, detail: string): readonly Outcome[] {
  book.update = undefined;
  return [...rejected('sequenceGap', `${book.instrument}: ${detail}`), ...RECONNECT];
}

function told({ instrument, bid, ask }: Book, eventAt: number, sequence: number): readonly Outcome[] {
  return quoted(instrument, instrument, {
    bid: bid?.price,
    ask: ask?.price,
    bidSize: bid?.size,
    askSize: ask?.size,
    last: undefined,
    eventAt,
    sequence,
  });
}

/** A delta deletes a level by the size 0; whatever else it names takes the place of the best level. */
function best(before: Level | undefined, changes: readonly Level[]): Level | undefined {
  return changes.reduce<Level | undefined>(
    (level, change) => (change.size !== 0 ? change : level?.price === change.price ? undefined : level),
    before,
  );
}

const anyFrame = z.object({
  topic: z.string().optional(),
  success: z.boolean().optional(),
  op: z.string().optional(),
  ret_msg: z.string().optional(),
});

function anyForm(books: Books, json: unknown): readonly Outcome[] {
  return understood(anyFrame, json, ({ topic, success, op, ret_msg: message }) => {
    if (topic === undefined) {
      if (success === false) return rejected('refusedByVenue', `${op ?? ''}: ${message ?? ''}`);
      if (op === 'ping' || op === 'pong') return HEARTBEAT;
      return op === undefined ? rejected('wrongShape', JSON.stringify(json)) : ACKNOWLEDGED;
    }
    if (!topic.startsWith(TOPIC)) return rejected('channelNotUsed', topic);
    return understood(bookFrame, json, ({ type, ts, data: { s: symbol, b, a, u: update, seq } }) =>
      changed(books, topic.slice(TOPIC.length), symbol, seq, (book) => {
        if (type === 'snapshot') {
          book.bid = b[0];
          book.ask = a[0];
        } else {
          if (book.update === undefined) return broken(book, 'a change to a book not yet sent');
          if (update !== book.update + 1) return broken(book, `u ${update} after ${book.update}`);
          book.bid = best(book.bid, b);
          book.ask = best(book.ask, a);
        }
        book.update = update;
        return told(book, ts, seq);
      }),
    );
  });
}
