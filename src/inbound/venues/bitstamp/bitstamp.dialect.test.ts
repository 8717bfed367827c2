import { bitstamp } from './bitstamp.dialect';

const parse = (frame: string) => bitstamp.parse(bitstamp.open(['btcusd', 'usdtusd']), frame);

const BIDS = '[["81250.10","0.50000000"],["81249.00","1.00000000"]]';
const ASKS = '[["81250.20","0.25000000"],["81251.00","4.00000000"]]';
const book = (bids = BIDS, asks = ASKS, channel = 'order_book_btcusd') =>
  `{"data":{"timestamp":"1790000000","microtimestamp":"1790000000123456","bids":${bids},"asks":${asks}},` +
  `"channel":"${channel}","event":"data"}`;

const quote = (changes: object = {}) => ({
  kind: 'quote',
  instrument: 'btcusd',
  quote: {
    bid: 81250.1,
    ask: 81250.2,
    bidSize: 0.5,
    askSize: 0.25,
    last: undefined,
    eventAt: 1790000000123.456,
    sequence: undefined,
    ...changes,
  },
});
const control = (control: string) => ({ kind: 'control', control });
const rejected = (reason: string, detail?: string) => (detail === undefined ? { reason } : { reason, detail });

describe('bitstamp', () => {
  it.each([
    ['the top of a book is a quote', book(), quote()],
    ['a book of one level', book('[["81250.10","0.50000000"]]'), quote()],
    ['nobody bids', book('[]'), quote({ bid: undefined, bidSize: undefined })],
    ['nobody offers', book(BIDS, '[]'), quote({ ask: undefined, askSize: undefined })],
    [
      'a heartbeat is answered',
      '{"event":"bts:heartbeat","channel":"","data":{"status":"success"}}',
      control('heartbeat'),
    ],
    ['a reconnect is asked for', '{"event":"bts:request_reconnect","channel":"","data":""}', control('reconnect')],
    [
      'a subscription is acknowledged',
      '{"event":"bts:subscription_succeeded","channel":"order_book_btcusd","data":{}}',
      control('acknowledged'),
    ],
    ['the exchange tells something else', '{"event":"bts:news","channel":"","data":{}}', control('information')],
    [
      'a request is refused',
      '{"event":"bts:error","channel":"","data":{"code":null,"message":"Incorrect JSON format."}}',
      rejected(
        'refusedByVenue',
        '{"event":"bts:error","channel":"","data":{"code":null,"message":"Incorrect JSON format."}}',
      ),
    ],
    [
      'changes to the book are not used',
      book(BIDS, ASKS, 'diff_order_book_btcusd'),
      rejected('channelNotUsed', 'diff_order_book_btcusd'),
    ],
    [
      'trades are not used',
      '{"data":{"id":1,"price_str":"81250.10"},"channel":"live_trades_btcusd","event":"trade"}',
      rejected('channelNotUsed', 'live_trades_btcusd'),
    ],
    ['a pair is not configured', book(BIDS, ASKS, 'order_book_ethusd'), rejected('unknownInstrument', 'ethusd')],
    ['the best price is empty', book(BIDS.replace('81250.10', '')), rejected('notANumber', 'data.bids.0: notANumber')],
    ['the time has a point', book().replace('0123456', '0123.456'), rejected('notANumber')],
    ['a side is missing', book().replace(`,"asks":${ASKS}`, ''), rejected('wrongShape')],
    ['a level is a number', book('[81250.1]'), rejected('wrongShape')],
    ['no channel is named', '{"event":"data","data":{}}', rejected('wrongShape', '{"event":"data","data":{}}')],
    [
      'nothing is known of it',
      '{"hello":"world"}',
      rejected('wrongShape', 'event: Invalid input: expected string, received undefined'),
    ],
  ])('%s', (_reason, frame, outcome) => {
    expect(parse(frame)).toEqual([expect.objectContaining(outcome)]);
  });

  it('subscribes pair by pair', () => {
    expect(bitstamp.subscribe(['btcusd', 'ethusd'])).toEqual([
      '{"event":"bts:subscribe","data":{"channel":"order_book_btcusd"}}',
      '{"event":"bts:subscribe","data":{"channel":"order_book_ethusd"}}',
    ]);
  });
});
