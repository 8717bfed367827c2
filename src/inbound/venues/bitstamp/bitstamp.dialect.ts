import { z } from 'zod';
import type { Dialect, Outcome } from '../../dialect';
import { frameTemplate } from '../../wire/frame-template';
import { bestLevel, integerText, readJson, understood } from '../../wire/json';
import { ACKNOWLEDGED, HEARTBEAT, INFORMATION, quoted, RECONNECT, rejected, tooLarge } from '../../wire/outcomes';

// All of it from https://www.bitstamp.net/websocket/v2/

const MAX_FRAME_BYTES = 256 * 1024;
/** "Live order book": the best 100 levels of each side, best first; there is no ticker channel. */
const CHANNEL = 'order_book_';

const ORDER_BOOK = frameTemplate(
  '{"data":{"timestamp":"<:integer>","microtimestamp":"<us:integer>","bids":[["<bid:decimal>","<bidSize:decimal>"]<:levels>],"asks":[["<ask:decimal>","<askSize:decimal>"]<:levels>]},"channel":"order_book_<pair>","event":"data"}',
);
const orderBook = z.object({ data: z.object({ microtimestamp: integerText, bids: bestLevel, asks: bestLevel }) });

/** Configured pairs by themselves. */
type Pairs = ReadonlyMap<string, string>;

export const bitstamp: Dialect<Pairs> = {
  name: 'bitstamp',
  endpoint: 'wss://ws.bitstamp.net',
  // A connection carries at most 1,024 channels.
  maxInstruments: 1024,
  url: (endpoint) => endpoint,
  subscribe: (instruments) =>
    instruments.map((pair) => JSON.stringify({ event: 'bts:subscribe', data: { channel: CHANNEL + pair } })),
  // One frame a pair, so the usual pace would take seconds; the HTTP interface permits 400 requests a second
  // (https://www.bitstamp.net/api/#section/General/Request-limits), and the websocket names no limit.
  subscribeEveryMs: 20,
  // "Heartbeat": the server answers each.
  keepalive: { everyMs: 10_000, frame: '{"event":"bts:heartbeat"}' },
  silenceMs: 30_000,
  // The exchange asks for a new connection when the time has come.
  rotateAfterMs: undefined,
  maxFrameBytes: MAX_FRAME_BYTES,
  open: (instruments) => new Map(instruments.map((pair) => [pair, pair])),
  parse(pairs, frame) {
    if (frame.length > MAX_FRAME_BYTES) return tooLarge(frame, MAX_FRAME_BYTES);
    const words = ORDER_BOOK.read(frame);
    if (words === undefined) return readJson(frame, (json) => anyForm(pairs, frame, json));
    const [microseconds, bid, bidSize, ask, askSize, pair] = words;
    return quoted(pairs.get(pair), pair, {
      bid,
      ask,
      bidSize,
      askSize,
      last: undefined,
      eventAt: microseconds / 1000,
      sequence: undefined,
    });
  },
};

const anyFrame = z.object({ event: z.string(), channel: z.string().optional() });

function anyForm(pairs: Pairs, frame: string, json: unknown): readonly Outcome[] {
  return understood(anyFrame, json, ({ event, channel }) => {
    switch (event) {
      case 'bts:request_reconnect':
        return RECONNECT;
      case 'bts:heartbeat':
        return HEARTBEAT;
      case 'bts:subscription_succeeded':
      case 'bts:unsubscription_succeeded':
        return ACKNOWLEDGED;
      case 'bts:error':
        return rejected('refusedByVenue', frame);
      default:
        break;
    }
    if (event.startsWith('bts:')) return INFORMATION;
    if (channel === undefined) return rejected('wrongShape', frame);
    if (event !== 'data' || !channel.startsWith(CHANNEL)) return rejected('channelNotUsed', channel);
    const pair = channel.slice(CHANNEL.length);
    return understood(orderBook, json, ({ data: { microtimestamp, bids, asks } }) =>
      quoted(pairs.get(pair), pair, {
        bid: bids?.price,
        ask: asks?.price,
        bidSize: bids?.size,
        askSize: asks?.size,
        last: undefined,
        eventAt: microtimestamp / 1000,
        sequence: undefined,
      }),
    );
  });
}
