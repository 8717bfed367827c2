import { coinbase } from './coinbase.dialect';

const PRODUCTS = ['BTC-USD', 'ETH-USD'];
const parse = (frame: string) => coinbase.parse(coinbase.open(PRODUCTS), frame);

const BTC =
  '{"type":"ticker","product_id":"BTC-USD","price":"81255.18","volume_24_h":"2867.5","low_24_h":"80111.22",' +
  '"high_24_h":"82252.99","low_52_w":"57717.55","high_52_w":"126296","price_percent_chg_24_h":"-0.0960110728722",' +
  '"best_bid":"81255.17","best_ask":"81255.18","best_bid_quantity":"0.25","best_ask_quantity":"0.125"}';
const ETH = BTC.replace('BTC-USD', 'ETH-USD').replaceAll('81255', '2411');
const ticker = (sequence: number, ...tickers: string[]) =>
  `{"channel":"ticker","timestamp":"2026-08-09T21:05:48.298032046Z","sequence_num":${sequence},` +
  `"events":[{"type":"update","tickers":[${tickers.join(',')}]}]}`;
const heartbeat = (sequence: number) =>
  `{"channel":"heartbeats","timestamp":"2026-08-09T21:05:49Z","sequence_num":${sequence},"events":[{"heartbeat_counter":7}]}`;

const quote = (instrument: string, whole: number, sequence: number) => ({
  kind: 'quote',
  instrument,
  quote: {
    bid: whole + 0.17,
    ask: whole + 0.18,
    bidSize: 0.25,
    askSize: 0.125,
    last: whole + 0.18,
    eventAt: 1786309548298.032046,
    sequence,
  },
});
const control = (control: string) => ({ kind: 'control', control });
const rejected = (reason: string, detail?: string) => (detail === undefined ? { reason } : { reason, detail });

describe('coinbase', () => {
  it.each([
    ['a ticker is a quote with its time to the nanosecond', ticker(6, BTC), quote('BTC-USD', 81255, 6)],
    ['a heartbeat keeps the subscriptions open', heartbeat(0), control('heartbeat')],
    [
      'the list of subscriptions acknowledges',
      '{"channel":"subscriptions","timestamp":"2026-08-09T21:05:48Z","sequence_num":2,"events":[{"subscriptions":{"ticker":["BTC-USD"]}}]}',
      control('acknowledged'),
    ],
    ['a ticker frame without tickers tells nothing', ticker(3), control('information')],
    ['a request is refused', '{"type":"error","message":"rate limit"}', rejected('refusedByVenue', 'rate limit')],
    [
      'another channel is not used',
      '{"channel":"market_trades","timestamp":"2026-08-09T21:05:48Z","sequence_num":0,"events":[]}',
      rejected('channelNotUsed', 'market_trades'),
    ],
    [
      'batched tickers, which lack bid and ask, are not used',
      '{"channel":"ticker_batch","timestamp":"2026-08-09T21:05:48Z","sequence_num":0,"events":[]}',
      rejected('channelNotUsed', 'ticker_batch'),
    ],
    [
      'what was asked for in USDC comes as USD, and is never taken for it',
      ticker(1, BTC.replace('BTC-USD', 'SOL-USD')),
      rejected('unknownInstrument', 'SOL-USD'),
    ],
    ['a price is empty', ticker(1, BTC.replace('"81255.17"', '""')), rejected('notANumber')],
    ['a price is not a number', ticker(1, BTC.replace('"81255.17"', '"NaN"')), rejected('notANumber')],
    ['the ask is missing', ticker(1, BTC.replace('"best_ask":"81255.18",', '')), rejected('wrongShape')],
    ['the day does not exist', ticker(1, BTC).replace('2026-08-09', '2026-08-32'), rejected('wrongShape')],
    ['the sequence is missing', ticker(1, BTC).replace('"sequence_num":1,', ''), rejected('wrongShape')],
    ['nothing is known of it', '{"hello":"world"}', rejected('wrongShape', '{"hello":"world"}')],
    ['it is cut short', ticker(1, BTC).slice(0, 80), rejected('notJson')],
  ])('%s', (_reason, frame, outcome) => {
    expect(parse(frame)).toEqual([expect.objectContaining(outcome)]);
  });

  it('takes every ticker of a frame', () => {
    expect(parse(ticker(4, BTC, ETH))).toEqual([quote('BTC-USD', 81255, 4), quote('ETH-USD', 2411, 4)]);
  });

  it('counts a gap in the sequence of the connection, whatever the channels, and takes what came after it', () => {
    const connection = coinbase.open(PRODUCTS);
    const kinds = [ticker(5, BTC), heartbeat(6), ticker(9, ETH), ticker(10, BTC), heartbeat(8), heartbeat(11)].map(
      (frame) =>
        coinbase.parse(connection, frame).map((outcome) => (outcome.kind === 'rejected' ? outcome : outcome.kind)),
    );
    const gap = (detail: string) => ({ kind: 'rejected', reason: 'sequenceGap', detail });
    expect(kinds).toEqual([
      ['quote'],
      ['control'],
      [gap('sequence_num 9, expected 7'), 'quote'],
      ['quote'],
      [gap('sequence_num 8, expected 11'), 'control'],
      ['control'],
    ]);
  });

  it('subscribes to tickers, and to the heartbeats that keep them open', () => {
    expect(coinbase.subscribe(PRODUCTS)).toEqual([
      '{"type":"subscribe","product_ids":["BTC-USD","ETH-USD"],"channel":"ticker"}',
      '{"type":"subscribe","channel":"heartbeats"}',
    ]);
  });
});
