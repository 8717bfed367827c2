import type { Outcome } from '../../src/inbound/dialect';
import type { InputSink } from '../../src/inbound/sink';
import type { ReadEvent } from '../../src/recording/event';
import { Arrivals } from './arrivals';

/** An input sink that writes down what it hears and answers as it is told. */
export class RecordingSink implements InputSink {
  readonly heard: unknown[] = [];
  private readonly arrivals = new Arrivals<unknown>();
  answer: (frame: string | Uint8Array) => readonly Outcome[] = () => [];

  opened(venue: string, connection: string): void {
    this.hear(`${venue}/${connection} opened`);
  }

  closed(venue: string, connection: string): void {
    this.hear(`${venue}/${connection} closed`);
  }

  received(_venue: string, _connection: string, frame: string | Uint8Array): readonly Outcome[] {
    this.hear(frame);
    return this.answer(frame);
  }

  read(chain: string, reader: string, read: ReadEvent['read']): void {
    this.hear({ chain, reader, ...read });
  }

  instructed(): void {
    throw new Error('no test of inbound gives instructions');
  }

  /** The next thing heard that was not awaited yet. */
  next(): Promise<unknown> {
    return this.arrivals.next();
  }

  private hear(what: unknown): void {
    this.heard.push(what);
    this.arrivals.push(what);
  }
}
