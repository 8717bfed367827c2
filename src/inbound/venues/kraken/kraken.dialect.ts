import { z } from 'zod';
import type { Quote } from '../../../oracle/input';
import type { Dialect, Outcome } from '../../dialect';
import { frameTemplate } from '../../wire/frame-template';
import { isoTime, number, readJson, understood } from '../../wire/json';
import { ACKNOWLEDGED, HEARTBEAT, INFORMATION, quoted, rejected, tooLarge } from '../../wire/outcomes';

// TICKER is https://docs.kraken.com/api/docs/websocket-v2/ticker

const MAX_FRAME_BYTES = 1024 * 1024;

/** TICKER, "Snapshot / Update": one form for both. Figures are JSON numbers. */
const TICKER = frameTemplate(
  '{"channel":"ticker","type":"<:text>","data":[{"symbol":"<symbol>","bid":<bid:number>,"bid_qty":<bidSize:number>,"ask":<ask:number>,"ask_qty":<askSize:number>,"last":<last:number>,"volume":<:number>,"vwap":<:number>,"low":<:number>,"high":<:number>,"change":<:number>,"change_pct":<:number>,"trades":<:number>,"timestamp":"<at:time>"}]}',
);
/** The same before `trades` was added to it. */
const TICKER_WITHOUT_TRADES = frameTemplate(
  '{"channel":"ticker","type":"<:text>","data":[{"symbol":"<symbol>","bid":<bid:number>,"bid_qty":<bidSize:number>,"ask":<ask:number>,"ask_qty":<askSize:number>,"last":<last:number>,"volume":<:number>,"vwap":<:number>,"low":<:number>,"high":<:number>,"change":<:number>,"change_pct":<:number>,"timestamp":"<at:time>"}]}',
);
const tickers = z.object({
  data: z.array(
    z.object({
      symbol: z.string(),
      bid: number.nullish(),
      bid_qty: number.nullish(),
      ask: number.nullish(),
      ask_qty: number.nullish(),
      // "Only guaranteed if traded within the past 24 hours."
      last: number.nullish(),
      // Earlier frames lack it.
      timestamp: isoTime.optional(),
    }),
  ),
});

/** Configured symbols by themselves. */
type Symbols = ReadonlyMap<string, string>;

export const kraken: Dialect<Symbols> = {
  name: 'kraken',
  endpoint: 'wss://ws.kraken.com/v2',
  // No limit is documented; one subscription message stays short.
  maxInstruments: 200,
  url: (endpoint) => endpoint,
  // `bbo` rather than the default `trades`: told on each change of the best prices, not only when they trade.
  subscribe: (instruments) => [
    JSON.stringify({ method: 'subscribe', params: { channel: 'ticker', symbol: instruments, event_trigger: 'bbo' } }),
  ],
  keepalive: undefined,
  // A heartbeat comes about every second when nothing else does:
  // https://docs.kraken.com/api/docs/websocket-v2/heartbeat
  silenceMs: 10_000,
  rotateAfterMs: undefined,
  maxFrameBytes: MAX_FRAME_BYTES,
  open: (instruments) => new Map(instruments.map((symbol) => [symbol, symbol])),
  parse(symbols, frame) {
    if (frame.length > MAX_FRAME_BYTES) return tooLarge(frame, MAX_FRAME_BYTES);
    const words = TICKER.read(frame) ?? TICKER_WITHOUT_TRADES.read(frame);
    if (words === undefined) return readJson(frame, (json) => anyForm(symbols, frame, json));
    const [symbol, bid, bidSize, ask, askSize, last, eventAt] = words;
    const quote: Quote = { bid, ask, bidSize, askSize, last, eventAt, sequence: undefined };
    return quoted(symbols.get(symbol), symbol, quote);
  },
};

const anyFrame = z.object({
  channel: z.string().optional(),
  method: z.string().optional(),
  success: z.boolean().optional(),
  error: z.string().optional(),
});

function anyForm(symbols: Symbols, frame: string, json: unknown): readonly Outcome[] {
  return understood(anyFrame, json, ({ channel, method, success, error }) => {
    if (error !== undefined || success === false) return rejected('refusedByVenue', error ?? frame);
    if (method === 'pong') return HEARTBEAT;
    if (method !== undefined) return ACKNOWLEDGED;
    switch (channel) {
      case 'ticker':
        return understood(tickers, json, ({ data }) => {
          const outcomes = data.flatMap((said) =>
            quoted(symbols.get(said.symbol), said.symbol, {
              bid: said.bid ?? undefined,
              ask: said.ask ?? undefined,
              bidSize: said.bid_qty ?? undefined,
              askSize: said.ask_qty ?? undefined,
              last: said.last ?? undefined,
              eventAt: said.timestamp,
              sequence: undefined,
            }),
          );
          return outcomes.length > 0 ? outcomes : INFORMATION;
        });
      case 'heartbeat':
        return HEARTBEAT;
      // https://docs.kraken.com/api/docs/websocket-v2/status
      case 'status':
        return INFORMATION;
      case undefined:
        return rejected('wrongShape', frame);
      default:
        return rejected('channelNotUsed', channel);
    }
  });
}
