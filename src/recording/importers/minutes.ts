import { MINUTE_MS, type EpochMs } from '../../oracle/units/time';
import type { ObservationEvent } from '../event';
import type { Line } from '../lines';
import { RecordingError } from '../recording-error';
import { positiveDecimal, readTable } from './table';

interface Market {
  readonly column: number;
  readonly name: string;
  readonly venue: string;
  readonly instrument: string;
}

/**
 * Closes of many markets on one grid of minutes: a column `time`, and one for each market, `coinbase_btcusd`, whose
 * prefix is the venue and the rest, in capitals, the instrument. A minute is named for its beginning, and its close known
 * when it has ended: `at` is a minute later. When the last trade of a minute was is not told, so an observation has no
 * time of its own. Bid, ask and last are all the close, as in a tape of trades. An empty cell is a market that was
 * silent, and says nothing. Throws RecordingError at a row that is no minute.
 */
export async function* minuteEvents(lines: AsyncIterable<Line>): AsyncGenerator<ObservationEvent> {
  const { header, rows } = await readTable(lines);
  const time = header.indexOf('time');
  if (time < 0) throw new RecordingError(1, 'no column time');
  const markets = header.flatMap((name, column) => (column === time ? [] : [marketOf(name, column)]));
  let before = -Infinity;
  for await (const { line, cells } of rows) {
    const minute = minuteOf(line, cells[time] ?? '');
    if (minute <= before)
      throw new RecordingError(line, `time: ${cells[time]} comes twice or out of order; sort the rows`);
    before = minute;
    for (const { column, name, venue, instrument } of markets) {
      const cell = cells[column] ?? '';
      if (cell === '') continue;
      const close = positiveDecimal(line, name, cell);
      const observation = { instrument, bid: close, ask: close, last: close };
      yield { at: minute + MINUTE_MS, venue, observation };
    }
  }
}

function marketOf(name: string, column: number): Market {
  const [, venue = '', pair = ''] = /^([a-z0-9-]+)_([a-z0-9]+)$/.exec(name) ?? [];
  if (venue === '') throw new RecordingError(1, `column ${name} is no market; write venue_pair, as in coinbase_btcusd`);
  return { column, name, venue, instrument: pair.toUpperCase() };
}

function minuteOf(line: number, text: string): EpochMs {
  const at = Date.parse(text);
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:00(\.000)?Z$/.test(text) && Number.isFinite(at)) return at;
  throw new RecordingError(line, `time: "${text}" is no whole minute, as in 2023-03-01T00:00:00Z`);
}
