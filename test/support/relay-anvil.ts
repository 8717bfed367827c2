import { openChain } from '../../src/outbound/relay/viem-chain';
import type { Chain } from '../../src/outbound/relay/chain';
import { loadKeccak } from '../../src/platform/keccak';
import { anvilSigners } from './quorum';

/** Anvil's accounts from here on sign no prices in the tests of the relayer. */
const FIRST_RELAY_ACCOUNT = 7;

/** The chain as the relayer sees it, or a rival of its own account; both have ether on every fresh anvil. */
export async function relayChain(urls: readonly string[], rival = false): Promise<Chain> {
  const [key] = await anvilSigners(1, await loadKeccak(), FIRST_RELAY_ACCOUNT + Number(rival));
  return openChain(urls, key!);
}

/** Asks anvil something that only anvil answers (https://getfoundry.sh/anvil/reference). */
export async function anvilRpc(url: string, method: string, ...params: unknown[]): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const { result, error } = (await answer.json()) as { result?: unknown; error?: { message: string } };
  if (error !== undefined) throw new Error(`${method}: ${error.message}`);
  return result;
}
