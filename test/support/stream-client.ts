import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A client of the stream that keeps what it hears until a test takes it. */
export class StreamClient {
  private readonly heard: {
    readonly text: string;
    readonly message: { readonly type: string } & Record<string, unknown>;
  }[] = [];
  private wake: () => void = () => undefined;
  private readonly closed: Promise<{ code: number; reason: string }>;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      this.heard.push({ text, message: JSON.parse(text) as { type: string } });
      this.wake();
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  static async connect(url: string): Promise<StreamClient> {
    const client = new StreamClient(new WebSocket(url));
    await once(client.socket, 'open');
    return client;
  }

  send(request: unknown): void {
    this.socket.send(typeof request === 'string' || Buffer.isBuffer(request) ? request : JSON.stringify(request));
  }

  /** The next message of a type; those before it are passed over. */
  async next<Message = Record<string, unknown>>(type: string): Promise<Message & { readonly text: string }> {
    for (;;) {
      for (let entry = this.heard.shift(); entry !== undefined; entry = this.heard.shift()) {
        if (entry.message.type === type) return { ...(entry.message as Message), text: entry.text };
      }
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** The code and the reason with which the server closed. */
  close(): Promise<{ code: number; reason: string }> {
    return this.closed;
  }
}
