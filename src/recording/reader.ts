import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { RecordedEvent } from './event';
import { readEvent } from './event-schema';
import { readLines } from './lines';
import { RecordingError, TruncatedRecordingError } from './recording-error';

export interface ReadOptions {
  /** Called at the end of a truncated recording, which then ends without an error. Without it the error is thrown. */
  readonly onTruncated?: (error: TruncatedRecordingError) => void;
}

/**
 * The events of a recording, plain or gzip by its first bytes. Throws RecordingError at the first line that is no
 * event or whose `at` is before that of the line above; what stands before it has been delivered.
 */
export async function* readRecording(
  source: string | Readable,
  options: ReadOptions = {},
): AsyncGenerator<RecordedEvent> {
  let lastAt = 0;
  for await (const { number, text, ended } of readLines(
    typeof source === 'string' ? createReadStream(source) : source,
  )) {
    const reading = readEvent(text);
    if ('fault' in reading) {
      if (ended) throw new RecordingError(number, reading.fault);
      const error = new TruncatedRecordingError(number, `the recording ends within it (${reading.fault})`);
      if (options.onTruncated === undefined) throw error;
      options.onTruncated(error);
      return;
    }
    const { at } = reading.event;
    if (at < lastAt)
      throw new RecordingError(number, `at: ${at} is before ${lastAt} of the line above; sort the lines`);
    lastAt = at;
    yield reading.event;
  }
}
