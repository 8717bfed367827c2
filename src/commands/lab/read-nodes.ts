import { chainlinkReader } from '../../inbound/chains/chainlink/chainlink-reader';
import type { Block, Hex } from '../../inbound/reader';
import type { EvmClient } from '../../inbound/transport/evm-client';
import { NodeQuorum } from '../../inbound/transport/node-quorum';
import type { ScriptedNode } from '../../lab/proofs/lying-node';
import { SECOND_MS } from '../../oracle/units/time';

const NOW = 1_700_000_000_000;
const BLOCK_MS = 12 * SECOND_MS;
const DECIMALS = 8;
const AGGREGATOR = '0x0000000000000000000000000000000000000001';
/** `decimals()` and `latestRoundData()`: https://docs.chain.link/data-feeds/api-reference */
const DECIMALS_CALL = '0x313ce567';
const LATEST_ROUND_DATA = '0xfeaf968c';

/** Reads scripted nodes as the live service reads a chain's: the price that a quorum of them gives, if any. */
export async function readNodes(nodes: readonly ScriptedNode[], agree: number): Promise<number | undefined> {
  const tip = Math.max(...nodes.map(({ height }) => height));
  const quorum = new NodeQuorum(
    nodes.map((node) => clientOf(node, tip)),
    agree,
  );
  const reader = chainlinkReader({
    id: 'chainlink:BTC/USD',
    address: AGGREGATOR,
    decimals: DECIMALS,
    heartbeatMs: 3_600 * SECOND_MS,
    maxAgeMs: 3_900 * SECOND_MS,
  });
  try {
    const { found } = await quorum.block();
    const { found: outcome } = await quorum.ask(found, () => reader.read(found.block, NOW));
    return outcome.kind === 'read' ? Number(outcome.value) : undefined;
  } catch {
    return undefined;
  }
}

function clientOf(node: ScriptedNode, tip: number): EvmClient {
  const heights = new Map<Hex, number>();
  return {
    block: async (height = node.height) => {
      if (height > node.height) throw new Error(`the node has no block ${height}`);
      const hash = node.hashAt(height);
      heights.set(hash, height);
      const block: Block = { number: height, hash, at: NOW - (tip - height) * BLOCK_MS };
      return Promise.resolve(block);
    },
    call: async ({ data }, hash) => {
      const height = heights.get(hash);
      if (height === undefined) throw new Error('the node does not know the block');
      if (data === DECIMALS_CALL) return Promise.resolve(words(DECIMALS));
      if (data !== LATEST_ROUND_DATA) return Promise.resolve({ reverted: 'no such function' });
      const seconds = NOW / SECOND_MS - 60;
      return Promise.resolve(words(1, node.answerAt(height) * 10 ** DECIMALS, seconds, seconds, 1));
    },
  };
}

function words(...values: readonly number[]): Hex {
  return `0x${values.map((value) => BigInt(Math.round(value)).toString(16).padStart(64, '0')).join('')}`;
}
