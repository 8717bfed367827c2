export type PriceFileFault =
  | 'no-time'
  | 'no-close'
  | 'bad-time'
  | 'not-a-number'
  | 'not-positive'
  | 'impossible-bar'
  | 'repeats'
  | 'goes-back'
  | 'off-grid'
  | 'too-short'
  | 'never-moves';

/** What makes a file of prices no series. The message names file, line, value and the way out. */
export class PriceFileError extends Error {
  override readonly name = 'PriceFileError';

  constructor(
    readonly fault: PriceFileFault,
    file: string,
    /** Counted from 1; 0 where the fault is of the whole file. */
    readonly line: number,
    what: string,
  ) {
    super(`${file}${line === 0 ? '' : `, line ${line}`}: ${what} (${fault})`);
  }
}
