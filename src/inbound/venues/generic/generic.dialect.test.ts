import { generic } from './generic.dialect';

const parse = (frame: string) => generic.parse(generic.open(['BTC-USD']), frame);

const QUOTE =
  '{"instrument":"BTC-USD","bid":"81250.1","ask":"81250.2","last":"81250.15","bidSize":"0.5","askSize":"0.25",' +
  '"eventAt":1790000000123.5,"sequence":7}';
const quote = (changes: object = {}) => ({
  kind: 'quote',
  instrument: 'BTC-USD',
  quote: {
    bid: 81250.1,
    ask: 81250.2,
    last: 81250.15,
    bidSize: 0.5,
    askSize: 0.25,
    eventAt: 1790000000123.5,
    sequence: 7,
    ...changes,
  },
});
const nothing = {
  bid: undefined,
  ask: undefined,
  last: undefined,
  bidSize: undefined,
  askSize: undefined,
  eventAt: undefined,
  sequence: undefined,
};
const control = (control: string) => ({ kind: 'control', control });
const rejected = (reason: string, detail?: string) => (detail === undefined ? { reason } : { reason, detail });

describe('generic', () => {
  it.each([
    ['a quote', QUOTE, quote()],
    ['figures may be JSON numbers', QUOTE.replaceAll(/"([\d.]+)"/g, '$1'), quote()],
    [
      'times and sequences may be strings',
      QUOTE.replace('1790000000123.5', '"1790000000123.5"').replace('7}', '"7"}'),
      quote(),
    ],
    ['an exponent is JSON', QUOTE.replace('"81250.1"', '8.12501e4'), quote()],
    ['only a last trade', '{"instrument":"BTC-USD","last":"81250.15"}', quote({ ...nothing, last: 81250.15 })],
    ['null is absent', '{"instrument":"BTC-USD","last":"81250.15","bid":null}', quote({ ...nothing, last: 81250.15 })],
    ['the quote is withdrawn', '{"instrument":"BTC-USD"}', quote(nothing)],
    ['a subscription is acknowledged', '{"subscribed":["BTC-USD"]}', control('acknowledged')],
    ['a heartbeat', '{"heartbeat":1790000000123}', control('heartbeat')],
    [
      'a request is refused',
      '{"error":"no such instrument"}',
      rejected('refusedByVenue', '{"error":"no such instrument"}'),
    ],
    ['an instrument is not configured', QUOTE.replace('BTC-USD', 'ETH-USD'), rejected('unknownInstrument', 'ETH-USD')],
    ['an instrument is missing', QUOTE.replace('"instrument":"BTC-USD",', ''), rejected('wrongShape')],
    ['a price is empty', QUOTE.replace('81250.1"', '"'), rejected('notANumber', 'bid: notANumber')],
    ['a price has an exponent in a string', QUOTE.replace('81250.1"', '1e308"'), rejected('notANumber')],
    ['a price is beyond float64', QUOTE.replace('"81250.1"', '1e999'), rejected('notANumber')],
    ['a price is a list', QUOTE.replace('"81250.1"', '[81250.1]'), rejected('wrongShape')],
    ['a sequence is negative', QUOTE.replace('7}', '-7}'), rejected('wrongShape')],
    ['nothing is known of it', '{"hello":"world"}', rejected('wrongShape', '{"hello":"world"}')],
  ])('%s', (_reason, frame, outcome) => {
    expect(parse(frame)).toEqual([expect.objectContaining(outcome)]);
  });

  it('subscribes in one message', () => {
    expect(generic.subscribe(['BTC-USD', 'ETH-USD'])).toEqual(['{"subscribe":["BTC-USD","ETH-USD"]}']);
  });
});
