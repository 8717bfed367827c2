import { SECOND_MS } from '../../oracle/units/time';
import type { Hex } from '../reader';

/** The port to a chain: one of its JSON-RPC nodes. */
export interface EvmClient {
  /**
   * What a contract returns at the newest block; `0x` where no contract is. Rejects with a short message, free of the
   * node's address (which often carries a key), where the node fails or the contract reverts.
   */
  call(to: Hex, data: Hex): Promise<Hex>;
}

const MAX_RESPONSE_BYTES = 1_000_000;
const MAX_MESSAGE_LENGTH = 200;

/** viem is loaded by the first call, not before: most of what this program does needs no chain. */
export function createEvmClient(rpcUrl: string, timeoutMs = 5 * SECOND_MS): EvmClient {
  let connecting: Promise<(to: Hex, data: Hex) => Promise<Hex>> | undefined;
  return {
    async call(to, data) {
      connecting ??= connect(rpcUrl, timeoutMs);
      return (await connecting)(to, data);
    },
  };
}

async function connect(rpcUrl: string, timeoutMs: number): Promise<(to: Hex, data: Hex) => Promise<Hex>> {
  const { BaseError, createPublicClient, http } = await import('viem');
  // The next poll is the retry.
  const options = { timeout: timeoutMs, retryCount: 0, maxResponseBodySize: MAX_RESPONSE_BYTES };
  const client = createPublicClient({ transport: http(rpcUrl, options) });
  return async (to, data) => {
    try {
      return (await client.call({ to, data })).data ?? '0x';
    } catch (error) {
      // The `message` of viem's errors names the address.
      const said = error instanceof BaseError ? `${error.shortMessage} ${error.details}` : String(error);
      throw new Error(said.replaceAll(rpcUrl, 'the node').trim().slice(0, MAX_MESSAGE_LENGTH));
    }
  };
}
