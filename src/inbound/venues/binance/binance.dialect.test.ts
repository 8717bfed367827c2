import type { Outcome } from '../../dialect';
import { binance } from './binance.dialect';

const parse = (frame: string) => binance.parse(binance.open(['BTCUSDT', '1000CHEEMSUSDC']), frame);
const bookTicker = (data: string, stream = 'btcusdt@bookTicker') => `{"stream":"${stream}","data":${data}}`;
const BEST = '{"u":4711,"s":"BTCUSDT","b":"81250.10000000","B":"0.75000000","a":"81250.11000000","A":"2.00000000"}';

const quote = {
  kind: 'quote',
  instrument: 'BTCUSDT',
  quote: {
    bid: 81250.1,
    ask: 81250.11,
    bidSize: 0.75,
    askSize: 2,
    last: undefined,
    eventAt: undefined,
    sequence: 4711,
  },
} satisfies Outcome;
const PERPETUAL =
  '{"e":"bookTicker","u":4711,"s":"BTCUSDT","b":"81250.10","B":"0.750","a":"81250.11","A":"2.000","T":1770123456780,"E":1770123456785}';
const perpetual: Outcome = { ...quote, quote: { ...quote.quote, eventAt: 1770123456780 } };
const control = (control: string) => ({ kind: 'control', control });
const rejected = (reason: string, detail?: string) => (detail === undefined ? { reason } : { reason, detail });

describe('binance', () => {
  it.each([
    ['a book ticker is a quote, and carries no time', bookTicker(BEST), quote],
    ['the order of the fields does not matter', `{"data":${BEST},"stream":"btcusdt@bookTicker"}`, quote],
    ['an exchange may add fields', bookTicker(BEST.replace('}', ',"T":1}')), quote],
    ['a perpetual’s carries the time of the transaction', bookTicker(PERPETUAL), perpetual],
    [
      'a perpetual’s as the documents order its fields',
      bookTicker(
        '{"e":"bookTicker","u":4711,"E":1770123456785,"T":1770123456780,"s":"BTCUSDT","b":"81250.10","B":"0.750","a":"81250.11","A":"2.000"}',
      ),
      perpetual,
    ],
    ['an acknowledgement answers the subscription', '{"result":null,"id":1}', control('acknowledged')],
    ['a shutdown is announced', '{"e":"serverShutdown","E":1770123456789}', control('reconnect')],
    [
      'a shutdown is announced within a stream',
      '{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1770123456789}}',
      control('reconnect'),
    ],
    [
      'a request is refused',
      '{"code":2,"msg":"Invalid request: too many parameters"}',
      rejected('refusedByVenue', '2: Invalid request: too many parameters'),
    ],
    [
      'a request is refused in an envelope',
      '{"error":{"code":3,"msg":"Bad"},"id":1}',
      rejected('refusedByVenue', '3: Bad'),
    ],
    [
      'another stream is not used',
      bookTicker('{"e":"trade"}', 'btcusdt@trade'),
      rejected('channelNotUsed', 'btcusdt@trade'),
    ],
    [
      'a symbol is not configured',
      bookTicker(BEST.replace('BTCUSDT', 'ETHUSDT'), 'ethusdt@bookTicker'),
      rejected('unknownInstrument', 'ETHUSDT'),
    ],
    [
      'a stream carries the symbol of another',
      bookTicker(BEST.replace('BTCUSDT', 'ETHUSDT')),
      rejected('wrongShape', 'btcusdt carries ETHUSDT'),
    ],
    ['a price is empty', bookTicker(BEST.replace('81250.10000000', '')), rejected('notANumber', 'b: notANumber')],
    ['a price is not a number', bookTicker(BEST.replace('81250.10000000', 'NaN')), rejected('notANumber')],
    ['a price has an exponent', bookTicker(BEST.replace('81250.10000000', '1e308')), rejected('notANumber')],
    ['a price is a JSON number', bookTicker(BEST.replace('"81250.10000000"', '81250.1')), rejected('wrongShape')],
    ['a price is missing', bookTicker(BEST.replace('"b":"81250.10000000",', '')), rejected('wrongShape')],
    ['the update id is negative', bookTicker(BEST.replace('4711', '-4711')), rejected('wrongShape')],
    ['a stream is a number', '{"stream":5}', rejected('wrongShape')],
    ['nothing is known of it', '{"hello":"world"}', rejected('wrongShape', '{"hello":"world"}')],
    ['it is cut short', bookTicker(BEST).slice(0, 50), rejected('notJson')],
  ])('%s', (_reason, frame, outcome) => {
    expect(parse(frame)).toEqual([expect.objectContaining(outcome)]);
  });

  it('subscribes in lower case, within five messages a second', () => {
    expect(binance.subscribe(['BTCUSDT', 'ETHUSDT'])).toEqual([
      '{"method":"SUBSCRIBE","params":["btcusdt@bookTicker","ethusdt@bookTicker"],"id":1}',
    ]);
    const most = Array.from({ length: binance.maxInstruments }, (_, index) => `A${index}USDT`);
    expect(binance.subscribe(most)).toHaveLength(4);
  });
});
