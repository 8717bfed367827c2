import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Server as WebSocketServer } from 'ws';
import type { OraclePlan } from '../../oracle/plan';
import type { CancelTimer } from '../../platform/clock/clock';
import { LatestView } from '../ledger/latest-view';
import { hex, PublishedText } from '../ledger/published-text';
import { ORACLE_PLAN, PUBLICATION, type Publication } from '../ledger/publication';
import { Broadcaster } from './broadcaster';
import { STREAM_SETTINGS, type StreamSettings } from './limits';
import { type Names, namesOf, Session } from './session';
import { StreamSocket, transportOver } from './stream-socket';
import { Subscriber } from './subscriber';
import { Groups } from './groups';

const PATH = '/v1/stream';

interface Connection {
  readonly subscriber: Subscriber;
  readonly session: Session;
  /** Whether the last ping was answered. */
  alive: boolean;
}

/** Takes the HTTP server's upgrades and owns the sockets (docs/stream.md). */
@Injectable()
export class StreamService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly connections = new Map<StreamSocket, Connection>();
  private readonly groups = new Groups();
  private readonly names: Names;
  private readonly welcome: string;
  private readonly server: WebSocketServer<typeof StreamSocket>;
  private readonly stops: (() => void)[] = [];
  private cancelPing: CancelTimer = () => undefined;
  private closing = false;

  constructor(
    @Inject(ORACLE_PLAN) plan: OraclePlan,
    @Inject(PUBLICATION) publication: Publication,
    @Inject(STREAM_SETTINGS) private readonly settings: StreamSettings,
    private readonly view: LatestView,
    private readonly text: PublishedText,
    private readonly host: HttpAdapterHost,
  ) {
    const { limits } = settings;
    this.names = namesOf(plan);
    this.welcome = welcomeText(publication, this.names, limits.heartbeatMs);
    // A constant of its own: the types of ws do not know `closeTimeout` yet.
    const options = {
      noServer: true,
      WebSocket: StreamSocket,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: limits.maxMessageBytes,
      closeTimeout: limits.closeTimeoutMs,
    };
    this.server = new WebSocketServer(options);
  }

  get subscribers(): number {
    return this.connections.size;
  }

  onApplicationBootstrap(): void {
    const http = this.host.httpAdapter.getHttpServer() as Server;
    const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => this.upgrade(request, socket, head);
    http.on('upgrade', onUpgrade);
    const broadcaster = new Broadcaster(this.groups, this.text, this.settings.limits.heartbeatMs);
    this.stops.push(
      () => http.off('upgrade', onUpgrade),
      this.view.onFold((changes) => broadcaster.broadcast(changes)),
    );
    this.armPing();
  }

  /** Says goodbye; whoever has not closed in time is disconnected by ws, so that the HTTP server can close. */
  async beforeApplicationShutdown(): Promise<void> {
    this.closing = true;
    this.cancelPing();
    for (const stop of this.stops) stop();
    const gone = [...this.connections].map(([socket, { subscriber }]) => {
      const closed = new Promise((resolve) => socket.once('close', resolve));
      subscriber.say('{"type":"shutdown"}');
      subscriber.end(1001, 'shutdown');
      return closed;
    });
    await Promise.all(gone);
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const path = request.url?.split('?', 1)[0];
    if (path !== PATH) return refuse(socket, 404);
    if (this.closing || this.connections.size >= this.settings.limits.maxSubscribers) return refuse(socket, 503);
    this.server.handleUpgrade(request, socket, head, (webSocket) => this.accept(webSocket, socket));
  }

  private accept(webSocket: StreamSocket, socket: Duplex): void {
    const { limits, meter, clock } = this.settings;
    const subscriber = new Subscriber(transportOver(webSocket, socket), this.text, this.settings);
    const session = new Session(subscriber, this.groups, this.names, limits, clock);
    const connection = { subscriber, session, alive: true };
    this.connections.set(webSocket, connection);
    webSocket.on('message', (data: Buffer, isBinary) => session.receive(data, isBinary));
    webSocket.on('pong', () => (connection.alive = true));
    // A protocol error: ws has already answered it with a close of its own.
    webSocket.on('error', () => session.leave());
    webSocket.on('close', (code) => {
      meter.closed(code);
      session.leave();
      this.connections.delete(webSocket);
    });
    subscriber.say(this.welcome);
  }

  private armPing(): void {
    this.cancelPing = this.settings.timers.arm(this.settings.limits.pingMs, () => {
      for (const [webSocket, connection] of this.connections) ping(webSocket, connection);
      this.armPing();
    });
  }
}

function ping(webSocket: StreamSocket, connection: Connection): void {
  if (!connection.alive) return webSocket.terminate();
  connection.alive = false;
  if (webSocket.readyState === webSocket.OPEN) webSocket.ping();
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function welcomeText({ network, domain, signers, threshold }: Publication, names: Names, heartbeatMs: number): string {
  const { name, version, salt } = domain;
  const described = { name, version, salt: hex(salt) };
  const [feeds, groups] = [[...names.feeds.keys()], [...names.groups.keys()]];
  return JSON.stringify({
    type: 'welcome',
    network,
    domain: described,
    signers,
    threshold,
    feeds,
    groups,
    heartbeatMs,
  });
}
