import { createPublicClient, getAddress, http, parseAbi } from 'viem';
import { SteeredClock } from '../../../test/support/steered-clock';
import { startMarket, type Market } from './market';

const BTC_USD = getAddress('0xf4030086522a5beea4988f8ca5b36dbc97bee88c');
const ABI = parseAbi([
  'function latestRoundData() view returns (uint80, int256, uint256, uint256, uint80)',
  'function decimals() view returns (uint8)',
  'function description() view returns (string)',
  'function version() view returns (uint256)',
  'function latestAnswer() view returns (int256)',
]);

describe('the simulated JSON-RPC node', () => {
  let clock: SteeredClock;
  let market: Market;

  beforeEach(async () => {
    clock = new SteeredClock();
    const aggregators = [{ address: BTC_USD, base: 'BTC', quote: 'USD' }];
    market = await startMarket({ seed: 1, clock, timers: clock, instruments: [], aggregators });
  });
  afterEach(() => market.stop());

  const client = () => createPublicClient({ transport: http(market.rpcUrl, { batch: true, retryCount: 0 }) });
  const read = (functionName: 'decimals' | 'description' | 'version') =>
    client().readContract({ address: BTC_USD, abi: ABI, functionName });
  const latest = () => client().readContract({ address: BTC_USD, abi: ABI, functionName: 'latestRoundData' });

  async function post(body: string): Promise<unknown> {
    return (await fetch(market.rpcUrl, { method: 'POST', body })).json();
  }

  test('is read by a stranger: viem, in one batch', async () => {
    expect(await Promise.all([read('decimals'), read('description'), read('version')])).toEqual([8, 'BTC / USD', 4n]);
    expect(await client().getChainId()).toBe(1);
  });

  test('answers with the truth to within 50 bp and a block, in seconds, under growing rounds', async () => {
    const first = await latest();
    await clock.advance(10 * 60_000);
    const [roundId, answer, startedAt, updatedAt, answeredInRound] = await latest();
    expect(roundId).toBeGreaterThan(first[0]);
    expect(roundId >> 64n).toBe(1n);
    expect(answeredInRound).toBe(roundId);
    const observedAt = Number(startedAt) * 1_000;
    expect(Number(answer) / 1e8).toBeCloseTo(market.truthOf('BTC', 'USD', observedAt), 6);
    expect(updatedAt - startedAt).toBe(12n);
    expect(Number(updatedAt) * 1_000).toBeLessThanOrEqual(clock.now());
  });

  test('moves on by a block each 12 s', async () => {
    const first = await client().getBlockNumber({ cacheTime: 0 });
    await clock.advance(25_000);
    expect(await client().getBlockNumber({ cacheTime: 0 })).toBe(first + 2n);
  });

  test('knows each of its blocks by number, hash and time, and none of the future', async () => {
    const newest = await client().getBlock();
    await clock.advance(12_000);
    const next = await client().getBlock();
    expect([next.number, next.timestamp]).toEqual([newest.number + 1n, newest.timestamp + 12n]);
    expect(await client().getBlock({ blockNumber: newest.number })).toMatchObject({ hash: newest.hash });
    expect(next.hash).not.toBe(newest.hash);
    await expect(client().getBlock({ blockNumber: next.number + 1n })).rejects.toThrow(/could not be found/);
  });

  test('reverts what the contract does not have, and finds no contract elsewhere', async () => {
    const old = client().readContract({ address: BTC_USD, abi: ABI, functionName: 'latestAnswer' });
    await expect(old).rejects.toThrow(/reverted/);
    const address = getAddress(`0x${'11'.repeat(20)}`);
    const elsewhere = client().readContract({ address, abi: ABI, functionName: 'decimals' });
    await expect(elsewhere).rejects.toThrow(/returned no data/);
  });

  test.each([
    ['{"jsonrpc":"2.0","id":7,"method":"eth_sendTransaction"}', 7, -32601],
    ['{"jsonrpc":"2.0","id":7,"method":"eth_call","params":{}}', 7, -32602],
    ['{"jsonrpc":"2.0","id":7,"method":"eth_call","params":[{}]}', 7, -32602],
    ['{"id":7,"method":"eth_chainId"}', 7, -32600],
    ['17', null, -32600],
    ['[]', null, -32600],
    ['{"jsonrpc"', null, -32700],
  ])('answers %s with a JSON-RPC error', async (body, id, code) => {
    expect(await post(body)).toEqual({ jsonrpc: '2.0', id, error: { code, message: expect.any(String) } });
  });

  test('answers a batch in its order, errors included', async () => {
    const batch = [
      { jsonrpc: '2.0', id: 1, method: 'eth_chainId' },
      { jsonrpc: '2.0', id: 2, method: 'nope' },
    ];
    expect(await post(JSON.stringify(batch))).toEqual([
      { jsonrpc: '2.0', id: 1, result: '0x1' },
      { jsonrpc: '2.0', id: 2, error: { code: -32601, message: expect.stringContaining('nope') } },
    ]);
  });

  test('takes no GET and no huge body', async () => {
    expect((await fetch(market.rpcUrl)).status).toBe(405);
    expect((await fetch(market.rpcUrl, { method: 'POST', body: 'x'.repeat(300_000) })).status).toBe(413);
  });
});
