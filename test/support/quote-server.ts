import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

/** Says two-sided quotes of its instruments in the generic dialect, as often as it is told to. */
export class QuoteServer {
  private readonly subscribers = new Set<WebSocket>();
  private sequence = 0;

  private constructor(private readonly server: WebSocketServer) {
    server.on('connection', (socket) => {
      this.subscribers.add(socket);
      socket.on('close', () => this.subscribers.delete(socket));
      socket.on('error', () => undefined);
    });
  }

  static async open(): Promise<QuoteServer> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await new Promise((resolve) => server.once('listening', resolve));
    return new QuoteServer(server);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Tells everyone the price of an instrument, with a spread of a basis point. */
  quote(instrument: string, price: number, at: number): void {
    this.sequence += 1;
    const text = (value: number): string => value.toFixed(4);
    const frame = JSON.stringify({
      instrument,
      bid: text(price * 0.99995),
      ask: text(price * 1.00005),
      last: text(price),
      bidSize: '1',
      askSize: '1',
      eventAt: at,
      sequence: this.sequence,
    });
    for (const socket of this.subscribers) socket.send(frame);
  }

  async close(): Promise<void> {
    for (const socket of this.subscribers) socket.terminate();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
