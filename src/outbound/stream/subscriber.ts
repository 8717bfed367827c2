import type { CancelTimer } from '../../platform/clock/clock';
import type { PublishedText } from '../ledger/published-text';
import type { StreamSettings } from './limits';
import { frameStart } from './frame';
import { type PriceMessage, snapshotMessage, updateMessage } from './messages';
import type { Subscription } from './subscription';

/** The socket as delivery sees it; a test has a fake. */
export interface Transport {
  /** Bytes that were written and that the operating system has not taken yet. */
  readonly unsentBytes: number;
  /** Both buffers in one write. */
  write(start: Buffer, rest: Buffer): void;
  /** Calls once, when all that was written has been taken. */
  onceDrained(listener: () => void): void;
  close(code: number, reason: string): void;
}

export type SubscriberSettings = Pick<StreamSettings, 'meter' | 'timers'> & {
  readonly limits: Pick<StreamSettings['limits'], 'maxUnsentBytes' | 'hopelessAfterMs'>;
};

/** What a slow subscriber has to be told once it has caught up. */
interface Missed {
  readonly reports: Set<number>;
  readonly figures: Set<number>;
  groups: boolean;
  risk: boolean;
}

/**
 * One connection's delivery: numbers its messages about prices without a gap, and conflates. While too much is unsent,
 * what changes is only marked; when the socket has drained, one update tells the newest of all that was marked.
 */
export class Subscriber {
  private subscription: Subscription | undefined;
  private sequence = 0;
  private missed: Missed | undefined;
  private snapshotDue = false;
  private giveUp: CancelTimer = () => undefined;
  private ended = false;

  constructor(
    private readonly transport: Transport,
    private readonly text: PublishedText,
    private readonly settings: SubscriberSettings,
  ) {}

  get subscribed(): Subscription | undefined {
    return this.subscription;
  }

  follow(subscription: Subscription | undefined): void {
    this.subscription = subscription;
  }

  /** Shows all that is subscribed to, as soon as there is a snapshot and the socket takes it. */
  show(): void {
    this.snapshotDue = true;
    if (!this.ended && !this.isSlow()) this.sendSnapshot();
  }

  /** A message that is not about prices: it has no sequence. */
  say(json: string): void {
    if (this.ended) return;
    const payload = Buffer.from(json);
    this.transport.write(frameStart('', payload.length), payload);
  }

  tell(message: PriceMessage): void {
    if (this.ended) return;
    if (this.isSlow()) this.miss(message);
    else if (this.snapshotDue) this.sendSnapshot();
    else this.send(message);
  }

  /** Nothing is sent after this but the close itself. */
  end(code: number, reason: string): void {
    if (this.ended) return;
    this.forget();
    this.transport.close(code, reason);
  }

  /** The socket is gone. */
  forget(): void {
    this.ended = true;
    this.giveUp();
  }

  private isSlow(): boolean {
    if (this.missed !== undefined) return true;
    if (this.transport.unsentBytes <= this.settings.limits.maxUnsentBytes) return false;
    this.missed = { reports: new Set(), figures: new Set(), groups: false, risk: false };
    this.giveUp = this.settings.timers.arm(this.settings.limits.hopelessAfterMs, () => this.end(1013, 'tooSlow'));
    this.transport.onceDrained(() => this.catchUp());
    return true;
  }

  private miss({ reports, figures, tellsGroups, tellsRisk }: PriceMessage): void {
    this.settings.meter.conflated();
    for (const feed of reports) this.missed?.reports.add(feed);
    for (const feed of figures) this.missed?.figures.add(feed);
    if (tellsGroups && this.missed !== undefined) this.missed.groups = true;
    if (tellsRisk && this.missed !== undefined) this.missed.risk = true;
  }

  private catchUp(): void {
    const { missed, subscription } = this;
    this.giveUp();
    this.missed = undefined;
    if (this.ended || missed === undefined || subscription === undefined) return;
    if (this.snapshotDue) this.sendSnapshot();
    else if (missed.reports.size > 0 || missed.groups || missed.risk)
      this.send(updateMessage(this.text, subscription, missed, true));
  }

  private sendSnapshot(): void {
    if (this.subscription === undefined || this.text.header() === '') return;
    this.snapshotDue = false;
    this.send(snapshotMessage(this.text, this.subscription));
  }

  private send({ type, rest }: PriceMessage): void {
    this.sequence += 1;
    const start = frameStart(`{"type":"${type}","sequence":${this.sequence},`, rest.length);
    this.transport.write(start, rest);
  }
}
