import { SECOND_MS } from '../../oracle/units/time';
import type { Timers } from '../../platform/clock/clock';
import type { Dialect } from '../dialect';
import { Alarm } from './alarm';
import type { Socket, SocketEnd, SocketFactory } from './socket';

/** From the first packet to the answered upgrade, name and TLS included. */
const HANDSHAKE_TIMEOUT_MS = 10 * SECOND_MS;
/**
 * Between frames that subscribe, where the dialect names no other pace: Binance, the strictest, takes five messages a
 * second (https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams), pongs included.
 */
const SUBSCRIBE_EVERY_MS = 250;
/** The watchdog looks this often within `silenceMs`. */
const LOOKS = 4;

export interface LinkOptions {
  readonly url: string;
  readonly dialect: Dialect;
  readonly instruments: readonly string[];
  readonly timers: Timers;
  readonly connect: SocketFactory;
}

export interface LinkEvents {
  opened(): void;
  received(frame: string | Uint8Array): void;
  /** The last event, once; not after `close`. */
  ended(end: LinkEnd): void;
}

export type LinkEnd =
  | SocketEnd
  /** The other side took the connection but never answered the upgrade. */
  | { readonly kind: 'handshakeTimeout' }
  /** No frame of any kind within the dialect's `silenceMs`: half-open, or as good as that. */
  | { readonly kind: 'silent' };

/** The life of one socket: it opens, subscribes at a polite pace, is kept alive, is watched, and ends. */
export class Link {
  private readonly socket: Socket;
  private readonly opening: Alarm;
  private readonly watchdog: Alarm;
  private readonly keepalive: Alarm;
  private readonly pace: Alarm;
  private readonly unsent: string[];
  private heard = false;
  private quietLooks = 0;

  constructor(
    private readonly options: LinkOptions,
    private readonly events: LinkEvents,
  ) {
    const { url, dialect, instruments, timers, connect } = options;
    this.opening = new Alarm(timers, () => {
      this.give({ kind: 'handshakeTimeout' });
    });
    this.watchdog = new Alarm(timers, () => {
      this.look();
    });
    this.keepalive = new Alarm(timers, () => {
      this.keepAlive();
    });
    this.pace = new Alarm(timers, () => {
      this.subscribe();
    });
    this.unsent = [...dialect.subscribe(instruments)];
    this.opening.set(HANDSHAKE_TIMEOUT_MS);
    this.socket = connect(
      url,
      { maxFrameBytes: dialect.maxFrameBytes },
      {
        opened: () => {
          this.open();
        },
        received: (frame) => {
          this.heard = true;
          events.received(frame);
        },
        pulsed: () => {
          this.heard = true;
        },
        ended: (end) => {
          this.cancel();
          events.ended(end);
        },
      },
    );
  }

  /** At once, past the paced subscriptions: an answer that a venue waits for. */
  send(text: string): void {
    this.socket.send(text);
  }

  /** Ends it; nothing is reported after this. */
  close(): void {
    this.cancel();
    this.socket.close();
  }

  private open(): void {
    this.opening.cancel();
    this.setKeepalive();
    this.setWatchdog();
    this.events.opened();
    this.subscribe();
  }

  private subscribe(): void {
    const frame = this.unsent.shift();
    if (frame === undefined) return;
    this.socket.send(frame);
    this.pace.set(this.options.dialect.subscribeEveryMs ?? SUBSCRIBE_EVERY_MS);
  }

  private keepAlive(): void {
    const { keepalive } = this.options.dialect;
    if (keepalive !== undefined) this.socket.send(keepalive.frame);
    this.setKeepalive();
  }

  private setKeepalive(): void {
    const { keepalive } = this.options.dialect;
    if (keepalive !== undefined) this.keepalive.set(keepalive.everyMs);
  }

  /**
   * Counts looks that found nothing instead of comparing times: a frame then costs no clock, and a process that stood
   * still does not take its own stillness for the venue's.
   */
  private look(): void {
    this.quietLooks = this.heard ? 0 : this.quietLooks + 1;
    this.heard = false;
    if (this.quietLooks < LOOKS) this.setWatchdog();
    else this.give({ kind: 'silent' });
  }

  private setWatchdog(): void {
    this.watchdog.set(this.options.dialect.silenceMs / LOOKS);
  }

  private give(end: LinkEnd): void {
    this.close();
    this.events.ended(end);
  }

  private cancel(): void {
    for (const alarm of [this.opening, this.watchdog, this.keepalive, this.pace]) alarm.cancel();
  }
}
