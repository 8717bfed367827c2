import type { Hex } from '../../src/inbound/reader';
import type { EvmClient } from '../../src/inbound/transport/evm-client';

/** The fake of the chain port: contracts that answer what a test sets, and a node that fails when a test says so. */
export class ScriptedChain implements EvmClient {
  /** Set to make every call fail with this. */
  failure: string | undefined;
  private readonly answers = new Map<string, Hex | Error>();

  /** An `Error` is a revert. */
  answer(to: Hex, data: Hex, answer: Hex | Error): void {
    this.answers.set(`${to} ${data}`, answer);
  }

  call(to: Hex, data: Hex): Promise<Hex> {
    if (this.failure !== undefined) return Promise.reject(new Error(this.failure));
    const answer = this.answers.get(`${to} ${data}`) ?? '0x';
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }
}
