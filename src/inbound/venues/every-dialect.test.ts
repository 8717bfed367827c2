import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { REJECTIONS, type Outcome } from '../dialect';
import { dialectNamed, dialectNames } from './registry';

type Side = readonly [price: string, size: string];
interface Ticker {
  readonly instrument: string;
  readonly bid: Side;
  readonly ask: Side;
  readonly last: string;
  /** Whole epoch milliseconds, as every venue can write them. */
  readonly at: number;
  readonly sequence: number;
}

interface Wire {
  readonly configured: readonly [string, string];
  readonly stranger: string;
  /** The frame in the exchange's form, which the dialect's template reads. */
  frame(ticker: Ticker): string;
  /** What of the ticker the frame cannot carry. */
  readonly withoutTime?: true;
  readonly withoutLast?: true;
  readonly withoutSequence?: true;
  /** What the dialect makes of the ticker, where that is no quote. */
  said?(ticker: Ticker): Outcome;
  /** Other lawful frames: acknowledgements, heartbeats, refusals, other channels. */
  readonly others: readonly string[];
}

const iso = (at: number) => new Date(at).toISOString();
const WIRES: Readonly<Record<string, Wire>> = {
  binance: {
    configured: ['BTCUSDT', 'ETHUSDT'],
    stranger: 'DOGEUSDT',
    frame: ({ instrument, bid, ask, sequence }) =>
      `{"stream":"${instrument.toLowerCase()}@bookTicker","data":{"u":${sequence},"s":"${instrument}",` +
      `"b":"${bid[0]}","B":"${bid[1]}","a":"${ask[0]}","A":"${ask[1]}"}}`,
    withoutTime: true,
    withoutLast: true,
    others: ['{"result":null,"id":1}', '{"stream":"btcusdt@trade","data":{}}', '{"code":2,"msg":"Invalid request"}'],
  },
  coinbase: {
    configured: ['BTC-USD', 'ETH-USD'],
    stranger: 'BTC-USDC',
    frame: ({ instrument, bid, ask, last, at, sequence }) =>
      `{"channel":"ticker","timestamp":"${iso(at)}","sequence_num":${sequence},"events":[{"type":"update","tickers":[` +
      `{"type":"ticker","product_id":"${instrument}","price":"${last}","volume_24_h":"9.5","low_24_h":"1","high_24_h":"3",` +
      `"low_52_w":"1","high_52_w":"4","price_percent_chg_24_h":"-0.5","best_bid":"${bid[0]}","best_ask":"${ask[0]}",` +
      `"best_bid_quantity":"${bid[1]}","best_ask_quantity":"${ask[1]}"}]}]}`,
    others: [
      '{"channel":"heartbeats","timestamp":"2026-08-09T21:05:48Z","sequence_num":7,"events":[{"heartbeat_counter":1}]}',
      '{"channel":"subscriptions","timestamp":"2026-08-09T21:05:48Z","sequence_num":8,"events":[]}',
      '{"type":"error","message":"rate limit exceeded"}',
    ],
  },
  kraken: {
    configured: ['BTC/USD', 'ETH/USD'],
    stranger: 'DOGE/USD',
    frame: ({ instrument, bid, ask, last, at }) =>
      `{"channel":"ticker","type":"update","data":[{"symbol":"${instrument}","bid":${bid[0]},"bid_qty":${bid[1]},` +
      `"ask":${ask[0]},"ask_qty":${ask[1]},"last":${last},"volume":9.5,"vwap":2,"low":1,"high":3,"change":-0.1,` +
      `"change_pct":-0.01,"trades":12,"timestamp":"${iso(at)}"}]}`,
    withoutSequence: true,
    others: ['{"channel":"heartbeat"}', '{"method":"pong"}', '{"error":"Exceeded msg rate"}', '{"channel":"trade"}'],
  },
  okx: {
    configured: ['BTC-USDT', 'ETH-USDT'],
    stranger: 'BTC-USDT-SWAP',
    frame: ({ instrument, bid, ask, at, sequence }) =>
      `{"arg":{"channel":"bbo-tbt","instId":"${instrument}"},"data":[{"asks":[["${ask[0]}","${ask[1]}","0","3"]],` +
      `"bids":[["${bid[0]}","${bid[1]}","0","1"]],"ts":"${at}","seqId":${sequence}}]}`,
    withoutLast: true,
    others: ['pong', '{"event":"subscribe","arg":{"channel":"bbo-tbt","instId":"BTC-USDT"},"connId":"a"}'],
  },
  bybit: {
    configured: ['BTCUSDT', 'ETHUSDT'],
    stranger: 'DOGEUSDT',
    frame: ({ instrument, bid, ask, at, sequence }) =>
      `{"topic":"orderbook.1.${instrument}","ts":${at},"type":"snapshot","data":{"s":"${instrument}",` +
      `"b":[["${bid[0]}","${bid[1]}"]],"a":[["${ask[0]}","${ask[1]}"]],"u":77,"seq":${sequence}},"cts":${at}}`,
    withoutLast: true,
    others: [
      '{"success":true,"ret_msg":"pong","conn_id":"a","op":"ping"}',
      '{"topic":"orderbook.1.BTCUSDT","ts":9,"type":"delta","data":{"s":"BTCUSDT","b":[],"a":[["2","0"]],"u":78,"seq":9},"cts":9}',
    ],
  },
  bitstamp: {
    configured: ['btcusd', 'ethusd'],
    stranger: 'dogeusd',
    frame: ({ instrument, bid, ask, at }) =>
      `{"data":{"timestamp":"${Math.floor(at / 1000)}","microtimestamp":"${at}000",` +
      `"bids":[["${bid[0]}","${bid[1]}"],["0.9","4"]],"asks":[["${ask[0]}","${ask[1]}"],["9.9","4"]]},` +
      `"channel":"order_book_${instrument}","event":"data"}`,
    withoutLast: true,
    withoutSequence: true,
    others: ['{"event":"bts:heartbeat","channel":"","data":{"status":"success"}}', '{"event":"bts:error"}'],
  },
  deribit: {
    configured: ['btc_usd', 'eth_usd'],
    stranger: 'sol_usdc',
    frame: ({ instrument, last, at }) =>
      `{"jsonrpc":"2.0","method":"subscription","params":{"channel":"deribit_volatility_index.${instrument}",` +
      `"data":{"volatility":${last},"timestamp":${at},"index_name":"${instrument}"}}}`,
    said: ({ instrument, last, at }) => ({
      kind: 'volatility',
      instrument,
      volatility: Number(last) / 100,
      observedAt: at,
    }),
    others: [
      '{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"test_request"}}',
      '{"jsonrpc":"2.0","id":2,"result":["deribit_volatility_index.btc_usd"]}',
      '{"jsonrpc":"2.0","id":2,"error":{"code":11050,"message":"bad_request"}}',
    ],
  },
  generic: {
    configured: ['BTC-USD', 'ETH-USD'],
    stranger: 'DOGE-USD',
    frame: ({ instrument, bid, ask, last, at, sequence }) =>
      `{"instrument":"${instrument}","bid":"${bid[0]}","ask":"${ask[0]}","last":"${last}","bidSize":"${bid[1]}",` +
      `"askSize":"${ask[1]}","eventAt":${at},"sequence":${sequence}}`,
    others: ['{"subscribed":["BTC-USD"]}', '{"heartbeat":1}', '{"error":"no such instrument"}', '{"bid":"1"}'],
  },
};

/** Plain decimals that are JSON numbers too: zero, negative, tiny, longer than 2^53, and any in between. */
const figures = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom('0', '-1', '0.00000001', '65083.66000000', '12345678901234567890.1234567') },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.nat({ max: 2 ** 31 - 1 }), fc.stringMatching(/^\d{0,9}$/))
      .map(([whole, rest]) => (rest === '' ? `${whole}` : `${whole}.${rest}`)),
  },
);
const sides = fc.tuple(figures, figures);

/** A crossed market and a time of the far future are said as they are: the oracle refuses them. */
const tickers = ({ configured, stranger }: Wire): fc.Arbitrary<Ticker> =>
  fc.record({
    instrument: fc.constantFrom(...configured, ...configured, stranger),
    bid: sides,
    ask: sides,
    last: figures,
    at: fc.integer({ min: 1_000_000_000_000, max: 9_000_000_000_000 }),
    sequence: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  });

const POISON = [
  'NaN',
  'Infinity',
  '1e308',
  '1e999',
  '-0',
  '',
  'null',
  '{}',
  '[]',
  '"',
  '\\',
  '\u0000',
  '٣',
  '9'.repeat(400),
];

/** A lawful frame with a piece cut out, doubled, replaced or inserted. */
const mutated = (frames: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(frames, fc.nat(), fc.nat({ max: 12 }), fc.oneof(fc.constantFrom(...POISON), fc.string({ maxLength: 3 })))
    .map(([frame, place, length, piece]) => {
      const from = place % (frame.length + 1);
      return frame.slice(0, from) + piece + frame.slice(from + length);
    });

/** A lawful frame with one figure replaced, which keeps its form but not its meaning. */
const poisoned = (frames: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(frames, fc.nat(), fc.constantFrom(...POISON)).map(([frame, place, piece]) => {
    const found = [...frame.matchAll(/-?\d+(?:\.\d+)?/g)];
    const figure = found[place % found.length];
    return figure === undefined
      ? frame
      : frame.slice(0, figure.index) + piece + frame.slice(figure.index + figure[0].length);
  });

const truncated = (frames: fc.Arbitrary<string>) =>
  fc.tuple(frames, fc.nat()).map(([frame, length]) => frame.slice(0, length % (frame.length + 1)));

const garbage = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.json(),
  fc.constantFrom(
    '',
    ' ',
    'null',
    '0',
    '[]',
    '{}',
    '"pong"',
    'pong ',
    '{"data":[]}',
    '{"channel":7}',
    '{"event":null}',
  ),
);

/** Nested deeper than a recursive reader could follow. */
const HUGE = ['['.repeat(60_000), `{"data":${'['.repeat(9_000)}${']'.repeat(9_000)}}`];

describe.each(dialectNames)('%s', (name) => {
  const dialect = dialectNamed(name);
  const wire = WIRES[name] as Wire;
  const lawful = tickers(wire).map((ticker) => wire.frame(ticker));
  const frames = fc.oneof(
    { weight: 30, arbitrary: lawful },
    { weight: 50, arbitrary: mutated(lawful) },
    { weight: 50, arbitrary: poisoned(lawful) },
    { weight: 20, arbitrary: truncated(lawful) },
    { weight: 20, arbitrary: fc.constantFrom(...wire.others) },
    { weight: 20, arbitrary: mutated(fc.constantFrom(...wire.others)) },
    { weight: 20, arbitrary: garbage },
    { weight: 1, arbitrary: fc.constantFrom(...HUGE, ' '.repeat(dialect.maxFrameBytes + 1)) },
  );

  it('answers any 10,000 frames, each twice, by named outcomes, and quotes none but what it was opened for', () => {
    let read = 0;
    fc.assert(
      fc.property(fc.array(frames, { minLength: 50, maxLength: 50 }), (sequence) => {
        const state = dialect.open(wire.configured);
        // Twice each: a duplicate is a frame like any other.
        for (const frame of sequence.flatMap((frame) => [frame, frame])) {
          const outcomes = dialect.parse(state, frame);
          if (outcomes.length === 0 || !outcomes.every((outcome) => isLawful(outcome, wire))) {
            throw new Error(`${JSON.stringify(frame)} became ${JSON.stringify(outcomes)}`);
          }
          read++;
        }
      }),
      { numRuns: 200, endOnFailure: true },
    );
    expect(read).toBeGreaterThanOrEqual(20_000);
  });

  it('reads a frame in the form of the exchange without JSON.parse, and says what it says', () => {
    const parse = jest.spyOn(JSON, 'parse');
    fc.assert(
      fc.property(tickers(wire), (ticker) => {
        const frame = wire.frame(ticker);
        parse.mockClear();
        const outcomes = dialect.parse(dialect.open(wire.configured), frame);
        expect(parse).not.toHaveBeenCalled();
        const known = wire.configured.includes(ticker.instrument);
        expect(outcomes).toEqual([
          known ? (wire.said?.(ticker) ?? said(wire, ticker)) : { ...unknown, detail: expect.any(String) as string },
        ]);
      }),
      { numRuns: 1_000 },
    );
    parse.mockRestore();
  });

  it('finds by template what JSON.parse and the schema find, and nothing else', () => {
    const any = fc.oneof(lawful, mutated(lawful), poisoned(lawful));
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 5 }), (sequence) => {
        const [fast, slow] = [dialect.open(wire.configured), dialect.open(wire.configured)];
        for (const frame of sequence) {
          // JSON allows a blank before it; a template does not.
          const [byTemplate, byJson] = [dialect.parse(fast, frame), dialect.parse(slow, ` ${frame}`)].map(undetailed);
          if (!isDeepStrictEqual(byTemplate, byJson))
            expect({ frame, outcomes: byTemplate }).toEqual({ frame, outcomes: byJson });
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('refuses a frame above its size, whatever it holds', () => {
    const frame = `{${' '.repeat(dialect.maxFrameBytes)}}`;
    expect(dialect.parse(dialect.open(wire.configured), frame)).toMatchObject([{ reason: 'tooLarge' }]);
  });
});

const unknown = { kind: 'rejected', reason: 'unknownInstrument' } as const;

function isLawful(outcome: Outcome, { configured }: Wire): boolean {
  switch (outcome.kind) {
    case 'quote':
      return configured.includes(outcome.instrument) && Object.values(outcome.quote).every(isFigureOrAbsent);
    case 'volatility':
      return configured.includes(outcome.instrument) && Number.isFinite(outcome.volatility);
    case 'control':
      return ['acknowledged', 'heartbeat', 'information', 'reconnect'].includes(outcome.control);
    case 'rejected':
      return REJECTIONS.includes(outcome.reason) && (outcome.detail ?? '').length <= 200;
  }
}

function isFigureOrAbsent(figure: unknown): boolean {
  return figure === undefined || Number.isFinite(figure);
}

function undetailed(outcomes: readonly Outcome[]): unknown {
  return outcomes.map((outcome) => (outcome.kind === 'rejected' ? { ...outcome, detail: undefined } : outcome));
}

function said(wire: Wire, { instrument, bid, ask, last, at, sequence }: Ticker): Outcome {
  const quote = {
    bid: Number(bid[0]),
    ask: Number(ask[0]),
    bidSize: Number(bid[1]),
    askSize: Number(ask[1]),
    last: wire.withoutLast ? undefined : Number(last),
    eventAt: wire.withoutTime ? undefined : at,
    sequence: wire.withoutSequence ? undefined : sequence,
  };
  return { kind: 'quote', instrument, quote };
}
