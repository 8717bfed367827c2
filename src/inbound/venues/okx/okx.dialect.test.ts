import { okx } from './okx.dialect';

const parse = (frame: string) => okx.parse(okx.open(['BTC-USDT', 'ETH-USDT']), frame);

const OFFER =
  '{"arg":{"channel":"bbo-tbt","instId":"BTC-USDT"},"data":[{"asks":[["81250.2","0.5","0","5"]],' +
  '"bids":[["81250.1","1.25","0","19"]],"ts":"1790000000123","seqId":4711}]}';
const quote = (changes: object = {}) => ({
  kind: 'quote',
  instrument: 'BTC-USDT',
  quote: {
    bid: 81250.1,
    ask: 81250.2,
    bidSize: 1.25,
    askSize: 0.5,
    last: undefined,
    eventAt: 1790000000123,
    sequence: 4711,
    ...changes,
  },
});
const control = (control: string) => ({ kind: 'control', control });
const rejected = (reason: string, detail?: string) => (detail === undefined ? { reason } : { reason, detail });

describe('okx', () => {
  it.each([
    ['the best offer is a quote', OFFER, quote()],
    ['nobody bids', OFFER.replace('["81250.1","1.25","0","19"]', ''), quote({ bid: undefined, bidSize: undefined })],
    ['an answer to a ping is text', 'pong', control('heartbeat')],
    [
      'a subscription is acknowledged',
      '{"event":"subscribe","arg":{"channel":"bbo-tbt","instId":"BTC-USDT"},"connId":"a4d3ae55"}',
      control('acknowledged'),
    ],
    [
      'a service upgrade ends the connection',
      '{"event":"notice","code":"64008","msg":"The connection will soon be closed for a service upgrade. Please reconnect.","connId":"a4d3ae55"}',
      control('reconnect'),
    ],
    ['another notice', '{"event":"notice","code":"64009","msg":"?","connId":"a4d3ae55"}', control('information')],
    [
      'the count of connections',
      '{"event":"channel-conn-count","channel":"bbo-tbt","connCount":"2","connId":"a4d3ae55"}',
      control('information'),
    ],
    [
      'a frame without offers tells nothing',
      '{"arg":{"channel":"bbo-tbt","instId":"BTC-USDT"},"data":[]}',
      control('information'),
    ],
    [
      'a request is refused',
      '{"event":"error","code":"60012","msg":"Invalid request","connId":"a4d3ae55"}',
      rejected('refusedByVenue', '60012: Invalid request'),
    ],
    [
      'another channel is not used',
      '{"arg":{"channel":"tickers","instId":"BTC-USDT"},"data":[{"instId":"BTC-USDT","last":"81250"}]}',
      rejected('channelNotUsed', 'tickers'),
    ],
    [
      'an instrument is not configured',
      OFFER.replace('BTC-USDT', 'BTC-USDC'),
      rejected('unknownInstrument', 'BTC-USDC'),
    ],
    ['an instrument is missing', OFFER.replace(',"instId":"BTC-USDT"', ''), rejected('wrongShape')],
    ['a price is empty', OFFER.replace('"81250.1"', '""'), rejected('notANumber', 'data.0.bids.0: notANumber')],
    ['a time is not a number', OFFER.replace('1790000000123', 'soon'), rejected('notANumber')],
    ['a time is a JSON number', OFFER.replace('"1790000000123"', '1790000000123'), rejected('wrongShape')],
    ['a level is no list', OFFER.replace('["81250.1","1.25","0","19"]', '"81250.1"'), rejected('wrongShape')],
    ['the text is another', 'ping', rejected('notJson', 'ping')],
    ['nothing is known of it', '{"hello":"world"}', rejected('wrongShape', '{"hello":"world"}')],
  ])('%s', (_reason, frame, outcome) => {
    expect(parse(frame)).toEqual([expect.objectContaining(outcome)]);
  });

  it('asks for a new connection when the sequence of an instrument goes back, and for that alone', () => {
    const markets = okx.open(['BTC-USDT', 'ETH-USDT']);
    const told = (instId: string, sequence: number) =>
      okx.parse(markets, OFFER.replace('BTC-USDT', instId).replace('4711', String(sequence)));
    expect(told('BTC-USDT', 4711)).toEqual([quote()]);
    expect(told('ETH-USDT', 3)).toMatchObject([{ instrument: 'ETH-USDT' }]);
    expect(told('BTC-USDT', 4711)).toEqual([quote()]);
    expect(told('BTC-USDT', 3)).toEqual([
      { kind: 'rejected', reason: 'sequenceGap', detail: 'BTC-USDT: seqId 3 after 4711' },
      control('reconnect'),
    ]);
  });

  it('subscribes in messages far below 64 KB', () => {
    expect(okx.subscribe(['BTC-USDT'])).toEqual([
      '{"op":"subscribe","args":[{"channel":"bbo-tbt","instId":"BTC-USDT"}]}',
    ]);
    const most = Array.from({ length: okx.maxInstruments }, (_, index) => `LONGNAME${index}-USDT`);
    const messages = okx.subscribe(most);
    expect(messages).toHaveLength(5);
    expect(Math.max(...messages.map(({ length }) => length))).toBeLessThan(64 * 1024);
  });
});
