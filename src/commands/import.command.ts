import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { RecordedEvent } from '../recording/event';
import { cryptofeedEvents } from '../recording/importers/cryptofeed';
import { readFixture, withFixtures } from '../recording/importers/fixture';
import { merged } from '../recording/importers/merge';
import { minuteEvents } from '../recording/importers/minutes';
import { tradeEvents } from '../recording/importers/trades';
import { type Line, readLines } from '../recording/lines';
import { RecordingWriter } from '../recording/writer';

export interface ImportOptions {
  readonly out: string;
  /** `venue:instrument=price`, each assumed for the whole of the recording. */
  readonly fixture?: readonly string[];
}

type Importer = (lines: AsyncIterable<Line>) => AsyncIterable<RecordedEvent>;

/** Each gives the events of a file in the order of time. */
const IMPORTERS: Readonly<Record<string, Importer>> = {
  cryptofeed: (lines) => sorted(cryptofeedEvents(lines)),
  trades: tradeEvents,
  minutes: minuteEvents,
};

/** Events between two waits for the disk, so that what is held in memory does not depend on the length of a file. */
const FLUSH_EVERY = 8_192;

/**
 * `assay import FORMAT FILE… --out FILE`: what others captured becomes one recording in the order of time, gzip where the
 * name of `out` ends in .gz. A file that cannot be read to its end leaves no recording.
 */
export async function run(format: string, files: readonly string[], options: ImportOptions): Promise<void> {
  const count = await write(importedEvents(format, files, options.fixture), options.out);
  process.stdout.write(`${options.out}: ${count} events of ${files.length} files\n`);
}

/**
 * The events of all files in the order of time, with what `fixtures` assume. Files are read side by side; only cryptofeed
 * captures, which stand out of order, are held in memory.
 */
export function importedEvents(
  format: string,
  files: readonly string[],
  fixtures: readonly string[] = [],
): AsyncGenerator<RecordedEvent> {
  const importer = IMPORTERS[format];
  if (importer === undefined) {
    throw new Error(`format ${format} is unknown; assay imports ${Object.keys(IMPORTERS).join(', ')}`);
  }
  return withFixtures(merged(files.map((file) => eventsOf(file, importer))), fixtures.map(readFixture));
}

async function* eventsOf(file: string, importer: Importer): AsyncGenerator<RecordedEvent> {
  try {
    yield* importer(readLines(createReadStream(file)));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** Stable: what one connection said keeps its order where times are equal. */
async function* sorted(events: AsyncIterable<RecordedEvent>): AsyncGenerator<RecordedEvent> {
  const all: RecordedEvent[] = [];
  for await (const event of events) all.push(event);
  yield* all.sort((a, b) => a.at - b.at);
}

async function write(events: AsyncIterable<RecordedEvent>, path: string): Promise<number> {
  const writer = await RecordingWriter.open(path, { gzip: path.endsWith('.gz') });
  let count = 0;
  try {
    for await (const event of events) {
      writer.append(event);
      count += 1;
      if (count % FLUSH_EVERY === 0) await writer.flush();
    }
    await writer.close();
  } catch (error) {
    await writer.close().catch(() => undefined);
    await rm(path);
    throw error;
  }
  return count;
}
