import type { AddressInfo } from 'node:net';
import WebSocket, { WebSocketServer } from 'ws';
import { SECOND_MS } from '../../../../oracle/units/time';
import type { CancelTimer, Timers } from '../../../../platform/clock/clock';
import type { StatementSigner } from '../../statement-signer';
import type { PeerNetwork } from '../catch-up';
import type { Statements } from '../statements';
import { encodeMessage, type PeerMessage } from '../wire';
import { MAX_MESSAGE_BYTES, PEER_CLOSE, PeerLink, type LinkEvents } from './peer-link';

const REDIAL_BASE_MS = 100;
const REDIAL_CAP_MS = 5 * SECOND_MS;
/** Connections whose peer has not proved itself; more are turned away. */
const MAX_STRANGERS = 32;

export interface PeerAddress {
  /** In small letters. */
  readonly address: string;
  /** `ws://10.0.0.2:9000` or wss */
  readonly url: string;
}

export interface MeshParts {
  /** By whose key this end is known to the others. */
  readonly identity: StatementSigner;
  readonly statements: Statements;
  /** The signers, this one among them or not. */
  readonly peers: readonly PeerAddress[];
  /** Who, besides the signers, may listen. */
  readonly followers: readonly string[];
  readonly timers: Timers;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly receive: (from: string, message: PeerMessage) => void;
  readonly log: (event: MeshEvent) => void;
}

/** What an operator may want to know. */
export interface MeshEvent {
  readonly kind: 'opened' | 'closed';
  /** Undefined for one that did not prove itself. */
  readonly peer: string | undefined;
  readonly reason?: string;
}

/**
 * Connections to all other peers. Of two signers the one with the smaller address dials; a follower dials every signer.
 * Whatever ends a connection, another attempt follows. A peer's newest connection is the one that counts.
 */
export class PeerMesh implements PeerNetwork {
  private readonly links = new Map<string, PeerLink>();
  private readonly strangers = new Set<PeerLink>();
  private readonly redials = new Map<string, CancelTimer>();
  private readonly attempts = new Map<string, number>();
  private readonly self: string;
  private server: WebSocketServer | undefined;
  private stopped = false;

  constructor(private readonly parts: MeshParts) {
    this.self = parts.identity.address.toLowerCase();
  }

  /** Dials, and listens where an address is given. Returns the port it listens at. Rejects where that is taken. */
  async start(listen: { readonly host: string; readonly port: number } | undefined): Promise<number | undefined> {
    if (listen !== undefined) await this.listen(listen);
    const isSigner = this.parts.peers.some(({ address }) => address === this.self);
    for (const peer of this.parts.peers) {
      if (peer.address !== this.self && (!isSigner || this.self < peer.address)) this.dial(peer);
    }
    return (this.server?.address() as AddressInfo | undefined)?.port;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const cancel of this.redials.values()) cancel();
    for (const link of [...this.links.values(), ...this.strangers]) link.close(1001, 'going away');
    const { server } = this;
    if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** Peers that are connected and proved, by address. */
  get connected(): readonly string[] {
    return [...this.links.keys()];
  }

  broadcast(message: PeerMessage): void {
    const bytes = encodeMessage(message);
    for (const link of this.links.values()) link.send(bytes);
  }

  send(to: string, message: PeerMessage): void {
    this.links.get(to)?.send(encodeMessage(message));
  }

  private listen({ host, port }: { readonly host: string; readonly port: number }): Promise<void> {
    return new Promise((resolve, reject) => {
      const server = new WebSocketServer({ host, port, perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES });
      this.server = server;
      server.once('listening', resolve);
      server.once('error', reject);
      server.on('connection', (socket) => {
        if (this.strangers.size >= MAX_STRANGERS)
          socket.close(PEER_CLOSE.tooMany, 'too many have not proved themselves');
        else this.meet(socket, () => undefined);
      });
    });
  }

  private dial(peer: PeerAddress): void {
    if (this.stopped) return;
    const socket = new WebSocket(peer.url, { perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES });
    this.meet(socket, () => this.redial(peer));
  }

  private redial(peer: PeerAddress): void {
    if (this.stopped) return;
    const attempt = this.attempts.get(peer.address) ?? 0;
    this.attempts.set(peer.address, attempt + 1);
    const delayMs = Math.min(REDIAL_CAP_MS, REDIAL_BASE_MS * 2 ** attempt) * (0.5 + this.parts.random() / 2);
    this.redials.set(
      peer.address,
      this.parts.timers.arm(delayMs, () => this.dial(peer)),
    );
  }

  private meet(socket: WebSocket, closed: () => void): void {
    const { identity, statements, timers, receive, log } = this.parts;
    const events: LinkEvents = {
      opened: (link, peer) => {
        this.strangers.delete(link);
        this.attempts.delete(peer);
        this.links.get(peer)?.close(PEER_CLOSE.replaced, 'a newer connection of the same peer');
        this.links.set(peer, link);
        log({ kind: 'opened', peer });
      },
      received: receive,
      closed: (link, reason) => {
        this.strangers.delete(link);
        if (link.peer !== undefined && this.links.get(link.peer) === link) this.links.delete(link.peer);
        log({ kind: 'closed', peer: link.peer, reason });
        closed();
      },
    };
    this.strangers.add(
      new PeerLink({ socket, identity, statements, timers, isWelcome: (one) => this.isWelcome(one), events }),
    );
  }

  private isWelcome(address: string): boolean {
    const { peers, followers } = this.parts;
    return peers.some((peer) => peer.address === address) || followers.includes(address);
  }
}
