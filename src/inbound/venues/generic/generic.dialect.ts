import { z } from 'zod';
import type { Quote } from '../../../oracle/input';
import type { Dialect, Outcome } from '../../dialect';
import { frameTemplate } from '../../wire/frame-template';
import { figure, integer, integerText, readJson, understood } from '../../wire/json';
import { ACKNOWLEDGED, HEARTBEAT, quoted, rejected, tooLarge } from '../../wire/outcomes';

// The language is this project's own: README.md beside this file is its document.

const MAX_FRAME_BYTES = 64 * 1024;

const QUOTE = frameTemplate(
  '{"instrument":"<instrument>","bid":"<bid:decimal>","ask":"<ask:decimal>","last":"<last:decimal>","bidSize":"<bidSize:decimal>","askSize":"<askSize:decimal>","eventAt":<eventAt:number>,"sequence":<sequence:integer>}',
);
const maybe = figure.nullish();
const quoteFrame = z.object({
  instrument: z.string(),
  bid: maybe,
  ask: maybe,
  last: maybe,
  bidSize: maybe,
  askSize: maybe,
  eventAt: maybe,
  sequence: z.union([integer, integerText]).nullish(),
});

/** Configured instruments by themselves. */
type Instruments = ReadonlyMap<string, string>;

export const generic: Dialect<Instruments> = {
  name: 'generic',
  // Nobody's: the configuration names the server.
  endpoint: '',
  maxInstruments: 1000,
  url: (endpoint) => endpoint,
  subscribe: (instruments) => [JSON.stringify({ subscribe: instruments })],
  keepalive: undefined,
  silenceMs: 30_000,
  rotateAfterMs: undefined,
  maxFrameBytes: MAX_FRAME_BYTES,
  open: (instruments) => new Map(instruments.map((instrument) => [instrument, instrument])),
  parse(instruments, frame) {
    if (frame.length > MAX_FRAME_BYTES) return tooLarge(frame, MAX_FRAME_BYTES);
    const words = QUOTE.read(frame);
    if (words === undefined) return readJson(frame, (json) => anyForm(instruments, frame, json));
    const [instrument, bid, ask, last, bidSize, askSize, eventAt, sequence] = words;
    const quote: Quote = { bid, ask, bidSize, askSize, last, eventAt, sequence };
    return quoted(instruments.get(instrument), instrument, quote);
  },
};

const anyFrame = z.object({
  instrument: z.string().optional(),
  subscribed: z.unknown().optional(),
  heartbeat: z.unknown().optional(),
  error: z.unknown().optional(),
});

function anyForm(instruments: Instruments, frame: string, json: unknown): readonly Outcome[] {
  return understood(anyFrame, json, ({ instrument, subscribed, heartbeat, error }) => {
    if (error !== undefined) return rejected('refusedByVenue', frame);
    if (subscribed !== undefined) return ACKNOWLEDGED;
    if (heartbeat !== undefined) return HEARTBEAT;
    if (instrument === undefined) return rejected('wrongShape', frame);
    return understood(quoteFrame, json, (said) =>
      quoted(instruments.get(instrument), instrument, {
        bid: said.bid ?? undefined,
        ask: said.ask ?? undefined,
        bidSize: said.bidSize ?? undefined,
        askSize: said.askSize ?? undefined,
        last: said.last ?? undefined,
        eventAt: said.eventAt ?? undefined,
        sequence: said.sequence ?? undefined,
      }),
    );
  });
}
