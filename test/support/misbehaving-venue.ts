import { once } from 'node:events';
import { createServer, STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { Arrivals } from './arrivals';

/**
 * A websocket server on loopback that does, to each connection, what a test commands: it may refuse the handshake,
 * never answer it, fall silent, stop reading, flood, talk garbage or vanish.
 */
export class MisbehavingVenue {
  private readonly handshakes = new Arrivals<Handshake>();
  private readonly streams = new Set<Duplex>();

  private constructor(
    private readonly http: Server,
    readonly url: string,
  ) {
    const upgrader = new WebSocketServer({ noServer: true, perMessageDeflate: false });
    http.on('upgrade', (request, stream: Duplex, head) => {
      this.streams.add(stream);
      stream.on('close', () => this.streams.delete(stream));
      stream.on('error', () => undefined);
      this.handshakes.push(new Handshake(upgrader, request, stream, head));
    });
  }

  static async start(): Promise<MisbehavingVenue> {
    const http = createServer().listen(0, '127.0.0.1');
    await once(http, 'listening');
    return new MisbehavingVenue(http, `ws://127.0.0.1:${(http.address() as AddressInfo).port}/stream`);
  }

  /** The next handshake, not answered yet; leave it so, and it never is. */
  handshake(): Promise<Handshake> {
    return this.handshakes.next();
  }

  /** Takes the next connection. */
  async accept(): Promise<VenueConnection> {
    return (await this.handshake()).accept();
  }

  async stop(): Promise<void> {
    for (const stream of this.streams) stream.destroy();
    this.http.close();
    await once(this.http, 'close');
  }
}

export class Handshake {
  constructor(
    private readonly upgrader: WebSocketServer,
    private readonly request: IncomingMessage,
    private readonly stream: Duplex,
    private readonly head: Buffer,
  ) {}

  get headers(): IncomingMessage['headers'] {
    return this.request.headers;
  }

  accept(): Promise<VenueConnection> {
    return new Promise((resolve) => {
      this.upgrader.handleUpgrade(this.request, this.stream, this.head, (socket) => {
        resolve(new VenueConnection(socket, this.stream));
      });
    });
  }

  refuse(status: number, headers: Readonly<Record<string, string>> = {}): void {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    this.stream.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}Connection: close\r\n\r\n`);
  }

  /** Answers with bytes that are no HTTP. */
  babble(): void {
    this.stream.end('\u0000\u0001 this is no answer\r\n\r\n');
  }
}

export class VenueConnection {
  /** Settles when the client is gone, however that came. */
  readonly gone: Promise<unknown>;
  private readonly texts = new Arrivals<string>();

  constructor(
    private readonly socket: WebSocket,
    private readonly stream: Duplex,
  ) {
    this.gone = once(socket, 'close');
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      this.texts.push(data.toString());
    });
  }

  /** The next text that the client sends. */
  heard(): Promise<string> {
    return this.texts.next();
  }

  say(frame: string | Uint8Array): void {
    this.socket.send(frame);
  }

  /** Settles when the client has answered it. */
  async ping(): Promise<void> {
    const answered = once(this.socket, 'pong');
    this.socket.ping();
    await answered;
  }

  /** Bytes past the websocket layer: a broken frame. */
  babble(bytes: Uint8Array): void {
    this.stream.write(bytes);
  }

  /** Half-open: from now on it reads nothing, answers nothing, and stays connected. */
  freeze(): void {
    this.stream.pause();
  }

  leave(code: number, reason: string): void {
    this.socket.close(code, reason);
  }

  /** Ends the connection without a word. */
  vanish(): void {
    this.stream.destroy();
  }
}
