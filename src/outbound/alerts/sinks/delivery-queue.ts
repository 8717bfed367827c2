import type { Logger } from 'pino';
import type { AlertChange } from '../alert';
import type { AlertSink } from './alert-sink';

/** Changes that may wait for a sink; beyond it the oldest is given up. */
const MAX_WAITING = 1_000;

export interface DeliveryCounts {
  readonly sink: string;
  readonly delivered: number;
  /** Given up after the sink's own attempts. */
  readonly failed: number;
  /** Never tried: more were waiting than the queue holds. */
  readonly dropped: number;
  readonly waiting: number;
}

/** Hands changes to one sink, one at a time and in order, so that a sink that hangs holds up nobody else. */
export class DeliveryQueue {
  private readonly waiting: AlertChange[] = [];
  private working: Promise<void> | undefined;
  private delivered = 0;
  private failed = 0;
  private dropped = 0;

  constructor(
    private readonly sink: AlertSink,
    private readonly log: Pick<Logger, 'error'>,
  ) {}

  put(change: AlertChange): void {
    this.waiting.push(change);
    if (this.waiting.length > MAX_WAITING) {
      const lost = this.waiting.shift();
      this.dropped += 1;
      this.log.error(
        { sink: this.sink.name, alert: lost?.id, limit: MAX_WAITING },
        'alert dropped: its sink is too slow',
      );
    }
    this.working ??= this.work().finally(() => {
      this.working = undefined;
    });
  }

  /** Resolves once nothing waits. */
  async idle(): Promise<void> {
    while (this.working !== undefined) await this.working;
  }

  /** Gives up what waits and what is under way; after a restart it is delivered again. */
  async close(): Promise<void> {
    this.waiting.length = 0;
    this.sink.close();
    await this.idle();
  }

  counts(): DeliveryCounts {
    const { delivered, failed, dropped } = this;
    return { sink: this.sink.name, delivered, failed, dropped, waiting: this.waiting.length };
  }

  private async work(): Promise<void> {
    for (let change = this.waiting.shift(); change !== undefined; change = this.waiting.shift()) {
      try {
        await this.sink.deliver(change);
        this.delivered += 1;
      } catch (error) {
        this.failed += 1;
        const { id, state } = change;
        this.log.error({ sink: this.sink.name, alert: id, state, reason: reasonOf(error) }, 'alert not delivered');
      }
    }
  }
}

/** The message alone: an axios error would bring the request along, with its url and headers. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
