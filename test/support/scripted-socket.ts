import type { Socket, SocketEnd, SocketEvents, SocketFactory, SocketOptions } from '../../src/inbound/transport/socket';

/** The fake of the socket port: a test plays the other side of each connection that is opened. */
export class ScriptedSockets {
  /** In the order in which they were opened. */
  readonly all: ScriptedSocket[] = [];

  readonly connect: SocketFactory = (url, options, events) => {
    const socket = new ScriptedSocket(url, options, events);
    this.all.push(socket);
    return socket;
  };

  get last(): ScriptedSocket {
    const socket = this.all.at(-1);
    if (socket === undefined) throw new Error('no socket was opened yet');
    return socket;
  }
}

export class ScriptedSocket implements Socket {
  /** What this side sent. */
  readonly sent: string[] = [];
  state: 'connecting' | 'open' | 'over' = 'connecting';

  constructor(
    readonly url: string,
    private readonly options: SocketOptions,
    private readonly events: SocketEvents,
  ) {}

  send(text: string): void {
    if (this.state === 'open') this.sent.push(text);
  }

  close(): void {
    this.state = 'over';
  }

  accept(): this {
    this.state = 'open';
    this.events.opened();
    return this;
  }

  say(frame: string | Uint8Array): void {
    if (this.state !== 'open') return;
    if (Buffer.byteLength(frame) > this.options.maxFrameBytes) this.end({ kind: 'tooLarge' });
    else this.events.received(frame);
  }

  ping(): void {
    if (this.state === 'open') this.events.pulsed();
  }

  refuse(status: number, retryAfterMs?: number): void {
    this.end({ kind: 'refused', status, retryAfterMs });
  }

  leave(code: number, reason: string): void {
    this.end({ kind: 'closed', code, reason });
  }

  vanish(): void {
    this.leave(1006, '');
  }

  end(end: SocketEnd): void {
    if (this.state === 'over') return;
    this.state = 'over';
    this.events.ended(end);
  }
}
