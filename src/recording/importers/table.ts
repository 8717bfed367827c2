import type { Line } from '../lines';
import { RecordingError } from '../recording-error';

/** A row of a CSV file under its header. */
export interface TableRow {
  /** Of the file, counted from 1; the header is the first. */
  readonly line: number;
  /** In the order of the header. */
  readonly cells: readonly string[];
}

/**
 * The header of a CSV file and the rows under it. Cells hold no commas, quotes or newlines, as files of figures do not.
 * Throws RecordingError where there is no header, and `rows` at a row of another length.
 */
export async function readTable(
  lines: AsyncIterable<Line>,
): Promise<{ readonly header: readonly string[]; readonly rows: AsyncGenerator<TableRow, void> }> {
  const all = lines[Symbol.asyncIterator]();
  const first = await all.next();
  if (first.done === true) throw new RecordingError(1, 'an empty file; a table begins with the names of its columns');
  const { number, text } = first.value;
  const header = cellsOf(text);
  if (header.some((name) => name === '')) throw new RecordingError(number, 'a column without a name');
  return { header, rows: rowsOf({ [Symbol.asyncIterator]: () => all }, header.length) };
}

async function* rowsOf(lines: AsyncIterable<Line>, width: number): AsyncGenerator<TableRow, void> {
  for await (const { number, text } of lines) {
    const cells = cellsOf(text);
    if (cells.length !== width) {
      throw new RecordingError(number, `${cells.length} cells under a header of ${width}; the row is cut or not ours`);
    }
    yield { line: number, cells };
  }
}

function cellsOf(text: string): readonly string[] {
  return text.trimEnd().split(',');
}

/** Digits with or without a point: what the generic venue reads as a figure. */
const DECIMAL = /^\d{1,18}(\.\d{1,18})?$/;

export function isPositiveDecimal(text: string): boolean {
  return DECIMAL.test(text) && Number(text) > 0;
}

/** The text of a cell that must be a positive decimal, as it stands. */
export function positiveDecimal(line: number, name: string, text: string): string {
  if (isPositiveDecimal(text)) return text;
  throw new RecordingError(line, `${name}: "${text}" is no positive decimal`);
}
