import { createReadStream } from 'node:fs';
import type { RecordedEvent } from '../recording/event';
import { cryptofeedEvents } from '../recording/importers/cryptofeed';
import { type Line, readLines } from '../recording/lines';
import { RecordingWriter } from '../recording/writer';

export interface ImportOptions {
  readonly out: string;
}

const IMPORTERS: Readonly<Record<string, (lines: AsyncIterable<Line>) => AsyncIterable<RecordedEvent>>> = {
  cryptofeed: cryptofeedEvents,
};

/**
 * `assay import FORMAT FILE… --out FILE`: captures of others become one recording in the order of time, gzip where the
 * name of `out` ends in .gz. All events are held in memory to be sorted.
 */
export async function run(format: string, files: readonly string[], options: ImportOptions): Promise<void> {
  const importer = IMPORTERS[format];
  if (importer === undefined) {
    throw new Error(`format ${format} is unknown; assay imports ${Object.keys(IMPORTERS).join(', ')}`);
  }
  const events: RecordedEvent[] = [];
  for (const file of files) {
    try {
      for await (const event of importer(readLines(createReadStream(file)))) events.push(event);
    } catch (error) {
      throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
    }
  }
  // Stable: what one connection said keeps its order where times are equal.
  events.sort((a, b) => a.at - b.at);
  await write(events, options.out);
  process.stdout.write(`${options.out}: ${events.length} events of ${files.length} files\n`);
}

async function write(events: readonly RecordedEvent[], path: string): Promise<void> {
  const writer = await RecordingWriter.open(path, { gzip: path.endsWith('.gz'), maxPending: Infinity });
  try {
    for (const event of events) writer.append(event);
  } finally {
    await writer.close();
  }
}
