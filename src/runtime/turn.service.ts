import type { Outcome } from '../inbound/dialect';
import type { InputSink } from '../inbound/sink';
import { cutNumberAt, type EpochMs } from '../oracle/units/time';
import type { Clock, Timers, CancelTimer } from '../platform/clock/clock';
import type { FitEvent, OperatorInstruction, ReadEvent, RecordedEvent } from '../recording/event';
import type { Engine } from './engine';
import type { LedgerEntry } from '../outbound/ledger/ledger';

/** Where entries go, and what is told of what came in. */
export interface TurnOutlets {
  /** While true no cut is made, and what is heard waits for the end of its turn until `resume` is called. */
  readonly isBusy?: boolean;
  /** Before the first cut: when it is made, and what the engine starts from. */
  started(at: EpochMs, state: () => unknown): void;
  /** In order; must not throw. */
  entry(entry: LedgerEntry): void;
  /** Every event as the engine heard it, for the recording and the metrics; must not throw. */
  heard(event: RecordedEvent, outcomes: readonly Outcome[]): void;
  /** After the last cut: how far time had come. A replay knows no other way that cuts were made with nothing heard. */
  stopped(at: EpochMs): void;
  /** Called once: the engine threw, which is a bug, and no further cut will be made. */
  failed(error: unknown): void;
}

/**
 * The only effect loop. What is read in one turn of the event loop carries one instant and is advanced together at
 * its end; one timer is armed for what falls due without input. A bug in the engine stops it for good: silence and
 * `validUntil` tell consumers, where going on might tell them something wrong.
 */
export class TurnService implements InputSink {
  private turnAt: EpochMs | undefined;
  private cancelTimer: CancelTimer | undefined;
  private state: 'idle' | 'running' | 'stopped' = 'idle';

  constructor(
    private readonly engine: Engine,
    private readonly clock: Clock,
    private readonly timers: Timers,
    private readonly outlets: TurnOutlets,
  ) {}

  /** Makes the first cut at once: from then on every feed has a report, if only a halted one. */
  start(): void {
    this.state = 'running';
    const at = this.engine.stamp(this.clock.now());
    this.outlets.started(at, () => this.engine.state());
    this.advance(at);
  }

  /** Ends the turn that is under way and makes no further cut. */
  stop(): void {
    if (this.state !== 'running') return;
    this.endTurn();
    if (!this.isRunning) return;
    this.state = 'stopped';
    this.cancelTimer?.();
    this.outlets.stopped(this.engine.reachedAt);
  }

  /** The outlets are no longer busy: what was heard meanwhile is one turn. */
  resume(): void {
    if (this.state !== 'running') return;
    if (this.turnAt === undefined) this.arm();
    else this.endTurn();
  }

  get isRunning(): boolean {
    return this.state === 'running';
  }

  opened(venue: string, connection: string): void {
    this.hear((at) => ({ at, venue, connection, open: true }));
  }

  closed(venue: string, connection: string): void {
    this.hear((at) => ({ at, venue, connection, open: false }));
  }

  received(venue: string, connection: string, frame: string | Uint8Array): readonly Outcome[] {
    if (typeof frame === 'string') return this.hear((at) => ({ at, venue, connection, frame }));
    const frameBase64 = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString('base64');
    return this.hear((at) => ({ at, venue, connection, frameBase64 }));
  }

  read(chain: string, reader: string, read: ReadEvent['read']): void {
    this.hear((at) => ({ at, chain, reader, read }));
  }

  instructed(operator: OperatorInstruction): void {
    this.hear((at) => ({ at, operator }));
  }

  /** Counts from the cut of this turn on. */
  fitted(feed: string, model: FitEvent['fit']['model'], parameters: readonly number[]): void {
    this.hear((at) => ({ at, fit: { feed, model, parameters, effectiveCut: cutNumberAt(at) } }));
  }

  private hear(event: (at: EpochMs) => RecordedEvent): readonly Outcome[] {
    if (this.state !== 'running') return [];
    if (this.turnAt === undefined) {
      this.turnAt = this.engine.stamp(this.clock.now());
      setImmediate(() => {
        if (this.outlets.isBusy !== true) this.endTurn();
      });
    }
    const heard = event(this.turnAt);
    const outcomes = this.engine.hear(heard);
    this.outlets.heard(heard, outcomes);
    return outcomes;
  }

  private endTurn(): void {
    if (this.turnAt === undefined || this.state !== 'running') return;
    const at = this.turnAt;
    this.turnAt = undefined;
    this.advance(at);
  }

  private fire(): void {
    if (this.state !== 'running' || this.outlets.isBusy === true) return;
    this.endTurn();
    this.advance(this.engine.stamp(this.clock.now()));
  }

  private advance(at: EpochMs): void {
    try {
      for (const entry of this.engine.advance(at)) this.outlets.entry(entry);
    } catch (error) {
      this.state = 'stopped';
      this.cancelTimer?.();
      this.outlets.failed(error);
      return;
    }
    this.arm();
  }

  private arm(): void {
    this.cancelTimer?.();
    this.cancelTimer = this.timers.arm(this.engine.dueAt() - this.clock.now(), () => {
      this.fire();
    });
  }
}
