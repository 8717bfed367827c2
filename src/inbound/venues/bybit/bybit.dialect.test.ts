import { bybit } from './bybit.dialect';

type Side = readonly (readonly [string, string])[];
interface Book {
  readonly type?: string;
  readonly topic?: string;
  readonly symbol?: string;
  readonly bids?: Side;
  readonly asks?: Side;
  readonly update?: number;
  readonly sequence?: number;
}

function book({ type = 'snapshot', topic = 'orderbook.1.BTCUSDT', symbol = 'BTCUSDT', ...rest }: Book): string {
  const { bids = [['81250.1', '0.5']], asks = [['81250.2', '0.25']], update = 77, sequence = 4711 } = rest;
  const data = { s: symbol, b: bids, a: asks, u: update, seq: sequence };
  return JSON.stringify({ topic, ts: 1790000000123, type, data, cts: 1790000000120 });
}

const told = (bid?: number, bidSize?: number, ask?: number, askSize?: number, sequence = 4711) => ({
  kind: 'quote',
  instrument: 'BTCUSDT',
  quote: { bid, ask, bidSize, askSize, last: undefined, eventAt: 1790000000123, sequence },
});
const control = (control: string) => ({ kind: 'control', control });
const rejected = (reason: string, detail?: string) => (detail === undefined ? { reason } : { reason, detail });

describe('bybit', () => {
  it.each([
    ['a snapshot is a quote', book({}), told(81250.1, 0.5, 81250.2, 0.25)],
    ['nobody offers', book({ asks: [] }), told(81250.1, 0.5)],
    ['the book is empty', book({ bids: [], asks: [] }), told()],
    ['an answer to a ping', '{"success":true,"ret_msg":"pong","conn_id":"0970e817","op":"ping"}', control('heartbeat')],
    [
      'a subscription is acknowledged',
      '{"success":true,"ret_msg":"","conn_id":"d8bu1olk","req_id":"","op":"subscribe"}',
      control('acknowledged'),
    ],
    [
      'a subscription is refused',
      '{"success":false,"ret_msg":"Invalid symbol","conn_id":"d8bu1olk","req_id":"","op":"subscribe"}',
      rejected('refusedByVenue', 'subscribe: Invalid symbol'),
    ],
    [
      'a deeper book is not used',
      book({ topic: 'orderbook.200.BTCUSDT' }),
      rejected('channelNotUsed', 'orderbook.200.BTCUSDT'),
    ],
    [
      'a symbol is not configured',
      book({ topic: 'orderbook.1.ETHUSDT', symbol: 'ETHUSDT' }),
      rejected('unknownInstrument', 'ETHUSDT'),
    ],
    [
      'a topic carries the book of another',
      book({ symbol: 'ETHUSDT' }),
      rejected('wrongShape', 'BTCUSDT carries ETHUSDT'),
    ],
    ['a price is empty', book({ bids: [['', '1']] }), rejected('notANumber', 'data.b.0.0: notANumber')],
    ['a size has an exponent', book({ bids: [['1', '1e308']] }), rejected('notANumber')],
    ['the kind of frame is new', book({ type: 'patch' }), rejected('wrongShape')],
    ['the update is not whole', book({ update: 1.5 }), rejected('wrongShape')],
    ['nothing is known of it', '{"hello":"world"}', rejected('wrongShape', '{"hello":"world"}')],
  ])('%s', (_reason, frame, outcome) => {
    expect(bybit.parse(bybit.open(['BTCUSDT']), frame)).toEqual([expect.objectContaining(outcome)]);
  });

  it.each<[reason: string, changes: readonly Book[], outcomes: readonly object[]]>([
    [
      'a delta replaces the best level of the side that it names',
      [{}, { type: 'delta', update: 78, bids: [['81250.15', '2']], asks: [] }],
      [told(81250.15, 2, 81250.2, 0.25)],
    ],
    [
      'a delta deletes the old best level before or after it names the new one',
      [
        {},
        {
          type: 'delta',
          update: 78,
          bids: [
            ['81250.1', '0'],
            ['81250', '3'],
          ],
          asks: [
            ['81250.3', '4'],
            ['81250.2', '0'],
          ],
        },
      ],
      [told(81250, 3, 81250.3, 4)],
    ],
    [
      'a deletion without a successor empties the side',
      [{}, { type: 'delta', update: 78, bids: [], asks: [['81250.2', '0']] }],
      [told(81250.1, 0.5)],
    ],
    [
      'a deletion of another level changes nothing',
      [{}, { type: 'delta', update: 78, bids: [['81000', '0']], asks: [] }],
      [told(81250.1, 0.5, 81250.2, 0.25)],
    ],
    ['a snapshot is repeated after 3 s without change', [{}, {}], [told(81250.1, 0.5, 81250.2, 0.25)]],
    [
      'update 1 is the snapshot of a restarted service, and replaces the book',
      [{}, { update: 1, sequence: 4712, bids: [] }],
      [told(undefined, undefined, 81250.2, 0.25, 4712)],
    ],
    [
      'a delta before any snapshot has no book to change',
      [{ type: 'delta' }],
      [rejected('sequenceGap', 'BTCUSDT: a change to a book not yet sent'), control('reconnect')],
    ],
    [
      'a lost delta leaves a book that is not known',
      [{}, { type: 'delta', update: 79 }],
      [rejected('sequenceGap', 'BTCUSDT: u 79 after 77'), control('reconnect')],
    ],
    [
      'after a lost delta the next is lost too',
      [{}, { type: 'delta', update: 79 }, { type: 'delta', update: 80 }],
      [rejected('sequenceGap', 'BTCUSDT: a change to a book not yet sent'), control('reconnect')],
    ],
    [
      'after a lost delta a snapshot mends the book',
      [{}, { type: 'delta', update: 79 }, { update: 80 }],
      [told(81250.1, 0.5, 81250.2, 0.25)],
    ],
    [
      'the engine counts anew, which only a new connection may',
      [{}, { update: 1, sequence: 3 }],
      [rejected('sequenceGap', 'BTCUSDT: seq 3 after 4711'), control('reconnect')],
    ],
  ])('%s', (_reason, changes, outcomes) => {
    const books = bybit.open(['BTCUSDT']);
    const answers = changes.map((change) => bybit.parse(books, book(change)));
    expect(answers.at(-1)).toEqual(outcomes.map((outcome) => expect.objectContaining(outcome) as object));
  });

  it('subscribes to ten topics a message', () => {
    expect(bybit.subscribe(['BTCUSDT'])).toEqual(['{"op":"subscribe","args":["orderbook.1.BTCUSDT"]}']);
    expect(bybit.subscribe(Array.from({ length: 21 }, (_, index) => `A${index}USDT`))).toHaveLength(3);
  });
});
