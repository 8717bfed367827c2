import type { Asking, Block, CallAnswer } from '../reader';
import type { EvmClient } from './evm-client';

/** Blocks travel: a node so few behind the others is as good as they are. */
const USUAL_LAG_BLOCKS = 2;

/** A node that is not of the same mind as the quorum, by its place in the list of nodes, from 1. */
export interface Dissent {
  readonly node: number;
  /** How it differs; never its address, which may carry a key. */
  readonly how: string;
}

/** What a quorum of nodes agrees on, and who does not. */
export interface Agreed<Found> {
  readonly found: Found;
  readonly dissent: readonly Dissent[];
}

/** A block that a quorum knows by the same hash, and the nodes that do. */
export interface AgreedBlock {
  readonly block: Block;
  /** By their places. */
  readonly nodes: readonly number[];
}

/**
 * Several nodes of one chain as one: what is found counts only if `agree` of them find the same at the same block. One
 * that lags, forked or lies is outvoted and named; too many of them, and nothing is found.
 */
export class NodeQuorum {
  constructor(
    private readonly clients: readonly EvmClient[],
    private readonly agree: number,
  ) {}

  /** The newest block that a quorum knows. Rejects where there is none. */
  async block(): Promise<Agreed<AgreedBlock>> {
    const newest = await this.everyone((client) => client.block());
    const heights = newest.flatMap(({ value }) => (value === undefined ? [] : [value.number])).sort((a, b) => b - a);
    const quorumHeight = heights[this.agree - 1];
    if (quorumHeight === undefined) throw this.disagreement('a block', newest);
    const height = Math.min(...heights.filter((each) => each >= quorumHeight - USUAL_LAG_BLOCKS));
    const blocks = await this.everyone(async (client, node) => {
      const mine = newest[node]?.value;
      if (mine === undefined) throw newest[node]?.error ?? new Error('the node said nothing');
      if (mine.number < height) throw new Error(`${height - mine.number} blocks behind ${height}`);
      return mine.number === height ? mine : client.block(height);
    });
    const { found, nodes, dissent } = this.majority(blocks, ({ hash, at }) => `block ${height} is ${hash} of ${at}`);
    return { found: { block: found, nodes }, dissent };
  }

  /** Holds one conversation with each node that knows the block. Rejects where no quorum finds the same. */
  async ask<Found>({ nodes, block }: AgreedBlock, asking: () => Asking<Found>): Promise<Agreed<Found>> {
    const outcomes = await this.everyone(async (client, node) => {
      if (!nodes.includes(node)) throw new NotAsked();
      return converse(client, block, asking());
    });
    const { found, dissent } = this.majority(outcomes, (outcome) => JSON.stringify(outcome));
    return { found, dissent };
  }

  private majority<Found>(
    said: readonly Said<Found>[],
    spell: (found: Found) => string,
  ): { found: Found; nodes: readonly number[]; dissent: readonly Dissent[] } {
    const groups = new Map<string, { found: Found; nodes: number[] }>();
    said.forEach(({ value }, node) => {
      if (value === undefined) return;
      const spelt = spell(value);
      const group = groups.get(spelt) ?? { found: value, nodes: [] };
      group.nodes.push(node);
      groups.set(spelt, group);
    });
    const winner = [...groups.values()].find(({ nodes }) => nodes.length >= this.agree);
    if (winner === undefined) throw this.disagreement('an answer', said, spell);
    const dissent = said.flatMap((each, node): Dissent[] => {
      if (winner.nodes.includes(node) || each.error instanceof NotAsked) return [];
      return [{ node: node + 1, how: describe(each, spell) }];
    });
    return { ...winner, dissent };
  }

  private disagreement<Found>(what: string, said: readonly Said<Found>[], spell?: (found: Found) => string): Error {
    if (this.clients.length === 1) return said[0]?.error ?? new Error('the node said nothing');
    const each = said.map((one, node) => `node ${node + 1}: ${describe(one, spell)}`).join('; ');
    return new Error(`no ${this.agree} of ${this.clients.length} nodes agree on ${what}: ${each}`);
  }

  private everyone<Found>(ask: (client: EvmClient, node: number) => Promise<Found>): Promise<Said<Found>[]> {
    return Promise.all(
      this.clients.map((client, node) =>
        ask(client, node).then(
          (value) => ({ value }),
          (error: unknown) => ({ error: error instanceof Error ? error : new Error(String(error)) }),
        ),
      ),
    );
  }
}

/** What one node came to. */
interface Said<Found> {
  readonly value?: Found;
  readonly error?: Error;
}

/** A node that was outvoted on the block was named there, and is asked nothing about it. */
class NotAsked extends Error {
  override readonly name = 'NotAsked';
}

function describe<Found>({ value, error }: Said<Found>, spell?: (found: Found) => string): string {
  if (error !== undefined) return error.message;
  return value === undefined || spell === undefined ? 'nothing' : spell(value);
}

async function converse<Found>(client: EvmClient, block: Block, asking: Asking<Found>): Promise<Found> {
  let answers: readonly CallAnswer[] = [];
  for (;;) {
    const turn = asking.next(answers);
    if (turn.done === true) return turn.value;
    answers = await Promise.all(turn.value.map((call) => client.call(call, block.hash)));
  }
}
