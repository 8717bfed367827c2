import type { Quote } from '../oracle/input';
import type { EpochMs } from '../oracle/units/time';

/**
 * The pure description of a venue's wire language. It opens no socket and reads no clock: the session in `transport/`
 * does what it says. `State` belongs to one connection and is made anew each time that opens (deltas need it).
 */
export interface Dialect<State = unknown> {
  readonly name: string;
  /** The exchange's public address; configuration may replace it. */
  readonly endpoint: string;
  /** The most instruments one connection may carry, by the exchange's limits. */
  readonly maxInstruments: number;
  /** The whole address to connect to; most dialects return `endpoint` as it is. */
  url(endpoint: string, instruments: readonly string[]): string;
  /** Frames to send as soon as the connection opens, in order. */
  subscribe(instruments: readonly string[]): readonly string[];
  /** The least time between two of them, where the exchange permits more or wants less than one in 250 ms. */
  readonly subscribeEveryMs?: number;
  /** What keeps the connection alive, where the exchange wants the client to speak. */
  readonly keepalive: { readonly everyMs: number; readonly frame: string } | undefined;
  /** With no frame of any kind for this long, the connection is dead. */
  readonly silenceMs: number;
  /** The exchange ends connections after some time; the session replaces its own before that. */
  readonly rotateAfterMs: number | undefined;
  readonly maxFrameBytes: number;
  open(instruments: readonly string[]): State;
  /** Never throws: whatever a frame holds, it becomes outcomes. A frame that carries nothing of use is a control. */
  parse(state: State, frame: string): readonly Outcome[];
}

export type Outcome = QuoteOutcome | VolatilityOutcome | ControlOutcome | RejectedOutcome;

export interface QuoteOutcome {
  readonly kind: 'quote';
  /** The venue's own symbol, as configured. */
  readonly instrument: string;
  readonly quote: Quote;
}

/** What an index of implied volatility says: it is no price, and nothing takes it for one. */
export interface VolatilityOutcome {
  readonly kind: 'volatility';
  /** The venue's own symbol, as configured. */
  readonly instrument: string;
  /** Annual: 0.8 is 80 %. */
  readonly volatility: number;
  readonly observedAt: EpochMs;
}

export interface ControlOutcome {
  readonly kind: 'control';
  readonly control: Control;
  /** What the session must answer. */
  readonly reply?: string;
}

/** `reconnect`: the venue asks for, or the state of the connection needs, a new connection. */
export type Control = 'acknowledged' | 'heartbeat' | 'information' | 'reconnect';

export interface RejectedOutcome {
  readonly kind: 'rejected';
  readonly reason: Rejection;
  /** What the frame said, cut short, for the log. */
  readonly detail?: string;
}

export const REJECTIONS = [
  'notText',
  'tooLarge',
  'notJson',
  'wrongShape',
  'notANumber',
  'unknownInstrument',
  'channelNotUsed',
  'refusedByVenue',
  'sequenceGap',
  'dialectFault',
] as const;
/** Why a frame gave nothing; `dialectFault` is a dialect that threw, a bug that must stop nobody else. Whether a quote can be a price (positive, finite, not crossed) is the oracle's question. */
export type Rejection = (typeof REJECTIONS)[number];
