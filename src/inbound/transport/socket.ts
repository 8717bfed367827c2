/**
 * The port to the outside: one websocket connection, opened by calling the factory. Never throws: an address that
 * cannot be connected to is reported like any other failure. No event comes before the factory has returned.
 */
export type SocketFactory = (url: string, options: SocketOptions, events: SocketEvents) => Socket;

export interface SocketOptions {
  /** A message longer than this ends the connection before it is held in memory. */
  readonly maxFrameBytes: number;
}

export interface Socket {
  /** Sends a text frame; without effect unless the connection is open. */
  send(text: string): void;
  /** Ends the connection, politely where it is open. No event comes after this. */
  close(): void;
}

export interface SocketEvents {
  opened(): void;
  /** One whole message: text as a string, anything else as bytes. */
  received(frame: string | Uint8Array): void;
  /** The other side sent a ping, which is answered already, or a pong. */
  pulsed(): void;
  /** The last event, once: the connection never opened, or is gone. */
  ended(end: SocketEnd): void;
}

export type SocketEnd =
  /** The other side closed; 1006 where it did so without a word (RFC 6455, 7.4.1). */
  | { readonly kind: 'closed'; readonly code: number; readonly reason: string }
  /** The other side answered the handshake with this HTTP status. */
  | { readonly kind: 'refused'; readonly status: number; readonly retryAfterMs: number | undefined }
  | { readonly kind: 'tooLarge' }
  /** No such host, no connection, no valid TLS, or what came is not websocket. */
  | { readonly kind: 'failed'; readonly error: string };
