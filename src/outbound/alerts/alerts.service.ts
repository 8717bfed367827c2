import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { EntriesForgotten, type Ledger } from '../ledger/ledger';
import type { AlertChange } from './alert';
import { AlertBoard } from './alert-board';
import { checkpointedAlerts } from './checkpointed-alerts';
import type { AlertSink } from './sinks/alert-sink';
import { type DeliveryCounts, DeliveryQueue } from './sinks/delivery-queue';

/**
 * Tails the ledger and tells each sink of each change, at least once: after a restart, what followed the newest
 * checkpoint is told again. Receivers know a repetition by `id`, `state` and `cut`.
 */
export class AlertsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly board = new AlertBoard();
  private readonly queues: readonly DeliveryQueue[];
  private readonly stopping = new AbortController();
  private following: Promise<void> | undefined;

  constructor(
    private readonly ledger: Ledger,
    sinks: readonly AlertSink[],
    private readonly log: Pick<Logger, 'error'>,
  ) {
    this.queues = sinks.map((sink) => new DeliveryQueue(sink, log));
  }

  onApplicationBootstrap(): void {
    this.following = this.follow();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.following;
    await Promise.all(this.queues.map((queue) => queue.close()));
  }

  active(): AlertChange[] {
    return this.board.active();
  }

  /** Puts a change up and hands it to every sink: one of the ledger, or one that no cut can tell of. */
  tell(change: AlertChange): void {
    this.board.take(change);
    for (const queue of this.queues) queue.put(change);
  }

  /** Of the last MAX_RESOLVED, newest first. */
  resolved(offset: number, limit: number): AlertChange[] {
    return this.board.resolved(offset, limit);
  }

  deliveries(): DeliveryCounts[] {
    return this.queues.map((queue) => queue.counts());
  }

  /** Never rejects: what ends it is logged. */
  private async follow(): Promise<void> {
    const { signal } = this.stopping;
    for (;;) {
      try {
        for await (const { alerts } of this.ledger.tail(await this.start(), signal)) {
          for (const change of alerts) this.tell(change);
        }
        return;
      } catch (error) {
        if (!(error instanceof EntriesForgotten)) {
          this.log.error({ err: error }, 'alerts are no longer told: the ledger cannot be read');
          return;
        }
        this.log.error({ err: error }, 'alerts may have been missed; starting again from the newest checkpoint');
      }
    }
  }

  /** Puts up what fired as of the newest checkpoint and returns the cut to tail from. */
  private async start(): Promise<number> {
    const entry = await this.ledger.checkpoint();
    this.board.reset(entry === undefined ? [] : checkpointedAlerts(entry.checkpoint));
    return entry?.cut.number ?? 0;
  }
}
