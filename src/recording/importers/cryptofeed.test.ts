import type { RecordedEvent } from '../event';
import { readEvent } from '../event-schema';
import { cryptofeedEvents } from './cryptofeed';

const header = { t: 'header', format: 2, exchange: 'BINANCE_US', config: {}, recorded: 1_700_000_000.5 };
const connect = { t: 'connect', conn: 'BINANCE_US.ws.1', ts: 1_700_000_000.123456, addr: 'wss://example' };
const received = { t: 'recv', conn: 'BINANCE_US.ws.1', ts: 1_700_000_001, data: '{"u":1}' };

async function eventsOf(...lines: readonly unknown[]): Promise<RecordedEvent[]> {
  async function* numbered() {
    for (const [i, line] of lines.entries()) {
      yield { number: i + 1, text: typeof line === 'string' ? line : JSON.stringify(line), ended: true };
    }
  }
  const events: RecordedEvent[] = [];
  for await (const event of cryptofeedEvents(numbered())) events.push(event);
  return events;
}

describe(cryptofeedEvents.name, () => {
  test('turns connections, frames and answers into events of the exchange, in milliseconds with their microseconds', async () => {
    const events = await eventsOf(
      header,
      { t: 'http', conn: 'BINANCE_US.http.0', ts: 1_700_000_000, url: 'https://example/depth', data: '{}' },
      connect,
      { t: 'send', conn: 'BINANCE_US.ws.1', ts: 1_700_000_000.2, addr: 'wss://example', data: '{"method":"x"}' },
      received,
      { t: 'recv', conn: 'BINANCE_US.ws.1', ts: 1_700_000_002, b64: 'H4sI' },
    );
    expect(events).toStrictEqual([
      { at: 1_700_000_000_000, venue: 'binance_us', http: 'https://example/depth', body: '{}' },
      { at: 1_700_000_000_123.456, venue: 'binance_us', connection: 'BINANCE_US.ws.1', open: true },
      { at: 1_700_000_001_000, venue: 'binance_us', connection: 'BINANCE_US.ws.1', frame: '{"u":1}' },
      { at: 1_700_000_002_000, venue: 'binance_us', connection: 'BINANCE_US.ws.1', frameBase64: 'H4sI' },
    ]);
    for (const event of events) expect(readEvent(JSON.stringify(event))).toStrictEqual({ event });
  });

  test.each([
    ['a frame before the header', [connect], /^line 1: stands before a header/],
    ['another format', [{ ...header, format: 1 }], /^line 1: no line of a cryptofeed capture: format: /],
    ['a line that is no JSON', [header, 'wss -> {}'], /^line 2: not JSON: /],
    ['a line of an unknown kind', [header, { ...connect, t: 'pong' }], /^line 2: no line of a cryptofeed capture: t: /],
    ['a frame with neither text nor bytes', [header, { ...received, data: undefined }], /exactly one of data and b64/],
    ['a time that is text', [header, { ...received, ts: '1' }], /^line 2: no line of a cryptofeed capture: ts: /],
  ])('refuses %s, naming the line', async (_case, lines, message) => {
    await expect(eventsOf(...lines)).rejects.toThrow(message);
  });
});
