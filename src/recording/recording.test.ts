import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import type { RecordedEvent } from './event';
import { type ReadOptions, readRecording } from './reader';
import { TruncatedRecordingError } from './recording-error';
import { RecordingWriter } from './writer';

const AT = 1_700_000_000_000;
const opened: RecordedEvent = { at: AT + 0.25, venue: 'binance', connection: 'spot', open: true };
const frame: RecordedEvent = { at: AT + 1, venue: 'binance', connection: 'spot', frame: '{"e":"é\\n"}' };
const closed: RecordedEvent = { at: AT + 9, venue: 'binance', connection: 'spot', open: false };

let folder: string;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-recording-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

function freshPath(): string {
  files += 1;
  return join(folder, `${files}.ndjson`);
}

async function eventsOf(source: string | Buffer, options?: ReadOptions): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  const from = typeof source === 'string' ? source : Readable.from([source], { objectMode: false });
  for await (const event of readRecording(from, options)) events.push(event);
  return events;
}

function lines(...events: readonly unknown[]): Buffer {
  return Buffer.from(events.map((event) => `${typeof event === 'string' ? event : JSON.stringify(event)}\n`).join(''));
}

const text = fc.string({ unit: 'binary', maxLength: 30 });
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
const instant = fc.double({ min: 0, max: 4e12, noNaN: true, noDefaultInfinity: true }).map((at) => at + 0);
const address = fc.constant('0x70997970C51812dc3A010C7d01b50e0d17dc79C8');

/** JSON has one zero. */
const jsonNumber = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const plain = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(model, { noNullPrototype: true });

/** An event of any kind, without its time. */
const body: fc.Arbitrary<object> = fc.oneof(
  plain({ state: fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown) }),
  plain({ config: fc.constant(`sha256:${'0a'.repeat(32)}`), effectiveCut: fc.nat() }),
  plain({ venue: name, connection: text, open: fc.boolean() }),
  plain({ venue: name, connection: text, frame: text }),
  plain({
    venue: name,
    connection: text,
    frameBase64: fc.uint8Array().map((b) => Buffer.from(b).toString('base64')),
  }),
  plain({ venue: name, http: name, body: text }),
  plain({ venue: name, observation: plain({ instrument: name, bid: text }) }),
  plain({ chain: name, reader: name, read: plain({ value: name, updatedAt: instant }) }),
  plain({ chain: name, reader: name, read: plain({ refused: fc.constantFrom('atBound', 'sequencerDown') }) }),
  plain({
    fit: plain({
      feed: name,
      model: fc.constant('garch'),
      parameters: fc.array(jsonNumber, { minLength: 4, maxLength: 4 }),
      effectiveCut: fc.nat(),
    }),
  }),
  plain({ by: address, why: text, issuedAt: instant, signature: name, feed: name, halt: fc.boolean() }).map(
    ({ feed, halt, ...rest }) => ({ operator: halt ? { halt: feed, ...rest } : { resume: feed, ...rest } }),
  ),
);

const recording: fc.Arbitrary<RecordedEvent[]> = fc
  .array(fc.tuple(instant, body), { maxLength: 30 })
  .map((pairs) => pairs.sort(([a], [b]) => a - b).map(([at, rest]) => ({ at, ...rest }) as RecordedEvent));

describe('a recording', () => {
  test.each([false, true])('reads back what was written, whatever it holds (gzip: %s)', async (gzip) => {
    await fc.assert(
      fc.asyncProperty(recording, fc.nat(30), async (events, flushAfter) => {
        const path = freshPath();
        const writer = await RecordingWriter.open(path, { gzip });
        for (const [i, event] of events.entries()) {
          writer.append(event);
          if (i === flushAfter) await writer.flush();
        }
        await writer.close();
        expect(await eventsOf(path)).toStrictEqual(events);
      }),
      { numRuns: 200 },
    );
  });

  test('is delivered up to the last whole line wherever a crash cut it off, and says so', async () => {
    const whole = lines(opened, frame, closed);
    const starts = [0, lines(opened).length, lines(opened, frame).length, whole.length];
    for (let cutOff = 1; cutOff < whole.length; cutOff++) {
      const complete = starts.filter((start) => start <= cutOff).length - 1;
      const torn = !starts.includes(cutOff) && !starts.includes(cutOff + 1);
      const reported: Error[] = [];
      const events = await eventsOf(whole.subarray(0, cutOff), { onTruncated: (error) => reported.push(error) });
      const missingNewlineOnly = starts.includes(cutOff + 1);
      expect(events).toStrictEqual([opened, frame, closed].slice(0, complete + (missingNewlineOnly ? 1 : 0)));
      expect(reported.map((error) => error.message.slice(0, 6))).toStrictEqual(torn ? [`line ${complete + 1}`] : []);
    }
  });

  test('throws at the end of a torn recording when nobody listens for it, after all that precedes', async () => {
    const seen: RecordedEvent[] = [];
    const reading = (async () => {
      for await (const event of readRecording(Readable.from([lines(opened, frame).subarray(0, -9)]))) seen.push(event);
    })();
    await expect(reading).rejects.toThrow(TruncatedRecordingError);
    expect(seen).toStrictEqual([opened]);
  });

  test('in gzip is readable up to the last flush when the process dies without closing it', async () => {
    const path = freshPath();
    const writer = await RecordingWriter.open(path, { gzip: true });
    writer.append(opened);
    await writer.flush();
    writer.append(frame);
    await writer.flush();
    const left = await readFile(path);
    await writer.close();
    expect(await eventsOf(left)).toStrictEqual([opened, frame]);
    const reported: Error[] = [];
    await expect(eventsOf(left.subarray(0, -12), { onTruncated: (e) => reported.push(e) })).resolves.toHaveLength(1);
    expect(reported).toHaveLength(1);
  });

  test('in gzip is an ordinary gzip file once closed', async () => {
    const path = freshPath();
    const writer = await RecordingWriter.open(path, { gzip: true });
    writer.append(opened);
    await writer.close();
    expect(gunzipSync(await readFile(path))).toStrictEqual(lines(opened));
  });

  test('is gzip by its content, whatever its name', async () => {
    const path = freshPath();
    await writeFile(path, gzipSync(lines(opened, closed)));
    expect(await eventsOf(path)).toStrictEqual([opened, closed]);
  });

  test('may be empty', async () => {
    expect(await eventsOf(Buffer.alloc(0))).toStrictEqual([]);
  });
});

describe(readRecording.name, () => {
  test.each([
    ['a line that is no JSON', lines(opened, 'at=3'), /^line 2: not JSON: /],
    ['an empty line', lines(opened, '', closed), /^line 2: not JSON: /],
    ['a line that is no object', lines('[1]'), /^line 1: not a JSON object$/],
    ['a line of no known kind', lines({ at: AT, guess: {} }), /^line 1: holds none of state, config, open, frame,/],
    ['a line of two kinds', lines({ ...frame, open: true }), /^line 1: holds both open and frame;/],
    ['an unknown key', lines({ ...opened, note: 'x' }), /^line 1: the line: Unrecognized key: "note"$/],
    ['a missing key', lines({ at: AT, venue: 'okx', frame: '' }), /^line 1: connection: /],
    ['a time that is text', lines({ ...opened, at: '1' }), /^line 1: at: /],
    ['an infinite time', lines('{"at":1e999,"venue":"a","connection":"1","open":true}'), /^line 1: at: /],
    ['bytes that are no base64', lines({ at: AT, venue: 'a', connection: '1', frameBase64: '?' }), /frameBase64: /],
    ['a time that goes back', lines(frame, opened), /^line 2: at: 1700000000000\.25 is before 1700000000001 of the/],
    [
      'an instruction that halts and resumes',
      lines({ at: AT, operator: { halt: 'a', resume: 'a', by: 'b', why: '', issuedAt: 1, signature: '0x' } }),
      /^line 1: operator: exactly one/,
    ],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x0a]), /^line 1: not UTF-8$/],
    ['damaged gzip', damaged(gzipSync(lines(opened, closed))), /^line 1: damaged gzip/],
  ])('refuses %s, naming the line', async (_case, bytes, message) => {
    await expect(eventsOf(bytes)).rejects.toThrow(message);
  });

  test('says which file cannot be opened', async () => {
    await expect(eventsOf(join(folder, 'none'))).rejects.toThrow(/ENOENT.*none/);
  });
});

function damaged(bytes: Buffer): Buffer {
  bytes.fill(0x55, 20, 40);
  return bytes;
}

describe(RecordingWriter.name, () => {
  test('never writes over a file', async () => {
    const path = freshPath();
    await appendFile(path, 'evidence');
    await expect(RecordingWriter.open(path)).rejects.toThrow('EEXIST');
  });

  test('refuses an event that no reader would take', async () => {
    const writer = await RecordingWriter.open(freshPath());
    writer.append(frame);
    expect(() => {
      writer.append(opened);
    }).toThrow('at 1700000000000.25 is before 1700000000001');
    expect(() => {
      writer.append({ ...frame, at: NaN });
    }).toThrow('at NaN is before');
    await writer.close();
    expect(() => {
      writer.append(closed);
    }).toThrow('closed');
  });

  test('gives the recording up, once and aloud, when the disk falls too far behind', async () => {
    const path = freshPath();
    const failures: Error[] = [];
    const writer = await RecordingWriter.open(path, { maxPending: 300, onFailure: (error) => failures.push(error) });
    for (let i = 0; i < 20; i++) writer.append(frame);
    expect(failures.map((error) => error.message)).toStrictEqual([
      expect.stringMatching(/characters behind, more than 300$/),
    ]);
    await expect(writer.flush()).rejects.toBe(failures[0]);
    await expect(writer.close()).rejects.toBe(failures[0]);
    await expect(writer.close()).resolves.toBeUndefined();
  });

  test('keeps the order of what is appended while the disk is busy', async () => {
    const path = freshPath();
    const writer = await RecordingWriter.open(path);
    const long = 'x'.repeat(100_000);
    const events = Array.from({ length: 40 }, (_, i): RecordedEvent => ({
      ...frame,
      at: AT + i,
      frame: `${i}${long}`,
    }));
    for (const [i, event] of events.entries()) {
      writer.append(event);
      if (i % 7 === 0) await Promise.race([writer.flush(), Promise.resolve()]);
    }
    await writer.close();
    expect(await eventsOf(path)).toStrictEqual(events);
  });
});
