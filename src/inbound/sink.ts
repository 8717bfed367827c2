import type { Outcome } from './dialect';
import type { OperatorInstruction, ReadEvent } from '../recording/event';

/**
 * Where all input goes in: the one object that stamps times, records, and hands quotes to the oracle. Sessions and
 * readers know nothing else of what lies behind.
 */
export interface InputSink {
  opened(venue: string, connection: string): void;
  closed(venue: string, connection: string): void;
  /** Returns the dialect's outcomes, so that the session can answer what must be answered. */
  received(venue: string, connection: string, frame: string | Uint8Array): readonly Outcome[];
  read(chain: string, reader: string, read: ReadEvent['read']): void;
  instructed(instruction: OperatorInstruction): void;
}
