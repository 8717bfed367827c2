import { z } from 'zod';
import type { Quote } from '../../../oracle/input';
import type { Dialect, Outcome } from '../../dialect';
import { frameTemplate } from '../../wire/frame-template';
import { decimal, integer, isoTime, readJson, understood } from '../../wire/json';
import { ACKNOWLEDGED, HEARTBEAT, INFORMATION, quoted, rejected, tooLarge } from '../../wire/outcomes';

// CHANNELS is https://docs.cdp.coinbase.com/coinbase-app/advanced-trade-apis/websocket/websocket-channels
// OVERVIEW is https://docs.cdp.coinbase.com/coinbase-app/advanced-trade-apis/websocket/websocket-overview

const MAX_FRAME_BYTES = 1024 * 1024;

/** CHANNELS, "Ticker Channel"; a snapshot and an update have one form, and each frame is complete. */
const TICKER = frameTemplate(
  '{"channel":"ticker","timestamp":"<at:time>","sequence_num":<n:integer>,"events":[{"type":"<:text>","tickers":[{"type":"ticker","product_id":"<id>","price":"<last:decimal>","volume_24_h":"<:decimal>","low_24_h":"<:decimal>","high_24_h":"<:decimal>","low_52_w":"<:decimal>","high_52_w":"<:decimal>","price_percent_chg_24_h":"<:decimal>","best_bid":"<bid:decimal>","best_ask":"<ask:decimal>","best_bid_quantity":"<bs:decimal>","best_ask_quantity":"<as:decimal>"}]}]}',
);
const ticker = z.object({
  product_id: z.string(),
  price: decimal,
  best_bid: decimal,
  best_ask: decimal,
  best_bid_quantity: decimal,
  best_ask_quantity: decimal,
});
const tickers = z.object({ timestamp: isoTime, events: z.array(z.object({ tickers: z.array(ticker) })) });

interface Connection {
  readonly products: ReadonlyMap<string, string>;
  /** `sequence_num` counts every message of the connection, whatever its channel. */
  nextSequence: number | undefined;
}

export const coinbase: Dialect<Connection> = {
  name: 'coinbase',
  // OVERVIEW, "Endpoints": market data, no key.
  endpoint: 'wss://advanced-trade-ws.coinbase.com',
  // No limit is documented; one subscription message stays short.
  maxInstruments: 200,
  url: (endpoint) => endpoint,
  subscribe: (instruments) => [
    JSON.stringify({ type: 'subscribe', product_ids: instruments, channel: 'ticker' }),
    // CHANNELS: channels close after 60 to 90 s without updates unless heartbeats are subscribed to.
    JSON.stringify({ type: 'subscribe', channel: 'heartbeats' }),
  ],
  keepalive: undefined,
  // A heartbeat comes every second.
  silenceMs: 10_000,
  rotateAfterMs: undefined,
  maxFrameBytes: MAX_FRAME_BYTES,
  open: (instruments) => ({
    products: new Map(instruments.map((product) => [product, product])),
    nextSequence: undefined,
  }),
  parse(connection, frame) {
    if (frame.length > MAX_FRAME_BYTES) return tooLarge(frame, MAX_FRAME_BYTES);
    const words = TICKER.read(frame);
    if (words === undefined) return readJson(frame, (json) => anyForm(connection, frame, json));
    const [eventAt, sequence, product, last, bid, ask, bidSize, askSize] = words;
    const quote = { bid, ask, bidSize, askSize, last, eventAt, sequence };
    return inSequence(connection, sequence, quoted(connection.products.get(product), product, quote));
  },
};

/**
 * A gap is counted and the connection kept: every ticker is complete, so what was lost is replaced by the product's
 * next match. To reconnect instead would silence all products just when the exchange is busiest.
 */
function inSequence(connection: Connection, sequence: number, outcomes: readonly Outcome[]): readonly Outcome[] {
  const expected = connection.nextSequence ?? sequence;
  connection.nextSequence = Math.max(expected, sequence + 1);
  return sequence === expected
    ? outcomes
    : [...rejected('sequenceGap', `sequence_num ${sequence}, expected ${expected}`), ...outcomes];
}

const anyFrame = z.object({
  type: z.string().optional(),
  message: z.string().optional(),
  channel: z.string().optional(),
  sequence_num: integer.optional(),
});

function anyForm(connection: Connection, frame: string, json: unknown): readonly Outcome[] {
  return understood(anyFrame, json, ({ type, message, channel, sequence_num: sequence }) => {
    if (type === 'error') return rejected('refusedByVenue', message ?? frame);
    if (channel === undefined || sequence === undefined) return rejected('wrongShape', frame);
    return inSequence(connection, sequence, channelFrame(connection, channel, sequence, json));
  });
}

function channelFrame({ products }: Connection, channel: string, sequence: number, json: unknown): readonly Outcome[] {
  switch (channel) {
    case 'ticker':
      return understood(tickers, json, ({ timestamp, events }) => {
        const outcomes = events
          .flatMap((event) => event.tickers)
          .flatMap((said) =>
            quoted(products.get(said.product_id), said.product_id, quoteOf(said, timestamp, sequence)),
          );
        return outcomes.length > 0 ? outcomes : INFORMATION;
      });
    case 'heartbeats':
      return HEARTBEAT;
    case 'subscriptions':
      return ACKNOWLEDGED;
    default:
      return rejected('channelNotUsed', channel);
  }
}

function quoteOf(said: z.infer<typeof ticker>, eventAt: number, sequence: number): Quote {
  return {
    bid: said.best_bid,
    ask: said.best_ask,
    bidSize: said.best_bid_quantity,
    askSize: said.best_ask_quantity,
    last: said.price,
    eventAt,
    sequence,
  };
}
