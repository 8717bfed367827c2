/** A line that is no event, stands out of order or cannot be read at all. The message names the line. */
export class RecordingError extends Error {
  override readonly name: string = 'RecordingError';

  constructor(
    /** Counted from 1. */
    readonly line: number,
    fault: string,
    options?: ErrorOptions,
  ) {
    super(`line ${line}: ${fault}`, options);
  }
}

/** The recording ends in the middle of a line, as a crash leaves it. All lines before it were delivered. */
export class TruncatedRecordingError extends RecordingError {
  override readonly name = 'TruncatedRecordingError';
}
