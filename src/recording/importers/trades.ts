import type { EpochMs } from '../../oracle/units/time';
import type { ObservationEvent } from '../event';
import type { Line } from '../lines';
import { RecordingError } from '../recording-error';
import { positiveDecimal, readTable, type TableRow } from './table';

/** Of tardis.dev's CSV files of trades; side and amount are not read. */
const COLUMNS = ['exchange', 'symbol', 'timestamp', 'local_timestamp', 'id', 'price'] as const;
type Column = (typeof COLUMNS)[number];

/**
 * A tape of trades as observations, in the order of its rows, which must be that of receipt. **A trade is no quote**: it
 * says at what price somebody dealt and nothing of what stood in the book. So the observation claims that price and no
 * more: bid, ask and last are all the price of the trade; there is no spread, and what was traded is no size on offer. The
 * trade's number is the sequence, so that a trade told twice or late displaces nothing. Throws RecordingError at a row
 * that is no trade.
 */
export async function* tradeEvents(lines: AsyncIterable<Line>): AsyncGenerator<ObservationEvent> {
  const { header, rows } = await readTable(lines);
  const at = placesOf(header);
  let before = 0;
  for await (const row of rows) {
    const event = tradeOf(row, at);
    if (event.at < before) {
      throw new RecordingError(
        row.line,
        `local_timestamp is ${event.at} ms, before ${before} of a row above; sort the rows`,
      );
    }
    before = event.at;
    yield event;
  }
}

function placesOf(header: readonly string[]): Readonly<Record<Column, number>> {
  const missing = COLUMNS.filter((name) => !header.includes(name));
  if (missing.length > 0)
    throw new RecordingError(1, `no column ${missing.join(', ')}; trades have ${COLUMNS.join(', ')}`);
  return Object.fromEntries(COLUMNS.map((name) => [name, header.indexOf(name)])) as Record<Column, number>;
}

function tradeOf({ line, cells }: TableRow, places: Readonly<Record<Column, number>>): ObservationEvent {
  const cell = (name: Column): string => cells[places[name]] ?? '';
  const venue = cell('exchange');
  const instrument = cell('symbol');
  if (venue === '' || instrument === '') throw new RecordingError(line, 'names no exchange or no symbol');
  const price = positiveDecimal(line, 'price', cell('price'));
  return {
    at: instant(line, 'local_timestamp', cell('local_timestamp')),
    venue,
    observation: {
      instrument,
      bid: price,
      ask: price,
      last: price,
      eventAt: instant(line, 'timestamp', cell('timestamp')),
      ...sequenceOf(cell('id')),
    },
  };
}

/** Exchanges that number their trades do so upwards; other names say nothing about the order. */
function sequenceOf(id: string): { readonly sequence?: number } {
  const sequence = Number(id);
  return /^\d+$/.test(id) && Number.isSafeInteger(sequence) ? { sequence } : {};
}

/** Microseconds as the epoch milliseconds of a recording. Microseconds of today keep all their digits in a float64. */
function instant(line: number, name: string, text: string): EpochMs {
  const micros = Number(text);
  if (/^\d{16}$/.test(text) && Number.isSafeInteger(micros)) return micros / 1_000;
  throw new RecordingError(line, `${name}: "${text}" is no epoch time in microseconds, 16 digits`);
}
