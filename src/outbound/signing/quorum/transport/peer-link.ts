import { randomBytes } from 'node:crypto';
import WebSocket from 'ws';
import { SECOND_MS } from '../../../../oracle/units/time';
import type { CancelTimer, Timers } from '../../../../platform/clock/clock';
import type { StatementSigner } from '../../statement-signer';
import type { Statements } from '../statements';
import { decodeMessage, MalformedMessage, type PeerMessage } from '../wire';

/** Thirty-two certificates with fifty feeds and five signers are half a megabyte. */
export const MAX_MESSAGE_BYTES = 4 * 1_024 * 1_024;
/** What waits to be sent to a peer that does not read; beyond it the connection is given up. */
const MAX_WAITING_BYTES = 16 * 1_024 * 1_024;
const HANDSHAKE_MS = 5 * SECOND_MS;
const PING_EVERY_MS = 5 * SECOND_MS;
/** A peer at four cuts a second with five signers sends some fifty messages a second. */
const MAX_MESSAGES_PER_SECOND = 1_000;

const CHALLENGE_BYTES = 32;
const ADDRESS_BYTES = 20;
const SIGNATURE_BYTES = 65;
const VERSION = 1;

/** Codes within 4000..4999, which the protocol leaves to applications: RFC 6455, 7.4.2. */
export const PEER_CLOSE = { unwelcome: 4401, unproved: 4403, malformed: 4400, tooMany: 4429, replaced: 4409 } as const;

export interface LinkParts {
  readonly socket: WebSocket;
  readonly identity: StatementSigner;
  readonly statements: Statements;
  readonly timers: Timers;
  /** Whether an address, in small letters, may be talked to. */
  readonly isWelcome: (address: string) => boolean;
  readonly events: LinkEvents;
}

export interface LinkEvents {
  /** Both sides proved their keys. */
  opened(link: PeerLink, peer: string): void;
  received(peer: string, message: PeerMessage): void;
  /** Once, whether it was open or not. */
  closed(link: PeerLink, reason: string): void;
}

/**
 * One connection to a peer, whoever dialled. Each side sends a challenge and its address, and signs the other's
 * challenge: so both know whom they hear. What passes afterwards is signed in itself.
 */
export class PeerLink {
  /** Of the peer, once it is proved. */
  peer: string | undefined;
  private readonly challenge = randomBytes(CHALLENGE_BYTES);
  private claimed: { readonly address: string; readonly challenge: Uint8Array } | undefined;
  /** Who proved to be there, while the own proof is being signed. */
  private known: string | undefined;
  private hasProved = false;
  private received = 0;
  private answered = true;
  private isClosed = false;
  private cancelTimer: CancelTimer | undefined;

  constructor(private readonly parts: LinkParts) {
    const { socket, timers } = parts;
    socket.binaryType = 'nodebuffer';
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.take(data);
      else this.close(PEER_CLOSE.malformed, 'peers speak in binary');
    });
    socket.on('pong', () => {
      this.answered = true;
    });
    socket.on('error', (error) => {
      this.ended(error.message);
    });
    socket.on('close', (code, reason) => {
      this.ended(`closed with ${code} ${reason.toString()}`);
    });
    this.cancelTimer = timers.arm(HANDSHAKE_MS, () => {
      this.close(PEER_CLOSE.unproved, 'no proof came in time');
    });
    if (socket.readyState === WebSocket.OPEN) this.greet();
    else socket.on('open', () => this.greet());
  }

  /** Lost where the connection is not open. */
  send(bytes: Uint8Array): void {
    const { socket } = this.parts;
    if (this.peer === undefined || socket.readyState !== WebSocket.OPEN) return;
    if (socket.bufferedAmount > MAX_WAITING_BYTES) this.destroy('it does not read what it is sent');
    else socket.send(bytes);
  }

  close(code: number, reason: string): void {
    if (this.isClosed) return;
    this.parts.socket.close(code, reason);
    this.ended(reason);
  }

  private destroy(reason: string): void {
    this.parts.socket.terminate();
    this.ended(reason);
  }

  private greet(): void {
    const own = Buffer.from(this.parts.identity.address.slice(2), 'hex');
    this.parts.socket.send(Buffer.concat([Uint8Array.of(VERSION), this.challenge, own]));
  }

  private take(bytes: Buffer): void {
    if (this.isClosed) return;
    this.received += 1;
    if (this.received > MAX_MESSAGES_PER_SECOND * (PING_EVERY_MS / SECOND_MS)) {
      this.close(PEER_CLOSE.tooMany, `more than ${MAX_MESSAGES_PER_SECOND} messages a second`);
    } else if (this.peer !== undefined) this.hear(this.peer, bytes);
    else if (this.claimed === undefined) this.challenged(bytes);
    else this.proved(bytes, this.claimed);
  }

  private challenged(bytes: Buffer): void {
    const { identity, statements, socket, isWelcome } = this.parts;
    if (bytes.length !== 1 + CHALLENGE_BYTES + ADDRESS_BYTES || bytes[0] !== VERSION) {
      this.close(PEER_CLOSE.malformed, 'this is no greeting of version 1');
      return;
    }
    const challenge = bytes.subarray(1, 1 + CHALLENGE_BYTES);
    const address = `0x${bytes.toString('hex', 1 + CHALLENGE_BYTES)}`;
    if (!isWelcome(address) || address === identity.address.toLowerCase()) {
      this.close(PEER_CLOSE.unwelcome, `${address} is no peer of this quorum`);
      return;
    }
    this.claimed = { address, challenge };
    const greeting = { challenge, own: this.challenge, from: identity.address, to: address };
    identity.signThen(statements.greetingMessage(greeting), (signature) => {
      if (this.isClosed) return;
      socket.send(signature);
      this.hasProved = true;
      this.open();
    });
  }

  private proved(
    bytes: Buffer,
    { address, challenge }: { readonly address: string; readonly challenge: Uint8Array },
  ): void {
    const { statements, identity } = this.parts;
    const digest = statements.greeting({
      challenge: this.challenge,
      own: challenge,
      from: address,
      to: identity.address,
    });
    if (bytes.length !== SIGNATURE_BYTES || statements.signerOf(digest, bytes) !== address) {
      this.close(PEER_CLOSE.unproved, `${address} did not prove its key`);
      return;
    }
    this.known = address;
    this.open();
  }

  /** Once both sides proved themselves: the own proof may be longer in the making than the peer's on its way. */
  private open(): void {
    if (this.known === undefined || !this.hasProved) return;
    this.peer = this.known;
    this.cancelTimer?.();
    this.watch();
    this.parts.events.opened(this, this.known);
  }

  private hear(peer: string, bytes: Buffer): void {
    let message: PeerMessage;
    try {
      message = decodeMessage(bytes);
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      this.close(PEER_CLOSE.malformed, error.message);
      return;
    }
    this.parts.events.received(peer, message);
  }

  /** A peer that answers no ping is gone, whatever its machine's TCP says. */
  private watch(): void {
    this.cancelTimer = this.parts.timers.arm(PING_EVERY_MS, () => {
      if (!this.answered) {
        this.destroy('it answered no ping');
        return;
      }
      this.answered = false;
      this.received = 0;
      this.parts.socket.ping();
      this.watch();
    });
  }

  private ended(reason: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.cancelTimer?.();
    this.parts.events.closed(this, reason);
  }
}
