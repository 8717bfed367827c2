import { once } from 'node:events';
import { WebSocket, type ClientOptions } from 'ws';

/** A websocket client that only listens: every frame in order, and a way to wait for one. */
export class PlainClient {
  readonly frames: string[] = [];
  /** What ended the connection. */
  readonly closed: Promise<{ code: number; reason: string }>;
  private readonly waiting = new Set<() => void>();
  private read = 0;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.frames.push(data.toString('utf8'));
      for (const wake of this.waiting) wake();
    });
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason: Buffer) => {
        resolve({ code, reason: reason.toString('utf8') });
      });
    });
  }

  /** Rejects when the server refuses the connection. */
  static async connect(url: string, options: ClientOptions = {}): Promise<PlainClient> {
    const client = new PlainClient(new WebSocket(url, options));
    await once(client.socket, 'open');
    return client;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The next frame, from the last one waited for, that holds this text; frames before it count as read. */
  async until(text: string): Promise<string> {
    for (;;) {
      while (this.read < this.frames.length) {
        const frame = this.frames[this.read++];
        if (frame?.includes(text) === true) return frame;
      }
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.waiting.delete(wake);
          resolve();
        };
        this.waiting.add(wake);
      });
    }
  }

  /** As `until`, parsed. */
  async object(text: string): Promise<Record<string, unknown>> {
    return JSON.parse(await this.until(text)) as Record<string, unknown>;
  }

  end(): void {
    this.socket.terminate();
  }
}
