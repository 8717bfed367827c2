import type { Asking, Block, Call, CallAnswer, Hex } from '../../src/inbound/reader';
import type { EvmClient } from '../../src/inbound/transport/evm-client';

/** A block of a chain that a test makes up, 12 s apart. Its hash tells the fork that it is on. */
export function scriptedBlock(number: number, fork = 0): Block {
  const hash: Hex = `0x${fork.toString(16).padStart(8, '0')}${number.toString(16).padStart(56, '0')}`;
  return { number, hash, at: 1_700_000_000_000 + (number - 100) * 12_000 };
}

/** The fake of the chain port: contracts that answer what a test sets, and a node that fails when a test says so. */
export class ScriptedChain implements EvmClient {
  /** Set to make every call fail with this. */
  failure: string | undefined;
  /** How far the node has come, and on which fork. */
  height = 100;
  fork = 0;
  private readonly answers = new Map<string, CallAnswer>();

  answer(to: Hex, data: Hex, answer: CallAnswer): void {
    this.answers.set(`${to} ${data}`, answer);
  }

  block(number = this.height): Promise<Block> {
    if (this.failure !== undefined) return Promise.reject(new Error(this.failure));
    if (number > this.height) return Promise.reject(new Error(`the node has no block ${number}`));
    return Promise.resolve(scriptedBlock(number, this.fork));
  }

  call(call: Call, blockHash: Hex): Promise<CallAnswer> {
    if (this.failure !== undefined) return Promise.reject(new Error(this.failure));
    if (Number(`0x${blockHash.slice(2, 10)}`) !== this.fork) return Promise.reject(new Error('header not found'));
    return Promise.resolve(this.answerTo(call));
  }

  /** What a reader makes of these contracts, without a node between. */
  converse<Found>(asking: Asking<Found>): Found {
    let turn = asking.next([]);
    while (turn.done !== true) turn = asking.next(turn.value.map((call) => this.answerTo(call)));
    return turn.value;
  }

  private answerTo({ to, data }: Call): CallAnswer {
    return this.answers.get(`${to} ${data}`) ?? '0x';
  }
}
