import { z } from 'zod';
import type { Quote } from '../../../oracle/input';
import type { Dialect, Outcome } from '../../dialect';
import { batches } from '../../wire/batches';
import { frameTemplate } from '../../wire/frame-template';
import { bestLevel, integer, integerText, readJson, understood } from '../../wire/json';
import { ACKNOWLEDGED, HEARTBEAT, INFORMATION, quoted, RECONNECT, rejected, tooLarge } from '../../wire/outcomes';

// Sections are of https://www.okx.com/docs-v5/en/

/** "Subscribe": the arguments of one message stay below 64 KB. */
const ARGUMENTS_A_MESSAGE = 100;
const MAX_FRAME_BYTES = 256 * 1024;
/** "Notification": the connection will soon be closed for a service upgrade. */
const SERVICE_UPGRADE = '64008';

/** "Order book channel", `bbo-tbt`: the best level of each side on every change, at most every 10 ms. */
const BEST_OFFER = frameTemplate(
  '{"arg":{"channel":"bbo-tbt","instId":"<id>"},"data":[{"asks":[["<ask:decimal>","<askSize:decimal>","<:decimal>","<:decimal>"]],"bids":[["<bid:decimal>","<bidSize:decimal>","<:decimal>","<:decimal>"]],"ts":"<ts:integer>","seqId":<seqId:integer>}]}',
);
const bestOffers = z.object({
  data: z.array(z.object({ asks: bestLevel, bids: bestLevel, ts: integerText, seqId: integer })),
});

interface Market {
  readonly instrument: string;
  sequence: number;
}
type Markets = ReadonlyMap<string, Market>;

export const okx: Dialect<Markets> = {
  name: 'okx',
  // "Overview": the global host; other regions have their own.
  endpoint: 'wss://ws.okx.com:8443/ws/v5/public',
  // No limit is documented; five messages of the 480 that a connection may send in an hour.
  maxInstruments: 500,
  url: (endpoint) => endpoint,
  subscribe: (instruments) =>
    batches(instruments, ARGUMENTS_A_MESSAGE).map((batch) =>
      JSON.stringify({ op: 'subscribe', args: batch.map((instId) => ({ channel: 'bbo-tbt', instId })) }),
    ),
  // "Overview": a connection on which nothing was pushed for 30 s is closed, unless it asks "ping" before.
  keepalive: { everyMs: 20_000, frame: 'ping' },
  silenceMs: 30_000,
  rotateAfterMs: undefined,
  maxFrameBytes: MAX_FRAME_BYTES,
  open: (instruments) => new Map(instruments.map((instrument) => [instrument, { instrument, sequence: 0 }])),
  parse(markets, frame) {
    if (frame.length > MAX_FRAME_BYTES) return tooLarge(frame, MAX_FRAME_BYTES);
    const words = BEST_OFFER.read(frame);
    if (words !== undefined) {
      const [id, ask, askSize, bid, bidSize, eventAt, sequence] = words;
      return offer(markets, id, sequence, { bid, ask, bidSize, askSize, last: undefined, eventAt, sequence });
    }
    return frame === 'pong' ? HEARTBEAT : readJson(frame, (json) => anyForm(markets, frame, json));
  },
};

/** `seqId` falls when the exchange resets it in maintenance; only a new connection may begin to count anew. */
function offer(markets: Markets, id: string, sequence: number, quote: Quote): readonly Outcome[] {
  const market = markets.get(id);
  if (market !== undefined) {
    if (sequence < market.sequence) {
      return [...rejected('sequenceGap', `${id}: seqId ${sequence} after ${market.sequence}`), ...RECONNECT];
    }
    market.sequence = sequence;
  }
  return quoted(market?.instrument, id, quote);
}

const anyFrame = z.object({
  event: z.string().optional(),
  code: z.string().optional(),
  msg: z.string().optional(),
  arg: z.object({ channel: z.string(), instId: z.string().optional() }).optional(),
});

function anyForm(markets: Markets, frame: string, json: unknown): readonly Outcome[] {
  return understood(anyFrame, json, ({ event, code, msg, arg }) => {
    switch (event) {
      case undefined:
        break;
      case 'subscribe':
        return ACKNOWLEDGED;
      case 'notice':
        return code === SERVICE_UPGRADE ? RECONNECT : INFORMATION;
      case 'error':
      case 'channel-conn-count-error':
        return rejected('refusedByVenue', `${code ?? ''}: ${msg ?? frame}`);
      default:
        return INFORMATION;
    }
    if (arg === undefined) return rejected('wrongShape', frame);
    const { channel, instId: id } = arg;
    if (channel !== 'bbo-tbt') return rejected('channelNotUsed', channel);
    if (id === undefined) return rejected('wrongShape', frame);
    return understood(bestOffers, json, ({ data }) => {
      const outcomes = data.flatMap(({ asks, bids, ts, seqId }) =>
        offer(markets, id, seqId, {
          bid: bids?.price,
          ask: asks?.price,
          bidSize: bids?.size,
          askSize: asks?.size,
          last: undefined,
          eventAt: ts,
          sequence: seqId,
        }),
      );
      return outcomes.length > 0 ? outcomes : INFORMATION;
    });
  });
}
