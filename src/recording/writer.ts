import { type FileHandle, open } from 'node:fs/promises';
import { GzipEncoding, type LineEncoding, plainEncoding } from './encoding';
import type { RecordedEvent } from './event';

/** Handed to the disk in one piece: large enough to compress well, small enough not to be felt. */
const BATCH_CHARACTERS = 256 * 1024;
/** A disk that falls this far behind is given up: the price path needs the memory more. */
const MAX_PENDING_CHARACTERS = 64 * 1024 * 1024;

export interface RecordingWriterOptions {
  readonly gzip?: boolean;
  /**
   * Called once, when the file cannot be written or the disk has fallen too far behind. The recording ends there:
   * what follows a gap is no evidence, and a gap would not show.
   */
  readonly onFailure?: (error: Error) => void;
  /** Characters that may wait for the disk; 64 Mi unless told. */
  readonly maxPending?: number;
}

/** Writes one recording. What was appended before a `flush` that resolved survives a crash of the process. */
export class RecordingWriter {
  private pending: string[] = [];
  private pendingCharacters = 0;
  private lastAt = 0;
  private draining: Promise<void> | undefined;
  private failure: Error | undefined;
  private closed = false;

  private constructor(
    private readonly file: FileHandle,
    private readonly encoding: LineEncoding,
    private readonly maxPending: number,
    private readonly onFailure: ((error: Error) => void) | undefined,
  ) {}

  /** Refuses a path that exists: a recording is evidence and is never written over. */
  static async open(path: string, options: RecordingWriterOptions = {}): Promise<RecordingWriter> {
    const file = await open(path, 'wx');
    const encoding = options.gzip === true ? new GzipEncoding() : plainEncoding;
    return new RecordingWriter(file, encoding, options.maxPending ?? MAX_PENDING_CHARACTERS, options.onFailure);
  }

  /**
   * Puts one line into memory and returns. Throws when `at` goes back, for no reader would take the file, and after
   * `close`. After a failure it does nothing.
   */
  append(event: RecordedEvent): void {
    if (this.closed) throw new Error('the recording is closed; open another one');
    if (!(event.at >= this.lastAt)) throw new RangeError(`at ${event.at} is before ${this.lastAt} of the last event`);
    if (this.failure !== undefined) return;
    this.lastAt = event.at;
    const line = `${JSON.stringify(event)}\n`;
    this.pending.push(line);
    this.pendingCharacters += line.length;
    // A first line holds the state of all feeds, which may be longer than that by itself.
    if (this.pendingCharacters > this.maxPending && this.pending.length > 1) {
      this.fail(new Error(`the disk is ${this.pendingCharacters} characters behind, more than ${this.maxPending}`));
    } else if (this.pendingCharacters >= BATCH_CHARACTERS) {
      void this.drain();
    }
  }

  /** Resolves once all that was appended is with the operating system; rejects with what made the recording fail. */
  async flush(): Promise<void> {
    while (this.draining !== undefined || this.pending.length > 0) await this.drain();
    if (this.failure !== undefined) throw this.failure;
  }

  /** Flushes and ends the file; the second call does nothing. Rejects with what made the recording fail. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    try {
      await this.flush();
      await this.file.appendFile(await this.encoding.end());
    } finally {
      await this.file.close();
    }
  }

  /** Never rejects: a failure is kept and told. */
  private drain(): Promise<void> {
    this.draining ??= this.writeBatch().finally(() => {
      this.draining = undefined;
    });
    return this.draining;
  }

  private async writeBatch(): Promise<void> {
    const text = this.pending.join('');
    this.pending = [];
    this.pendingCharacters = 0;
    try {
      await this.file.appendFile(await this.encoding.encode(text));
    } catch (error) {
      this.fail(error as Error);
    }
  }

  private fail(error: Error): void {
    this.pending = [];
    this.pendingCharacters = 0;
    if (this.failure !== undefined) return;
    this.failure = error;
    this.onFailure?.(error);
  }
}
