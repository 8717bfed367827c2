import { SECOND_MS } from '../../oracle/units/time';
import type { Clock, Timers } from '../../platform/clock/clock';
import type { Reader, ReadOutcome, Sequencer } from '../reader';
import type { InputSink } from '../sink';
import { Alarm } from './alarm';
import type { AgreedBlock, Dissent, NodeQuorum } from './node-quorum';

/** A block may be stamped ahead of our clock: by a slot of Ethereum, and by what the clocks differ. */
const MAX_FUTURE_MS = 30 * SECOND_MS;

export interface ChainPollerOptions {
  readonly chain: string;
  readonly pollMs: number;
  readonly readers: readonly Reader[];
  /** Of a rollup: while it is down, or was a moment ago, what the readers would read is of before. */
  readonly sequencer: Sequencer | undefined;
  readonly nodes: NodeQuorum;
  readonly sink: InputSink;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: (event: PollEvent) => void;
}

/** How a poll came out: for the chain itself, or for one of its readers. */
export type PollEvent = { readonly reader?: string } & (
  | ReadOutcome
  /** The nodes or the contract gave no answer, or none that enough of them agree on. */
  | { readonly kind: 'failed'; readonly error: string }
  /** A node was not of the same mind as the quorum. */
  | ({ readonly kind: 'outvoted' } & Dissent)
);

type Failure = Extract<PollEvent, { kind: 'failed' }>;

/** Reads all sources of one chain at one block, one poll at a time: a slow node is asked less, not more. */
export class ChainPoller {
  private readonly alarm: Alarm;
  private running = false;

  constructor(private readonly options: ChainPollerOptions) {
    this.alarm = new Alarm(options.timers, () => {
      void this.poll().then(() => {
        if (this.running) this.alarm.set(options.pollMs);
      });
    });
  }

  /** Polls at once, then `pollMs` after each poll has ended. */
  start(): void {
    this.running = true;
    this.alarm.set(0);
  }

  /** An answer that is still under way is dropped. */
  stop(): void {
    this.running = false;
    this.alarm.cancel();
  }

  private async poll(): Promise<void> {
    const block = await this.newestBlock();
    if (block === undefined) return;
    const sequencer = await this.statusOf(block);
    if (sequencer !== undefined) this.tell(sequencer);
    if (sequencer?.kind === 'refused' && sequencer.reason === 'sequencerDown') this.dismissAll();
    if (sequencer !== undefined || !this.running) return;
    await Promise.all(this.options.readers.map((reader) => this.read(reader, block)));
  }

  private async newestBlock(): Promise<AgreedBlock | undefined> {
    const { nodes, clock } = this.options;
    try {
      const { found, dissent } = await nodes.block();
      this.name(dissent);
      const ahead = found.block.at - clock.now();
      if (ahead <= MAX_FUTURE_MS) return found;
      this.tell({ kind: 'failed', error: `block ${found.block.number} is stamped ${ahead} ms ahead of our clock` });
    } catch (error) {
      this.tell(failure(error));
    }
    return undefined;
  }

  /** What stands against reading: nothing where the sequencer is up, or there is none. */
  private async statusOf(at: AgreedBlock): Promise<PollEvent | undefined> {
    const { sequencer, nodes, clock } = this.options;
    if (sequencer === undefined) return undefined;
    try {
      const { found, dissent } = await nodes.ask(at, () => sequencer.status(at.block, clock.now()));
      this.name(dissent, sequencer.id);
      return found.kind === 'up' ? undefined : { reader: sequencer.id, ...found };
    } catch (error) {
      return { reader: sequencer.id, ...failure(error) };
    }
  }

  private async read(reader: Reader, at: AgreedBlock): Promise<void> {
    const { chain, sink } = this.options;
    const outcome = await this.ask(reader, at);
    if (!this.running) return;
    this.tell({ reader: reader.id, ...outcome });
    if (outcome.kind === 'read') sink.read(chain, reader.id, { value: outcome.value, updatedAt: outcome.updatedAt });
    if (outcome.kind === 'refused' && outcome.reason === 'atBound') sink.read(chain, reader.id, { refused: 'atBound' });
  }

  private async ask(reader: Reader, at: AgreedBlock): Promise<ReadOutcome | Failure> {
    const { nodes, clock } = this.options;
    const now = clock.now();
    try {
      const { found, dissent } = await nodes.ask(at, () => reader.read(at.block, now));
      this.name(dissent, reader.id);
      return found;
    } catch (error) {
      return failure(error);
    }
  }

  private dismissAll(): void {
    const { chain, readers, sink } = this.options;
    if (!this.running) return;
    for (const { id } of readers) sink.read(chain, id, { refused: 'sequencerDown' });
  }

  private name(dissent: readonly Dissent[], reader?: string): void {
    for (const { node, how } of dissent) {
      this.tell({ ...(reader === undefined ? {} : { reader }), kind: 'outvoted', node, how });
    }
  }

  private tell(event: PollEvent): void {
    if (this.running) this.options.log(event);
  }
}

function failure(error: unknown): Failure {
  return { kind: 'failed', error: error instanceof Error ? error.message : String(error) };
}
