import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EpochMs } from '../../oracle/units/time';
import type { Clock } from '../../platform/clock/clock';
import { ChainlinkRounds, type AggregatorOptions } from './chainlink-rounds';
import { isObject } from './exchange';
import type { Truth } from './truth';

/** Four-byte selectors of AggregatorV3Interface: https://docs.chain.link/data-feeds/api-reference */
const LATEST_ROUND_DATA = '0xfeaf968c';
const DECIMALS = '0x313ce567';
const DESCRIPTION = '0x7284e416';
const VERSION = '0x54fd4d50';

const BLOCK_MS = 12_000;
const FIRST_BLOCK = 23_000_000;
const MAX_BODY_BYTES = 256 * 1_024;
const MAX_BATCH = 1_000;

export interface RpcNodeOptions {
  readonly chainId: number;
  readonly aggregators: readonly AggregatorOptions[];
  readonly truth: Truth;
  readonly clock: Clock;
}

export interface RpcNode {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  stop(): Promise<void>;
}

type Answer = { readonly result: unknown } | { readonly error: { code: number; message: string; data?: string } };

/**
 * A chain with nothing on it but Chainlink price feeds, over HTTP JSON-RPC 2.0 (batches too). Errors carry the codes of
 * https://www.jsonrpc.org/specification#error_object, a call that reverts carries 3 as geth's does.
 */
export async function startRpcNode(options: RpcNodeOptions): Promise<RpcNode> {
  const { truth, aggregators, clock } = options;
  const feeds = new Map(
    aggregators.map((feed) => {
      const truthAt = (at: EpochMs) => truth.truthOf(feed.base, feed.quote, at);
      return [feed.address.toLowerCase(), new ChainlinkRounds(feed, truthAt, truth.since)] as const;
    }),
  );
  const bornAt = clock.now();

  const answer = (method: string, params: readonly unknown[]): Answer => {
    switch (method) {
      case 'eth_chainId':
        return { result: `0x${options.chainId.toString(16)}` };
      case 'eth_blockNumber':
        return { result: hex(newest()) };
      case 'eth_getBlockByNumber':
        return { result: block(params[0] === 'latest' ? newest() : Number(params[0])) };
      case 'eth_call':
        return call(params[0]);
      default:
        return refusal(-32601, `the method ${method} does not exist/is not available`);
    }
  };

  const newest = (): number => FIRST_BLOCK + Math.floor((clock.now() - bornAt) / BLOCK_MS);

  /** As much of a block as says which it is and when it was made; null where there is none. */
  const block = (number: number): object | null => {
    if (!(number >= FIRST_BLOCK && number <= newest())) return null;
    const seconds = Math.floor((bornAt + (number - FIRST_BLOCK) * BLOCK_MS) / 1_000);
    return { number: hex(number), hash: words(BigInt(number)), timestamp: hex(seconds) };
  };

  /** At the newest block, whichever is asked for. */
  const call = (transaction: unknown): Answer => {
    if (!isObject(transaction) || typeof transaction['to'] !== 'string') return refusal(-32602, 'missing `to`');
    const data = transaction['data'] ?? transaction['input'];
    const feed = feeds.get(transaction['to'].toLowerCase());
    if (feed === undefined) return { result: '0x' };
    if (typeof data !== 'string') return refusal(-32602, 'missing `data`');
    switch (data.slice(0, 10).toLowerCase()) {
      case LATEST_ROUND_DATA: {
        const { roundId, answer: price, startedAtS, updatedAtS } = feed.latest(clock.now());
        return { result: words(roundId, price, BigInt(startedAtS), BigInt(updatedAtS), roundId) };
      }
      case DECIMALS:
        return { result: words(BigInt(feed.decimals)) };
      case VERSION:
        return { result: words(4n) };
      case DESCRIPTION:
        return { result: text(feed.description) };
      default:
        return { error: { code: 3, message: 'execution reverted', data: '0x' } };
    }
  };

  const one = (request: unknown): object => {
    const head = { jsonrpc: '2.0', id: isObject(request) ? (request['id'] ?? null) : null };
    if (!isObject(request) || request['jsonrpc'] !== '2.0' || typeof request['method'] !== 'string') {
      return { ...head, ...refusal(-32600, 'invalid request') };
    }
    const params: unknown = request['params'] ?? [];
    if (!Array.isArray(params)) return { ...head, ...refusal(-32602, 'params must be a list') };
    return { ...head, ...answer(request['method'], params) };
  };

  const respond = (body: string): unknown => {
    let request: unknown;
    try {
      request = JSON.parse(body);
    } catch {
      return { jsonrpc: '2.0', id: null, ...refusal(-32700, 'parse error') };
    }
    if (!Array.isArray(request)) return one(request);
    const isBatch = request.length > 0 && request.length <= MAX_BATCH;
    return isBatch ? request.map(one) : { jsonrpc: '2.0', id: null, ...refusal(-32600, `1 to ${MAX_BATCH} requests`) };
  };

  const server = createServer((request, response) => {
    serve(request, response, respond);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
}

function serve(request: IncomingMessage, response: ServerResponse, respond: (body: string) => unknown): void {
  if (request.method !== 'POST') {
    response.writeHead(405, { allow: 'POST' }).end();
    return;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  });
  request.on('end', () => {
    if (bytes > MAX_BODY_BYTES) response.writeHead(413).end();
    else {
      const body = JSON.stringify(respond(Buffer.concat(chunks).toString('utf8')));
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    }
  });
}

function refusal(code: number, message: string): Answer {
  return { error: { code, message } };
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

/** ABI words, unsigned (an answer here is never negative). */
function words(...values: readonly bigint[]): string {
  return `0x${values.map((value) => value.toString(16).padStart(64, '0')).join('')}`;
}

/** An ABI string of 1 to 32 bytes: offset, length, content padded to a word. */
function text(content: string): string {
  const bytes = Buffer.from(content, 'utf8');
  return `${words(32n, BigInt(bytes.length))}${bytes.toString('hex').padEnd(64, '0')}`;
}
