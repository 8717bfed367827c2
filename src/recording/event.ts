import type { EpochMs } from '../oracle/units/time';

/**
 * One line of recorded input, the interchange format of record, replay, lab and tests (docs/recording.md).
 * Lines stand in the order in which they were received; `at` never decreases.
 */
export type RecordedEvent =
  | StateEvent
  | ConfigEvent
  | ConnectionEvent
  | FrameEvent
  | HttpEvent
  | ObservationEvent
  | ReadEvent
  | OperatorEvent
  | FitEvent;

/** What the oracle started from; a recording without one starts cold. */
export interface StateEvent {
  readonly at: EpochMs;
  readonly state: unknown;
}

export interface ConfigEvent {
  readonly at: EpochMs;
  /** `sha256:` and 64 hex digits. */
  readonly config: string;
  readonly effectiveCut: number;
}

export interface ConnectionEvent {
  readonly at: EpochMs;
  readonly venue: string;
  readonly connection: string;
  readonly open: boolean;
}

/** Exactly one of `frame` (text) and `frameBase64` (binary) is present. */
export type FrameEvent = {
  readonly at: EpochMs;
  readonly venue: string;
  readonly connection: string;
} & ({ readonly frame: string } | { readonly frameBase64: string });

/** A polled answer. */
export interface HttpEvent {
  readonly at: EpochMs;
  readonly venue: string;
  readonly http: string;
  readonly body: string;
}

/** A quote in the generic venue's own words. */
export interface ObservationEvent {
  readonly at: EpochMs;
  readonly venue: string;
  readonly observation: unknown;
}

/** What a chain reader read. */
export interface ReadEvent {
  readonly at: EpochMs;
  readonly chain: string;
  readonly reader: string;
  readonly read: { readonly value: string; readonly updatedAt: EpochMs } | { readonly refused: ReadRefused };
}

/** Why what a reader read before counts no more: it stands at a bound, or its chain's sequencer is down. */
export type ReadRefused = 'atBound' | 'sequencerDown';

export interface OperatorEvent {
  readonly at: EpochMs;
  readonly operator: OperatorInstruction;
}

/** An operator's signed word: exactly one of `halt` and `resume` names a feed. */
export interface OperatorInstruction {
  readonly halt?: string;
  readonly resume?: string;
  /** Address of the operator's key. */
  readonly by: string;
  readonly why: string;
  /** Strictly increasing per operator, so that an instruction cannot be replayed. */
  readonly issuedAt: EpochMs;
  /** 65 bytes in hex over the EIP-712 struct of docs/operator.md. */
  readonly signature: string;
}

/** Parameters that were fitted outside the oracle, and from which cut on they count. */
export interface FitEvent {
  readonly at: EpochMs;
  readonly fit: {
    readonly feed: string;
    readonly model: 'garch';
    /** mu, omega, alpha, beta of hourly returns. */
    readonly parameters: readonly number[];
    readonly effectiveCut: number;
  };
}
