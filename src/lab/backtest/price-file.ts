import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { PriceFileError, type PriceFileFault } from './price-file-error';
import { parsePriceTime } from './price-time';

/** One asset's bars as a file gives them, oldest first. Where the file has a close alone, the bar is that one price. */
export interface PriceRows {
  readonly asset: string;
  readonly file: string;
  readonly times: readonly number[];
  /** Line of each row, counted from 1. */
  readonly lines: readonly number[];
  readonly open: readonly number[];
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly close: readonly number[];
}

/** Epochs before dates: a column of dates may have lost its zone or its half of the day, an epoch can't. */
const TIME_COLUMNS = ['unix', 'timestamp', 'time', 'date'];

interface Column {
  readonly asset: string;
  readonly open: number | undefined;
  readonly high: number | undefined;
  readonly low: number | undefined;
  readonly close: number;
}

/**
 * The series of a CSV file, plain or gzip. Its header names a time (`unix`, `timestamp`, `time` or `date`) and `close`,
 * perhaps `open`, `high` and `low`; without `close`, every other column is the close of the asset that it is named for.
 * Lines before the header are a banner. An empty price is a gap. Rows may run from the newest to the oldest.
 */
export function readPriceFile(file: string): PriceRows[] {
  const bytes = readFileSync(file);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  return parsePrices(text, file);
}

export function parsePrices(text: string, file: string): PriceRows[] {
  const lines = text.split('\n').map((line) => line.trimEnd().split(',').map(unquoted));
  const headerAt = lines.findIndex((cells) => timeColumn(cells) >= 0);
  const header = lines[headerAt];
  if (header === undefined) {
    throw new PriceFileError('no-time', file, 0, `no header with a column ${TIME_COLUMNS.join(', ')}`);
  }
  const time = timeColumn(header);
  const rows = lines
    .map((cells, index) => ({ cells, line: index + 1 }))
    .slice(headerAt + 1)
    .filter(({ cells }) => cells.length > 1);
  if (isNewestFirst(rows, time, file)) rows.reverse();
  return columnsOf(header, time, file, headerAt + 1).map((column) => seriesOf(column, rows, time, file));
}

interface Row {
  readonly cells: readonly string[];
  readonly line: number;
}

function unquoted(cell: string): string {
  return cell.trim().replace(/^"(.*)"$/, '$1');
}

function timeColumn(header: readonly string[]): number {
  const names = header.map((name) => name.toLowerCase());
  const name = TIME_COLUMNS.find((one) => names.includes(one));
  return name === undefined ? -1 : names.indexOf(name);
}

function columnsOf(header: readonly string[], time: number, file: string, line: number): Column[] {
  const names = header.map((name) => name.toLowerCase());
  const place = (name: string): number | undefined => (names.includes(name) ? names.indexOf(name) : undefined);
  const close = place('close');
  if (close !== undefined) {
    const asset = basename(file).replace(/\.csv(\.gz)?$/i, '');
    return [{ asset, open: place('open'), high: place('high'), low: place('low'), close }];
  }
  if (names.length < 2 || ['open', 'high', 'low', 'price'].some((name) => names.includes(name))) {
    throw new PriceFileError('no-close', file, line, `columns ${header.join(', ')}; a column close is needed`);
  }
  const none = { open: undefined, high: undefined, low: undefined };
  return header.flatMap((asset, index) => (index === time ? [] : [{ asset, ...none, close: index }]));
}

function isNewestFirst(rows: readonly Row[], time: number, file: string): boolean {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return false;
  return timeOf(first, time, file) > timeOf(last, time, file);
}

function timeOf(row: Row, column: number, file: string): number {
  const text = row.cells[column] ?? '';
  const at = parsePriceTime(text);
  if (at === undefined) {
    throw new PriceFileError(
      'bad-time',
      file,
      row.line,
      `"${text}" is neither an ISO date nor an epoch in s, ms or µs`,
    );
  }
  return at;
}

function seriesOf(column: Column, rows: readonly Row[], time: number, file: string): PriceRows {
  const times: number[] = [];
  const lines: number[] = [];
  const prices = { open: [] as number[], high: [] as number[], low: [] as number[], close: [] as number[] };
  for (const row of rows) {
    const at = timeOf(row, time, file);
    const before = times.at(-1);
    if (before !== undefined && at <= before) {
      const fault: PriceFileFault = at === before ? 'repeats' : 'goes-back';
      throw new PriceFileError(fault, file, row.line, `${new Date(at).toISOString()} comes twice or out of order`);
    }
    const close = priceOf(row, column.close, file);
    if (close === undefined) continue;
    const open = priceOf(row, column.open, file) ?? close;
    const high = priceOf(row, column.high, file) ?? Math.max(open, close);
    const low = priceOf(row, column.low, file) ?? Math.min(open, close);
    if (high < Math.max(open, close) || low > Math.min(open, close)) {
      const bar = `open ${open}, high ${high}, low ${low}, close ${close}`;
      throw new PriceFileError('impossible-bar', file, row.line, `${bar}: high and low must enclose open and close`);
    }
    times.push(at);
    lines.push(row.line);
    prices.open.push(open);
    prices.high.push(high);
    prices.low.push(low);
    prices.close.push(close);
  }
  return { asset: column.asset, file, times, lines, ...prices };
}

function priceOf(row: Row, column: number | undefined, file: string): number | undefined {
  const text = column === undefined ? '' : (row.cells[column] ?? '');
  if (text === '') return undefined;
  const price = Number(text);
  if (!Number.isFinite(price)) {
    throw new PriceFileError('not-a-number', file, row.line, `price "${text}"; leave it empty where there was none`);
  }
  if (price <= 0) {
    throw new PriceFileError('not-positive', file, row.line, `price ${text}; leave it empty where there was none`);
  }
  return price;
}
