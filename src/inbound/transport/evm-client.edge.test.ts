import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { createEvmClient } from './evm-client';

const ADDRESS = '0x00000000000000000000000000000000000000a1';
const BLOCK = `0x${'b1'.repeat(32)}` as const;
const JSON_TYPE = { 'content-type': 'application/json' };

describe(`${createEvmClient.name} against a node that misbehaves`, () => {
  let node: Server;
  let url: string;
  let answer: (request: unknown, response: ServerResponse) => void;

  beforeEach(async () => {
    node = createServer((request: IncomingMessage, response) => {
      void json(request).then((body) => {
        answer(body, response);
      });
    }).listen(0, '127.0.0.1');
    await once(node, 'listening');
    url = `http://127.0.0.1:${(node.address() as AddressInfo).port}/v2/secret-key`;
  });

  afterEach(async () => {
    node.closeAllConnections();
    node.close();
    await once(node, 'close');
  });

  const call = (timeoutMs?: number) => createEvmClient(url, timeoutMs).call({ to: ADDRESS, data: '0xfeaf968c' }, BLOCK);

  test('asks once, as of the block of that hash, for exactly what was said', async () => {
    const asked: unknown[] = [];
    answer = (request, response) => {
      asked.push(request);
      response.writeHead(200, JSON_TYPE).end('{"jsonrpc":"2.0","id":1,"result":"0xabcd"}');
    };
    await expect(call()).resolves.toBe('0xabcd');
    expect(asked).toEqual([
      expect.objectContaining({
        method: 'eth_call',
        params: [{ to: ADDRESS, data: '0xfeaf968c' }, { blockHash: BLOCK }],
      }),
    ]);
  });

  test.each([
    ['as geth numbers it', '{"code":3,"message":"execution reverted: No data present","data":"0x"}'],
    ['as others word it', '{"code":-32015,"message":"VM execution error.","data":"revert: No data present"}'],
    ['without a reason', '{"code":-32000,"message":"execution reverted"}'],
  ])('takes a revert for an answer, %s', async (_, error) => {
    answer = (_request, response) => {
      response.writeHead(200, JSON_TYPE).end(`{"jsonrpc":"2.0","id":1,"error":${error}}`);
    };
    await expect(call()).resolves.toEqual({ reverted: expect.any(String) as string });
  });

  test.each([
    ['null, as for a height not reached', 'null'],
    ['a block without a hash, as one that is not mined yet', '{"number":"0x10","hash":null,"timestamp":"0x65b802ab"}'],
    ['a block without a number', `{"hash":"${BLOCK}","timestamp":"0x65b802ab"}`],
    ['a block of no time', `{"number":"0x10","hash":"${BLOCK}","timestamp":"now"}`],
  ])('has no block where the node answers %s', async (_, result) => {
    answer = (_request, response) => {
      response.writeHead(200, JSON_TYPE).end(`{"jsonrpc":"2.0","id":1,"result":${result}}`);
    };
    await expect(createEvmClient(url).block(16)).rejects.toThrow('the node has no block 16');
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ['answers nothing', () => undefined],
    ['begins an answer and never ends it', (response) => response.writeHead(200, JSON_TYPE).write('{"jsonrpc":')],
  ])('gives up a node that %s', async (_, misbehave) => {
    answer = (_request, response) => {
      misbehave(response);
    };
    await expect(call(50)).rejects.toThrow(/took too long/);
  });

  test.each<[string, (response: ServerResponse) => void, RegExp]>([
    ['is limited', (response) => response.writeHead(429, JSON_TYPE).end('{}'), /HTTP request failed/],
    ['is ill', (response) => response.writeHead(502).end('<html>Bad Gateway</html>'), /HTTP request failed/],
    ['talks no JSON', (response) => response.writeHead(200, JSON_TYPE).end('{"jsonrpc"'), /HTTP request failed/],
    [
      'answers with null',
      (response) => response.writeHead(200, JSON_TYPE).end('{"jsonrpc":"2.0","id":1,"result":null}'),
      /no bytes/,
    ],
    [
      'refuses',
      (response) =>
        response.writeHead(200, JSON_TYPE).end('{"jsonrpc":"2.0","id":1,"error":{"code":-32005,"message":"capacity"}}'),
      /capacity|limit/i,
    ],
    [
      'answers a flood',
      (response) => response.writeHead(200, JSON_TYPE).end(`"${'x'.repeat(2_000_000)}"`),
      /size|large/i,
    ],
    ['hangs up', (response) => response.destroy(), /HTTP request failed/],
  ])('rejects where the node %s, without naming its address, which holds a key', async (_, misbehave, says) => {
    answer = (_request, response) => {
      misbehave(response);
    };
    const error = await call().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(Error);
    const { message } = error as Error;
    expect(message).toMatch(says);
    expect(message).not.toContain('secret-key');
    expect(message.length).toBeLessThanOrEqual(200);
  });

  test('rejects where nobody listens', async () => {
    await expect(createEvmClient('http://127.0.0.1:9').call({ to: ADDRESS, data: '0x' }, BLOCK)).rejects.toThrow(
      /HTTP request failed/,
    );
  });
});
