import type { EpochMs } from '../../oracle/units/time';
import type { Listing, VenueQuote } from './venue-quotes';

/** An exchange's public market data service: how it speaks, not what it has to say. */
export interface Exchange {
  /** The paths its documents name; `/` is served in the same way as the first of them. */
  readonly paths: readonly string[];
  /** Begins the conversation on a new connection; `url` is the path and the query that the client asked for. */
  converse(line: Line, url: string): Conversation;
}

/** What an exchange does on one connection. */
export interface Conversation {
  /** The client has sent a text frame. */
  heard(frame: string): void;
  /** A book has changed. Tells the client if it has subscribed to it. */
  moved(listing: Listing, quote: VenueQuote): void;
  /** Called once a second, first when the connection is one second old. */
  second?(): void;
  /** The client has sent a ping or a pong of the websocket protocol. */
  pulsed?(kind: 'ping' | 'pong'): void;
  /** Announces, in the exchange's own words if it has any, that it is about to close the connection. */
  retire(): void;
}

/** The exchange's end of one connection. */
export interface Line {
  /** Counts the connections of this exchange from 1. */
  readonly number: number;
  /** By the exchange's own symbol. */
  readonly listings: ReadonlyMap<string, Listing>;
  now(): EpochMs;
  /** What the book of a listing says now. */
  quote(listing: Listing): VenueQuote;
  /** Sends an answer, an error or a heartbeat. */
  send(frame: string): void;
  /** Sends a quote: it may be lost, garbled or repeated, if the exchange is to misbehave. */
  sendQuote(frame: string): void;
  ping(): void;
  close(code: number, reason: string): void;
}

/** A client's frame as a JSON object; undefined when it is none. */
export function readObject(frame: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(frame);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The strings of a list; undefined when it is no list of strings. */
export function readStrings(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
}

/** `2026-08-09T21:05:48.228568804Z`: an instant to so many decimals of a second, at least three. */
export function isoTime(at: EpochMs, decimals: number): string {
  const whole = Math.floor(at);
  const beyond = Math.floor((at - whole) * 1_000_000)
    .toString()
    .padStart(6, '0');
  return `${new Date(whole).toISOString().slice(0, -1)}${beyond.slice(0, decimals - 3)}Z`;
}
