import { kraken } from './kraken.dialect';

const parse = (frame: string) => kraken.parse(kraken.open(['BTC/USD', 'USDT/USD']), frame);

const TICKER =
  '{"channel":"ticker","type":"update","data":[{"symbol":"USDT/USD","bid":0.99980,"bid_qty":44620.5,"ask":0.99981,' +
  '"ask_qty":1087605.25,"last":0.99981,"volume":270638277.5,"vwap":0.99983,"low":0.99959,"high":1.00000,' +
  '"change":0.00005,"change_pct":0.01,"trades":38144,"timestamp":"2026-09-24T03:54:18.054886Z"}]}';
const figures = { bid: 0.9998, ask: 0.99981, bidSize: 44620.5, askSize: 1087605.25, last: 0.99981 };
const quote = (changes: object = {}) => ({
  kind: 'quote',
  instrument: 'USDT/USD',
  quote: { ...figures, eventAt: 1790222058054.886, sequence: undefined, ...changes },
});
const control = (control: string) => ({ kind: 'control', control });
const rejected = (reason: string, detail?: string) => (detail === undefined ? { reason } : { reason, detail });

describe('kraken', () => {
  it.each([
    ['a ticker is a quote, in JSON numbers', TICKER, quote()],
    ['a snapshot has the form of an update', TICKER.replace('update', 'snapshot'), quote()],
    ['the count of trades was added later', TICKER.replace('"trades":38144,', ''), quote()],
    [
      'the time was added later',
      TICKER.replace(',"trades":38144,"timestamp":"2026-09-24T03:54:18.054886Z"', ''),
      quote({ eventAt: undefined }),
    ],
    ['a number may have an exponent', TICKER.replace('0.99980', '9.998e-1'), quote()],
    [
      'one side of the book is empty',
      TICKER.replace('0.99980', 'null').replace('44620.5', 'null'),
      quote({ bid: undefined, bidSize: undefined }),
    ],
    ['nothing traded in a day', TICKER.replace('"last":0.99981,', ''), quote({ last: undefined })],
    ['a heartbeat', '{"channel":"heartbeat"}', control('heartbeat')],
    [
      'an answer to a ping',
      '{"method":"pong","time_in":"2026-09-24T03:54:18Z","time_out":"2026-09-24T03:54:18Z"}',
      control('heartbeat'),
    ],
    [
      'the state of the exchange',
      '{"channel":"status","type":"update","data":[{"version":"2.0.10","system":"online","api_version":"v2","connection_id":1}]}',
      control('information'),
    ],
    [
      'a subscription is acknowledged',
      '{"method":"subscribe","result":{"channel":"ticker","event_trigger":"bbo","snapshot":true,"symbol":"BTC/USD"},"success":true}',
      control('acknowledged'),
    ],
    [
      'a subscription is refused',
      '{"error":"Currency pair not supported NO/USD","method":"subscribe","success":false,"symbol":"NO/USD"}',
      rejected('refusedByVenue', 'Currency pair not supported NO/USD'),
    ],
    ['too much was asked', '{"error":"Exceeded msg rate"}', rejected('refusedByVenue', 'Exceeded msg rate')],
    [
      'another channel is not used',
      '{"channel":"trade","type":"update","data":[]}',
      rejected('channelNotUsed', 'trade'),
    ],
    ['a pair is not configured', TICKER.replace('USDT/USD', 'XBT/USD'), rejected('unknownInstrument', 'XBT/USD')],
    ['a price is a string', TICKER.replace('0.99980', '"0.99980"'), rejected('wrongShape')],
    ['a price is beyond float64', TICKER.replace('0.99980', '1e999'), rejected('notANumber', 'data.0.bid: notANumber')],
    ['a price is not JSON', TICKER.replace('0.99980', 'NaN'), rejected('notJson')],
    ['a price begins with a needless zero', TICKER.replace('0.99980', '00.99980'), rejected('notJson')],
    ['nothing is known of it', '{"hello":"world"}', rejected('wrongShape', '{"hello":"world"}')],
  ])('%s', (_reason, frame, outcome) => {
    expect(parse(frame)).toEqual([expect.objectContaining(outcome)]);
  });

  it('takes every ticker of a frame, and names each that it does not know', () => {
    const one = '{"symbol":"BTC/USD","bid":1,"ask":2},{"symbol":"DOGE/USD","bid":3,"ask":4}';
    expect(parse(`{"channel":"ticker","type":"snapshot","data":[${one}]}`)).toMatchObject([
      { instrument: 'BTC/USD', quote: { bid: 1, ask: 2 } },
      { reason: 'unknownInstrument', detail: 'DOGE/USD' },
    ]);
  });

  it('asks to be told of every change of the best prices', () => {
    expect(kraken.subscribe(['BTC/USD'])).toEqual([
      '{"method":"subscribe","params":{"channel":"ticker","symbol":["BTC/USD"],"event_trigger":"bbo"}}',
    ]);
  });
});
