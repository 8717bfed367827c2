import type { Clock, Timers } from '../platform/clock/clock';
import type { InputSink } from './sink';
import { HostHolds } from './transport/host-holds';
import { planSessions } from './transport/sessions';
import { WebsocketSession, type SessionEvent } from './transport/websocket-session';
import { connectWs } from './transport/ws-socket';
import type { Voice } from './intake';

export interface VenuesOptions {
  /** Each with the address that replaces its dialect's own, if one does. */
  readonly voices: readonly (Voice & { readonly endpoint: string | undefined })[];
  readonly sink: InputSink;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: (venue: string, connection: string, event: SessionEvent) => void;
}

/** The connections of all venues. */
export class VenuesService {
  private readonly sessions: readonly WebsocketSession[];

  constructor({ voices, sink, clock, timers, log }: VenuesOptions) {
    const holds = new HostHolds(clock);
    this.sessions = voices.flatMap(({ venue, dialect, instruments, endpoint = dialect.endpoint }) =>
      planSessions(venue, dialect, instruments).map(
        (planned) =>
          new WebsocketSession({
            ...planned,
            dialect,
            endpoint,
            sink,
            timers,
            holds,
            connect: connectWs,
            random: Math.random,
            log: (event) => {
              log(venue, planned.connection, event);
            },
          }),
      ),
    );
  }

  start(): void {
    for (const session of this.sessions) session.start();
  }

  /** Every connection ends, and the sink hears it. */
  stop(): void {
    for (const session of this.sessions) session.stop();
  }
}
