import { SECOND_MS } from '../../oracle/units/time';
import type { Block, Call, CallAnswer, Hex } from '../reader';

/**
 * The port to a chain: one of its JSON-RPC nodes. Rejects with a short message, free of the node's address (which often
 * carries a key), where the node fails.
 */
export interface EvmClient {
  /** The newest block, or the one at a height; rejects where the node does not have it. */
  block(number?: number): Promise<Block>;
  /** What a contract returns as of the block of a hash; a revert is an answer too. */
  call(call: Call, blockHash: Hex): Promise<CallAnswer>;
}

const MAX_RESPONSE_BYTES = 1_000_000;
const MAX_MESSAGE_LENGTH = 200;
/** Of 32 bytes in hex. */
const HASH_LENGTH = 66;
/** How geth (with its followers) and Nethermind number a call that reverted; others say it in words. */
const REVERTED = [3, -32_015];

/** viem is loaded by the first call, not before: most of what this program does needs no chain. */
export function createEvmClient(rpcUrl: string, timeoutMs = 5 * SECOND_MS): EvmClient {
  let connecting: Promise<EvmClient> | undefined;
  const client = (): Promise<EvmClient> => (connecting ??= connect(rpcUrl, timeoutMs));
  return {
    block: async (number) => (await client()).block(number),
    call: async (call, blockHash) => (await client()).call(call, blockHash),
  };
}

async function connect(rpcUrl: string, timeoutMs: number): Promise<EvmClient> {
  const { BaseError, createPublicClient, http, numberToHex, RpcRequestError } = await import('viem');
  // The next poll is the retry.
  const options = { timeout: timeoutMs, retryCount: 0, maxResponseBodySize: MAX_RESPONSE_BYTES };
  const client = createPublicClient({ transport: http(rpcUrl, options) });

  /** The `message` of viem's errors names the address. */
  const said = (error: unknown): string => {
    const text = error instanceof BaseError ? `${error.shortMessage} ${error.details}` : String(error);
    return text.replaceAll(rpcUrl, 'the node').trim().slice(0, MAX_MESSAGE_LENGTH);
  };
  const refusal = (error: unknown): string | undefined => {
    const cause = error instanceof BaseError ? error.walk((one) => one instanceof RpcRequestError) : undefined;
    if (!(cause instanceof RpcRequestError)) return undefined;
    return REVERTED.includes(cause.code) || /\brevert/i.test(cause.details) ? cause.details : undefined;
  };

  return {
    async block(number) {
      const tag = number === undefined ? 'latest' : numberToHex(number);
      const found = await client
        .request({ method: 'eth_getBlockByNumber', params: [tag, false] })
        .catch((error: unknown) => {
          throw new Error(said(error));
        });
      const block = found === null ? undefined : blockOf(found);
      if (block === undefined) throw new Error(`the node has no block ${number ?? 'at all'}`);
      return block;
    },
    async call({ to, data }, blockHash) {
      try {
        const answered: unknown = await client.request({ method: 'eth_call', params: [{ to, data }, { blockHash }] });
        if (isHex(answered)) return answered;
      } catch (error) {
        const reverted = refusal(error);
        if (reverted !== undefined) return { reverted: reverted.slice(0, MAX_MESSAGE_LENGTH) };
        throw new Error(said(error));
      }
      throw new Error('the node answered a call with no bytes');
    },
  };
}

/** Whatever a node calls a block: undefined where it is none. */
function blockOf(found: { number: unknown; hash: unknown; timestamp: unknown }): Block | undefined {
  const number = Number(found.number);
  const seconds = Number(found.timestamp);
  const { hash } = found;
  if (!Number.isSafeInteger(number) || !Number.isSafeInteger(seconds * SECOND_MS)) return undefined;
  if (!isHex(hash) || hash.length !== HASH_LENGTH) return undefined;
  return { number, hash, at: seconds * SECOND_MS };
}

function isHex(value: unknown): value is Hex {
  return typeof value === 'string' && /^0x[0-9a-fA-F]*$/.test(value);
}
