import { z } from 'zod';
import type { RecordedEvent } from '../event';
import type { Line } from '../lines';
import { RecordingError } from '../recording-error';

const timed = { ts: z.number().nonnegative(), conn: z.string() };

/**
 * Format 2 of the raw captures of https://github.com/bmoscon/cryptofeed (branch v3, `sample_data`): a header, then what
 * passed in either direction, in epoch seconds. Not strict, since a capture may tell more than is read here.
 */
const captured = z.discriminatedUnion('t', [
  z.object({ t: z.literal('header'), format: z.literal(2), exchange: z.string().min(1) }),
  z.object({ t: z.literal('http'), ...timed, url: z.string().min(1), data: z.string() }),
  z.object({ t: z.literal('connect'), ...timed }),
  z.object({ t: z.literal('send'), ...timed }),
  z
    .object({ t: z.literal('recv'), ...timed, data: z.string().optional(), b64: z.base64().optional() })
    .refine(({ data, b64 }) => (data === undefined) !== (b64 === undefined), {
      message: 'exactly one of data and b64 must hold the frame',
    }),
]);

/**
 * The events of one capture in the order of its lines, which is not always that of time. The venue is the exchange in
 * lower case; what the client sent is left out. Throws RecordingError at a line that is none of format 2.
 */
export async function* cryptofeedEvents(lines: AsyncIterable<Line>): AsyncGenerator<RecordedEvent> {
  let venue: string | undefined;
  for await (const { number, text } of lines) {
    const line = readCaptured(number, text);
    if (line.t === 'header') venue = line.exchange.toLowerCase();
    else if (venue === undefined) throw new RecordingError(number, 'stands before a header that names the exchange');
    else if (line.t !== 'send') yield eventOf(venue, line);
  }
}

type Captured = z.infer<typeof captured>;

function readCaptured(number: number, text: string): Captured {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RecordingError(number, `not JSON: ${(error as SyntaxError).message}`);
  }
  const reading = captured.safeParse(value);
  if (reading.success) return reading.data;
  const faults = reading.error.issues.map(({ path, message }) => `${path.join('.') || 'the line'}: ${message}`);
  throw new RecordingError(number, `no line of a cryptofeed capture: ${faults.join('; ')}`);
}

function eventOf(venue: string, line: Exclude<Captured, { t: 'header' | 'send' }>): RecordedEvent {
  // Captures hold microseconds; what stands behind them is noise of a float in seconds.
  const at = Math.round(line.ts * 1e6) / 1e3;
  switch (line.t) {
    case 'http':
      return { at, venue, http: line.url, body: line.data };
    case 'connect':
      return { at, venue, connection: line.conn, open: true };
    case 'recv': {
      const { conn: connection, data, b64 } = line;
      return { at, venue, connection, ...(data === undefined ? { frameBase64: b64 ?? '' } : { frame: data }) };
    }
  }
}
