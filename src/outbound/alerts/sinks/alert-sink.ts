import type { AlertChange } from '../alert';

/** Where alerts are told. One change is delivered at a time, in order; a change may be delivered again after a restart. */
export interface AlertSink {
  readonly name: string;
  /** Rejects when the change could not be delivered; the caller logs and counts that. */
  deliver(change: AlertChange): Promise<void>;
  /** Gives up what is under way. */
  close(): void;
}
