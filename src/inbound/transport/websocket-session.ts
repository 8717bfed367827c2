import { SECOND_MS } from '../../oracle/units/time';
import type { Timers } from '../../platform/clock/clock';
import type { Dialect } from '../dialect';
import type { InputSink } from '../sink';
import { Alarm } from './alarm';
import type { HostHolds } from './host-holds';
import { Link, type LinkEnd } from './link';
import type { SocketFactory } from './socket';

/** Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
const BACKOFF_BASE_MS = 250;
const BACKOFF_CAP_MS = 30 * SECOND_MS;
/** A connection that lived this long was no failure: the next backoff starts from the base. */
const HEALTHY_AFTER_MS = 10 * SECOND_MS;
/** A planned rotation comes within the last tenth of the dialect's time, so that venues do not rotate together. */
const ROTATION_JITTER = 0.1;

export interface SessionOptions {
  readonly venue: string;
  readonly connection: string;
  readonly dialect: Dialect;
  readonly instruments: readonly string[];
  readonly endpoint: string;
  readonly sink: InputSink;
  readonly timers: Timers;
  readonly connect: SocketFactory;
  /** Shared by all sessions of the process. */
  readonly holds: HostHolds;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly log: (event: SessionEvent) => void;
}

/** What an operator may want to know and metrics count; never an address, which may carry a token. */
export type SessionEvent =
  | { readonly kind: 'connecting'; readonly inMs: number }
  | { readonly kind: 'opened' }
  /** A connection ended, or never opened. */
  | { readonly kind: 'ended'; readonly end: LinkEnd; readonly wasOpen: boolean }
  | { readonly kind: 'replacing'; readonly why: 'venueAsked' | 'rotation' };

/**
 * Keeps one connection of one venue: whatever ends it, another follows. A planned replacement (rotation, or at the
 * dialect's word) is opened first; once it is open the sink hears `opened` a second time, nothing more of the retired
 * connection, and no `closed` in between. So `opened` always means: what this connection said before is forgotten.
 */
export class WebsocketSession {
  private readonly url: string;
  private readonly host: string;
  /** Open; its frames are the connection's frames. */
  private current: Link | undefined;
  /** On its way to become the current one. */
  private next: Link | undefined;
  /** Attempts that were put off since a connection was last healthy. */
  private retries = 0;
  private readonly attempt: Alarm;
  private readonly healthy: Alarm;
  private readonly rotation: Alarm;

  constructor(private readonly options: SessionOptions) {
    const { dialect, endpoint, instruments, timers } = options;
    this.url = dialect.url(endpoint, instruments);
    this.host = URL.canParse(this.url) ? new URL(this.url).host : this.url;
    this.attempt = new Alarm(timers, () => {
      this.connect();
    });
    this.healthy = new Alarm(timers, () => {
      this.retries = 0;
    });
    this.rotation = new Alarm(timers, () => {
      this.replace('rotation');
    });
  }

  start(): void {
    this.attempt.set(0);
  }

  /** Ends the connection and all attempts; the sink hears `closed` if it was open. */
  stop(): void {
    for (const alarm of [this.attempt, this.healthy, this.rotation]) alarm.cancel();
    this.next?.close();
    this.next = undefined;
    if (this.current === undefined) return;
    this.current.close();
    this.current = undefined;
    this.options.sink.closed(this.options.venue, this.options.connection);
  }

  private connect(): void {
    const heldMs = this.options.holds.remainingMs(this.host);
    if (heldMs > 0) {
      this.connectIn(heldMs + this.options.random() * BACKOFF_CAP_MS);
      return;
    }
    const link: Link = new Link(
      { ...this.options, url: this.url },
      {
        opened: () => {
          this.opened(link);
        },
        received: (frame) => {
          this.received(link, frame);
        },
        ended: (end) => {
          this.ended(link, end);
        },
      },
    );
    this.next = link;
  }

  private opened(link: Link): void {
    const { sink, venue, connection, dialect, random } = this.options;
    this.current?.close();
    this.current = link;
    this.next = undefined;
    sink.opened(venue, connection);
    this.options.log({ kind: 'opened' });
    this.healthy.set(HEALTHY_AFTER_MS);
    if (dialect.rotateAfterMs !== undefined) {
      this.rotation.set(dialect.rotateAfterMs * (1 - ROTATION_JITTER * random()));
    }
  }

  private received(link: Link, frame: string | Uint8Array): void {
    const { sink, venue, connection } = this.options;
    for (const outcome of sink.received(venue, connection, frame)) {
      if (outcome.kind !== 'control') continue;
      if (outcome.reply !== undefined) link.send(outcome.reply);
      if (outcome.control === 'reconnect' && link === this.current) this.replace('venueAsked');
    }
  }

  private ended(link: Link, end: LinkEnd): void {
    const { sink, venue, connection, holds } = this.options;
    const wasOpen = link === this.current;
    this.options.log({ kind: 'ended', end, wasOpen });
    if (end.kind === 'refused') holds.refused(this.host, end.status, end.retryAfterMs);
    if (wasOpen) {
      this.current = undefined;
      this.healthy.cancel();
      this.rotation.cancel();
      sink.closed(venue, connection);
    } else {
      this.next = undefined;
    }
    this.connectLater();
  }

  private replace(why: 'venueAsked' | 'rotation'): void {
    if (this.isConnecting) return;
    this.options.log({ kind: 'replacing', why });
    this.connectLater();
  }

  private connectLater(): void {
    if (this.isConnecting) return;
    const backoffMs = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** this.retries);
    this.retries++;
    this.connectIn(this.options.random() * backoffMs);
  }

  private connectIn(delayMs: number): void {
    this.options.log({ kind: 'connecting', inMs: delayMs });
    this.attempt.set(delayMs);
  }

  /** An attempt is under way or due. */
  private get isConnecting(): boolean {
    return this.next !== undefined || this.attempt.isSet;
  }
}
