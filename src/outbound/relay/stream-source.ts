import WebSocket from 'ws';
import { z } from 'zod';
import { SECOND_MS } from '../../oracle/units/time';
import type { CancelTimer, Timers } from '../../platform/clock/clock';

/** The stream says something once a second: ten of silence are a connection that is gone. */
const SILENCE_MS = 10 * SECOND_MS;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10 * SECOND_MS;

const hex = z.string().regex(/^0x([0-9a-f]{2})*$/);
const groups = z.array(z.object({ group: z.string(), message: hex })).default([]);
/** As much of the stream's messages as a relayer needs. */
const heard = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), signers: z.array(z.string()) }),
  z.object({ type: z.literal('error'), code: z.string() }),
  z.object({ type: z.literal('snapshot'), groups }),
  z.object({ type: z.literal('update'), groups }),
]);

export interface SourceEvents {
  /** Whom the service names as signers, each time it was reached. */
  welcomed(signers: readonly string[]): void;
  /** A packed message, unproved: the store proves it. */
  heard(group: string, message: Uint8Array): void;
  /** The service refused what was asked of it, by its code. */
  refused(code: string): void;
  ended(why: string): void;
}

/** A subscriber to groups of another Assay's stream (docs/stream.md), which comes back whenever it was cut off. */
export class StreamSource {
  private socket: WebSocket | undefined;
  private cancelTimer: CancelTimer = () => undefined;
  private retryMs = FIRST_RETRY_MS;
  private stopped = false;

  constructor(
    private readonly url: string,
    private readonly groups: readonly string[],
    private readonly timers: Timers,
    private readonly events: SourceEvents,
  ) {}

  start(): void {
    const socket = new WebSocket(this.url, { perMessageDeflate: false, handshakeTimeout: SILENCE_MS });
    this.socket = socket;
    socket.on('open', () => {
      socket.send(JSON.stringify({ op: 'subscribe', groups: this.groups }));
      this.watch();
    });
    socket.on('message', (data: Buffer) => {
      this.retryMs = FIRST_RETRY_MS;
      this.watch();
      this.take(data.toString());
    });
    let why = 'closed';
    socket.on('error', (error) => {
      why = error.message;
    });
    socket.on('close', () => {
      this.cancelTimer();
      if (this.stopped) return;
      this.events.ended(why);
      this.cancelTimer = this.timers.arm(this.retryMs, () => this.start());
      this.retryMs = Math.min(2 * this.retryMs, LAST_RETRY_MS);
    });
  }

  stop(): void {
    this.stopped = true;
    this.cancelTimer();
    this.socket?.terminate();
  }

  private watch(): void {
    this.cancelTimer();
    this.cancelTimer = this.timers.arm(SILENCE_MS, () => this.socket?.terminate());
  }

  private take(text: string): void {
    const message = parsed(text);
    if (message === undefined) return;
    switch (message.type) {
      case 'welcome':
        this.events.welcomed(message.signers);
        return;
      case 'error':
        this.events.refused(message.code);
        return;
      case 'snapshot':
      case 'update':
        for (const { group, message: bytes } of message.groups) {
          this.events.heard(group, Buffer.from(bytes.slice(2), 'hex'));
        }
    }
  }
}

/** Undefined for what says nothing to a relayer. */
function parsed(text: string): z.infer<typeof heard> | undefined {
  try {
    return heard.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
