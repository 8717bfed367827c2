import { deribit } from './deribit.dialect';

const parse = (frame: string) => deribit.parse(deribit.open(['btc_usd', 'eth_usd']), frame);

const NEWS =
  '{"jsonrpc":"2.0","method":"subscription","params":{"channel":"deribit_volatility_index.btc_usd",' +
  '"data":{"volatility":45.36,"timestamp":1790222058054,"index_name":"btc_usd"}}}';
const volatility = { kind: 'volatility', instrument: 'btc_usd', volatility: 0.4536, observedAt: 1790222058054 };
const control = (control: string) => ({ kind: 'control', control });
const rejected = (reason: string, detail?: string) => (detail === undefined ? { reason } : { reason, detail });

describe('deribit', () => {
  it.each([
    ['an index is a volatility, of one and not of a hundred', NEWS, volatility],
    [
      'fields may stand in another order',
      NEWS.replace('"volatility":45.36,', '').replace('"btc_usd"}', '"btc_usd","volatility":45.36}'),
      volatility,
    ],
    ['fields may be added', NEWS.replace('"index_name"', '"estimated":true,"index_name"'), volatility],
    [
      'whether it can be one is the oracle’s question',
      NEWS.replace('45.36', '-1'),
      { ...volatility, volatility: -0.01 },
    ],
    [
      'the exchange asks whether anybody is there',
      '{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"test_request"}}',
      { ...control('heartbeat'), reply: '{"jsonrpc":"2.0","id":3,"method":"public/test","params":{}}' },
    ],
    [
      'the exchange says that it is there',
      '{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"heartbeat"}}',
      control('heartbeat'),
    ],
    [
      'an answer to the answer',
      '{"jsonrpc":"2.0","id":3,"result":{"version":"1.2.26"},"usIn":1,"usOut":2,"usDiff":1,"testnet":false}',
      control('heartbeat'),
    ],
    ['heartbeats are acknowledged', '{"jsonrpc":"2.0","id":1,"result":"ok"}', control('acknowledged')],
    [
      'a subscription is acknowledged',
      '{"jsonrpc":"2.0","id":2,"result":["deribit_volatility_index.eth_usd","deribit_volatility_index.btc_usd"]}',
      control('acknowledged'),
    ],
    [
      'an index is missing in the acknowledgement',
      '{"jsonrpc":"2.0","id":2,"result":["deribit_volatility_index.btc_usd"]}',
      rejected('refusedByVenue', 'not subscribed to: eth_usd'),
    ],
    [
      'a request is refused',
      '{"jsonrpc":"2.0","id":2,"error":{"message":"bad_request","code":11050}}',
      rejected('refusedByVenue'),
    ],
    ['an index is not configured', NEWS.replaceAll('btc_usd', 'sol_usdc'), rejected('unknownInstrument', 'sol_usdc')],
    ['the channel names another index', NEWS.replace('btc_usd', 'eth_usd'), rejected('wrongShape')],
    [
      'another channel is not used',
      '{"jsonrpc":"2.0","method":"subscription","params":{"channel":"deribit_price_index.btc_usd","data":{"price":1}}}',
      rejected('channelNotUsed', 'deribit_price_index.btc_usd'),
    ],
    ['another method is not used', '{"jsonrpc":"2.0","method":"news"}', rejected('channelNotUsed', 'news')],
    ['it is a string', NEWS.replace('45.36', '"45.36"'), rejected('wrongShape')],
    ['it is beyond float64', NEWS.replace('45.36', '1e999'), rejected('notANumber')],
    ['it is not JSON', NEWS.replace('45.36', 'NaN'), rejected('notJson')],
    ['it has no time', NEWS.replace('"timestamp":1790222058054,', ''), rejected('wrongShape')],
    ['nothing is known of it', '{"hello":"world"}', rejected('wrongShape', '{"hello":"world"}')],
  ])('%s', (_reason, frame, outcome) => {
    expect(parse(frame)).toEqual([expect.objectContaining(outcome)]);
  });

  it('asks for heartbeats, then for the indices', () => {
    expect(deribit.subscribe(['btc_usd'])).toEqual([
      '{"jsonrpc":"2.0","id":1,"method":"public/set_heartbeat","params":{"interval":10}}',
      '{"jsonrpc":"2.0","id":2,"method":"public/subscribe","params":{"channels":["deribit_volatility_index.btc_usd"]}}',
    ]);
  });
});
