import { type Readable, pipeline } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { RecordingError } from './recording-error';

/** Longer than the state of 450 feeds, 0.8 MB each with its risk model, and short enough for a string. */
const MAX_LINE_CHARACTERS = 384 * 1024 * 1024;

export interface Line {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
  /** False for what stands after the last newline: the end of a file that was cut off, or written without one. */
  readonly ended: boolean;
}

/**
 * The lines of a UTF-8 stream, plain or gzip by its first bytes. A gzip stream that stops without its trailer gives
 * what could be inflated. Throws RecordingError on bytes that are no UTF-8, damaged gzip and a line beyond 384 Mi.
 */
export async function* readLines(source: Readable): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 1;
  let rest = '';
  try {
    for await (const chunk of inflated(source)) {
      const pieces = decoder.decode(chunk, { stream: true }).split('\n');
      const unfinished = pieces.pop() ?? '';
      for (const piece of pieces) {
        yield { number, text: rest + piece, ended: true };
        number += 1;
        rest = '';
      }
      rest += unfinished;
      if (rest.length > MAX_LINE_CHARACTERS) {
        throw new RecordingError(number, `longer than ${MAX_LINE_CHARACTERS} characters; this is no recording`);
      }
    }
  } catch (error) {
    throw explained(error, number);
  }
  if (rest !== '') yield { number, text: rest, ended: false };
}

async function* inflated(source: Readable): AsyncGenerator<Uint8Array> {
  const chunks = source.iterator() as AsyncIterator<Buffer, undefined>;
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const whole = rejoined(head, chunks);
  if (head[0] !== 0x1f || head[1] !== 0x8b) return yield* whole;
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  pipeline(whole, gunzip, () => undefined);
  yield* gunzip as AsyncIterable<Buffer>;
}

async function* rejoined(head: Buffer, rest: AsyncIterator<Buffer, undefined>): AsyncGenerator<Buffer, void> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** Errors of the file system pass as they are; those about what a line holds are given its number. */
function explained(error: unknown, line: number): unknown {
  const code = (error as { code?: unknown }).code;
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return new RecordingError(line, 'not UTF-8', { cause: error });
  if (typeof code !== 'string' || !code.startsWith('Z_')) return error;
  return new RecordingError(line, `damaged gzip here or further on: ${(error as Error).message}`, { cause: error });
}
