import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { createEvmClient } from './evm-client';

const ADDRESS = '0x00000000000000000000000000000000000000a1';
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

  const call = (timeoutMs?: number) => createEvmClient(url, timeoutMs).call(ADDRESS, '0xfeaf968c');

  test('asks once, at the newest block, for exactly what was said', async () => {
    const asked: unknown[] = [];
    answer = (request, response) => {
      asked.push(request);
      response.writeHead(200, JSON_TYPE).end('{"jsonrpc":"2.0","id":1,"result":"0xabcd"}');
    };
    await expect(call()).resolves.toBe('0xabcd');
    expect(asked).toEqual([
      expect.objectContaining({ method: 'eth_call', params: [{ to: ADDRESS, data: '0xfeaf968c' }, 'latest'] }),
    ]);
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
    await expect(createEvmClient('http://127.0.0.1:9').call(ADDRESS, '0x')).rejects.toThrow(/HTTP request failed/);
  });
});
