import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { SECOND_MS, type EpochMs } from '../../oracle/units/time';
import type { CancelTimer, Clock, Timers } from '../../platform/clock/clock';
import type { Conversation, Exchange, Line } from './exchange';
import { defaultAmount, distort, noiseFrame, type FaultName } from './faults';
import { Random } from './random';
import type { Listing, VenueQuote } from './venue-quotes';

/** The one timer of an exchange: what has become due in its books since is done at once. */
const WHEEL_MS = 20;

/** A client that reads this much too slowly loses frames: the market must never fill the memory. */
const MAX_BUFFERED_BYTES = 8 * 1_024 * 1_024;

const MAX_CLIENT_FRAME_BYTES = 64 * 1_024;

export interface VenueServerOptions {
  readonly exchange: Exchange;
  readonly listings: readonly Listing[];
  /** What a listing's book truly says. */
  quote(listing: Listing, at: EpochMs): VenueQuote;
  /** The mean wait between two changes of one book. */
  readonly updateEveryMs: number;
  readonly seed: number;
  readonly clock: Clock;
  readonly timers: Timers;
}

interface Book {
  readonly listing: Listing;
  nextAt: EpochMs;
  told: VenueQuote | undefined;
}

interface Client {
  readonly socket: WebSocket;
  readonly conversation: Conversation;
  nextSecondAt: EpochMs;
}

/** One exchange on one loopback port: its books, its clients, and whatever is wrong with it. */
export class VenueServer {
  private readonly http: Server = createServer((_, response) => response.writeHead(426).end());
  private readonly upgrader = new WebSocketServer({
    noServer: true,
    autoPong: false,
    perMessageDeflate: false,
    maxPayload: MAX_CLIENT_FRAME_BYTES,
  });
  private readonly sockets = new Set<Socket>();
  private readonly clients = new Set<Client>();
  private readonly faults = new Map<FaultName, number>();
  private readonly books: ReadonlyMap<string, Book>;
  private readonly listings: ReadonlyMap<string, Listing>;
  private readonly random: Random;
  private disarm: CancelTimer = () => undefined;
  private accepted = 0;
  private quotesSent = 0;

  private constructor(private readonly options: VenueServerOptions) {
    const now = options.clock.now();
    this.random = new Random(options.seed);
    this.listings = new Map(options.listings.map((listing) => [listing.instrument, listing]));
    this.books = new Map(
      options.listings.map((listing) => [listing.instrument, { listing, nextAt: now + this.wait(), told: undefined }]),
    );
    this.http.on('connection', (socket) => {
      this.admit(socket);
    });
    this.http.on('upgrade', (request, socket, head) => {
      this.upgrade(request, socket, head);
    });
  }

  static async start(options: VenueServerOptions): Promise<VenueServer> {
    const server = new VenueServer(options);
    await once(server.http.listen(0, '127.0.0.1'), 'listening');
    server.arm();
    return server;
  }

  /** `ws://127.0.0.1:PORT`; the paths of the exchange's documents are served as well. */
  get endpoint(): string {
    return `ws://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  /** From now on, and beside what is wrong already. */
  fault(name: FaultName, amount: number = defaultAmount(name)): void {
    this.faults.set(name, amount);
    if (name === 'kill') for (const socket of this.sockets) socket.destroy();
    if (name === 'halfopen') for (const socket of this.sockets) socket.pause();
  }

  /** Ends one fault, or all. Sockets that were half open are reset: the peer that returns knows nothing of them. */
  heal(name?: FaultName): void {
    const wasHalfOpen = this.faults.has('halfopen');
    if (name === undefined) this.faults.clear();
    else this.faults.delete(name);
    if (wasHalfOpen && !this.faults.has('halfopen')) for (const socket of this.sockets) socket.destroy();
  }

  /** Tells every client, in the exchange's own words, to connect anew. */
  announceRestart(): void {
    for (const client of this.clients) client.conversation.retire();
  }

  async stop(): Promise<void> {
    this.disarm();
    for (const socket of this.sockets) socket.destroy();
    await once(this.http.close(), 'close');
  }

  private arm(): void {
    this.disarm = this.options.timers.arm(WHEEL_MS, () => {
      this.turn();
      this.arm();
    });
  }

  private turn(): void {
    const now = this.options.clock.now();
    for (const book of this.books.values()) {
      if (book.nextAt > now) continue;
      book.nextAt = now + this.wait();
      if (this.clients.size > 0) this.publish(book, now);
    }
    for (const client of this.clients) {
      if (client.nextSecondAt > now) continue;
      client.nextSecondAt += SECOND_MS;
      client.conversation.second?.();
    }
  }

  private publish(book: Book, now: EpochMs): void {
    const before = book.told;
    const quote = this.look(book.listing, before, now);
    book.told = quote;
    if (before !== undefined && !this.faults.has('freeze') && isSameBook(before, quote)) return;
    for (let times = this.faults.get('flood') ?? 1; times > 0; times--) {
      for (const client of this.clients) client.conversation.moved(book.listing, quote);
    }
  }

  private look(listing: Listing, told: VenueQuote | undefined, now: EpochMs): VenueQuote {
    const quote = distort(this.options.quote(listing, now), this.faults);
    const frozen = this.faults.has('freeze') ? told : undefined;
    return frozen === undefined ? quote : { ...frozen, eventAt: quote.eventAt };
  }

  /** Exponential, and never below one turn of the wheel. */
  private wait(): number {
    return Math.max(WHEEL_MS, this.random.exponential(this.options.updateEveryMs));
  }

  private admit(socket: Socket): void {
    if (this.faults.has('kill')) {
      socket.destroy();
      return;
    }
    socket.setNoDelay(true);
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    if (this.faults.has('halfopen')) socket.pause();
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.faults.has('halfopen')) return;
    const url = request.url ?? '/';
    const path = new URL(url, 'ws://exchange').pathname;
    if (path !== '/' && !this.options.exchange.paths.some((known) => path === known || path.startsWith(`${known}/`))) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    this.upgrader.handleUpgrade(request, socket, head, (client) => {
      this.converse(client, url);
    });
  }

  private converse(socket: WebSocket, url: string): void {
    const now = this.options.clock.now();
    const conversation = this.options.exchange.converse(this.lineTo(socket), url);
    const client: Client = { socket, conversation, nextSecondAt: now + SECOND_MS };
    this.clients.add(client);
    socket.once('close', () => this.clients.delete(client));
    socket.on('error', () => {
      socket.terminate();
    });
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (!isBinary) conversation.heard(data.toString('utf8'));
    });
    socket.on('ping', (data: Buffer) => {
      if (!this.isMute) socket.pong(data);
      conversation.pulsed?.('ping');
    });
    socket.on('pong', () => conversation.pulsed?.('pong'));
  }

  private lineTo(socket: WebSocket): Line {
    const { clock } = this.options;
    const send = (frame: string | Buffer) => {
      if (!this.isMute && socket.readyState === socket.OPEN && socket.bufferedAmount < MAX_BUFFERED_BYTES) {
        socket.send(frame);
      }
    };
    return {
      number: ++this.accepted,
      listings: this.listings,
      now: () => clock.now(),
      quote: (listing) => {
        const book = this.books.get(listing.instrument);
        const quote = this.look(listing, book?.told, clock.now());
        if (book !== undefined) book.told ??= quote;
        return quote;
      },
      send,
      sendQuote: (frame) => {
        this.quotesSent += 1;
        const oneIn = this.faults.get('gap');
        if (oneIn !== undefined && this.quotesSent % oneIn === 0) return;
        send(this.faults.has('garbage') ? noiseFrame(this.quotesSent) : frame);
      },
      ping: () => {
        if (!this.isMute) socket.ping();
      },
      close: (code, reason) => {
        if (!this.isMute) socket.close(code, reason);
      },
    };
  }

  private get isMute(): boolean {
    return this.faults.has('silence') || this.faults.has('halfopen');
  }
}

function isSameBook(one: VenueQuote, other: VenueQuote): boolean {
  return (
    one.bid === other.bid && one.ask === other.ask && one.bidSize === other.bidSize && one.askSize === other.askSize
  );
}
