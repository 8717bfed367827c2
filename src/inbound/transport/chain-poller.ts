import type { Clock, Timers } from '../../platform/clock/clock';
import type { Reader, ReadOutcome } from '../reader';
import type { InputSink } from '../sink';
import { Alarm } from './alarm';
import type { EvmClient } from './evm-client';

export interface ChainPollerOptions {
  readonly chain: string;
  readonly readers: readonly Reader[];
  readonly client: EvmClient;
  readonly sink: InputSink;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: (event: PollEvent) => void;
}

/** How one poll of one reader came out. */
export type PollEvent = { readonly reader: string } & (
  | ReadOutcome
  /** The node or the contract gave no answer. */
  | { readonly kind: 'failed'; readonly error: string }
);

/** Reads each source of one chain, at its own pace and one poll at a time: a slow node is asked less, not more. */
export class ChainPoller {
  private readonly polls: readonly Alarm[];
  private running = false;

  constructor(private readonly options: ChainPollerOptions) {
    this.polls = options.readers.map((reader) => {
      const poll = new Alarm(options.timers, () => {
        void this.poll(reader).then(() => {
          if (this.running) poll.set(reader.pollMs);
        });
      });
      return poll;
    });
  }

  /** Each reader is polled at once, then every `pollMs`. */
  start(): void {
    this.running = true;
    for (const poll of this.polls) poll.set(0);
  }

  /** An answer that is still under way is dropped. */
  stop(): void {
    this.running = false;
    for (const poll of this.polls) poll.cancel();
  }

  private async poll(reader: Reader): Promise<void> {
    const { chain, sink, log } = this.options;
    const outcome = await this.ask(reader);
    if (!this.running) return;
    log({ reader: reader.id, ...outcome });
    if (outcome.kind === 'read') sink.read(chain, reader.id, { value: outcome.value, updatedAt: outcome.updatedAt });
  }

  private async ask(reader: Reader): Promise<ReadOutcome | { kind: 'failed'; error: string }> {
    const { client, clock } = this.options;
    try {
      const answers = await Promise.all(reader.calls.map((data) => client.call(reader.address, data)));
      return reader.decode(answers, clock.now());
    } catch (error) {
      return { kind: 'failed', error: error instanceof Error ? error.message : String(error) };
    }
  }
}
