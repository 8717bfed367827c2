import type { RecordedEvent } from '../event';
import { readEvent } from '../event-schema';
import type { Line } from '../lines';
import { minuteEvents } from './minutes';
import { tradeEvents } from './trades';

async function eventsOf(
  importer: (lines: AsyncIterable<Line>) => AsyncIterable<RecordedEvent>,
  lines: readonly string[],
): Promise<RecordedEvent[]> {
  async function* numbered(): AsyncGenerator<Line> {
    for (const [index, text] of lines.entries()) yield { number: index + 1, text, ended: true };
  }
  const events: RecordedEvent[] = [];
  for await (const event of importer(numbered())) events.push(event);
  return events;
}

const TRADES = 'exchange,symbol,timestamp,local_timestamp,id,side,price,amount';
const TRADE = 'coinbase,POL-USD,1700000000000001,1700000000040123,71,buy,0.2363,12.5';

describe(tradeEvents.name, () => {
  test('claims the price of the trade on both sides and no size, in milliseconds with their microseconds', async () => {
    const events = await eventsOf(tradeEvents, [TRADES, TRADE]);
    const observation = { instrument: 'POL-USD', bid: '0.2363', ask: '0.2363', last: '0.2363' };
    expect(events).toStrictEqual([
      {
        at: 1_700_000_000_040.123,
        venue: 'coinbase',
        observation: { ...observation, eventAt: 1_700_000_000_000.001, sequence: 71 },
      },
    ]);
    expect(readEvent(JSON.stringify(events[0]))).toStrictEqual({ event: events[0] });
  });

  test.each([
    ['a name', 'a1-b2'],
    ['nothing', ''],
    ['a number that a float64 would round', '9007199254740993'],
  ])('where the trade is called by %s, it has no sequence', async (_case, id) => {
    const [event] = await eventsOf(tradeEvents, [TRADES, TRADE.replace(',71,', `,${id},`)]);
    expect(event).not.toHaveProperty('observation.sequence');
  });

  test('finds columns by their names, whatever stands beside them', async () => {
    const rows = ['price,id,x,local_timestamp,timestamp,symbol,exchange', '2,7,,1700000000000002,1700000000000001,A,b'];
    expect(await eventsOf(tradeEvents, rows)).toMatchObject([
      { at: 1_700_000_000_000.002, venue: 'b', observation: { instrument: 'A', bid: '2', sequence: 7 } },
    ]);
  });

  test.each([
    ['an empty file', [], /^line 1: an empty file/],
    ['a missing column', ['exchange,symbol,price'], /^line 1: no column timestamp, local_timestamp, id;/],
    ['a row that was cut', [TRADES, TRADE.slice(0, 40)], /^line 2: 4 cells under a header of 8/],
    ['a price of zero', [TRADES, TRADE.replace('0.2363', '0')], /^line 2: price: "0" is no positive decimal/],
    ['a price that is no number', [TRADES, TRADE.replace('0.2363', 'NaN')], /^line 2: price: "NaN"/],
    ['a price in another notation', [TRADES, TRADE.replace('0.2363', '2e-1')], /^line 2: price: "2e-1"/],
    ['a nameless market', [TRADES, TRADE.replace('POL-USD', '')], /^line 2: names no exchange or no symbol/],
    [
      'a time in milliseconds',
      [TRADES, TRADE.replace('0040123', '0040')],
      /^line 2: local_timestamp: "1700000000040" is no/,
    ],
    ['no time', [TRADES, TRADE.replace('1700000000000001', '')], /^line 2: timestamp: "" is no epoch time/],
    [
      'time that goes back',
      [TRADES, TRADE, TRADE.replace('0040123', '0040122')],
      /^line 3: local_timestamp is .* sort/,
    ],
  ])('refuses %s, naming the line', async (_case, lines, message) => {
    await expect(eventsOf(tradeEvents, lines)).rejects.toThrow(message);
  });
});

describe(minuteEvents.name, () => {
  test('a close is known when its minute has ended, and a silent market says nothing', async () => {
    const rows = [
      'time,coinbase_btcusd,kraken_usdtusd',
      '2023-03-04T17:04:00.000Z,,1.0001',
      '2023-03-04T17:05:00Z,22300,1',
    ];
    const heard = (at: string, venue: string, instrument: string, close: string): RecordedEvent => ({
      at: Date.parse(at),
      venue,
      observation: { instrument, bid: close, ask: close, last: close },
    });
    expect(await eventsOf(minuteEvents, rows)).toStrictEqual([
      heard('2023-03-04T17:05:00Z', 'kraken', 'USDTUSD', '1.0001'),
      heard('2023-03-04T17:06:00Z', 'coinbase', 'BTCUSD', '22300'),
      heard('2023-03-04T17:06:00Z', 'kraken', 'USDTUSD', '1'),
    ]);
  });

  test.each([
    ['a table without time', ['date,okx_btcusd'], /^line 1: no column time/],
    ['a column that is no market', ['time,BTC'], /^line 1: column BTC is no market; write venue_pair/],
    ['a time within a minute', ['time,okx_btcusd', '2023-03-04T17:04:30Z,1'], /^line 2: time: .* is no whole minute/],
    ['a day that there is not', ['time,okx_btcusd', '2023-02-31T25:00:00Z,1'], /^line 2: time: .* is no whole minute/],
    [
      'a minute twice',
      ['time,okx_btcusd', ...Array<string>(2).fill('2023-03-04T17:04:00Z,1')],
      /^line 3: time: .* twice/,
    ],
    ['a negative close', ['time,okx_btcusd', '2023-03-04T17:04:00Z,-1'], /^line 2: okx_btcusd: "-1" is no positive/],
  ])('refuses %s, naming the line', async (_case, lines, message) => {
    await expect(eventsOf(minuteEvents, lines)).rejects.toThrow(message);
  });
});
