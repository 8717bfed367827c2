import type { EpochMs } from '../oracle/units/time';

export type Hex = `0x${string}`;

/**
 * The pure description of how one on-chain source is read: the on-chain twin of a dialect. It asks no node and reads
 * no clock: the poller in `transport/` does what it says.
 */
export interface Reader {
  /** `chainlink:BTC/USD` */
  readonly id: string;
  readonly address: Hex;
  readonly pollMs: number;
  /** Calldata of what the contract is asked at each poll. */
  readonly calls: readonly Hex[];
  /** Never throws: whatever the contract answered, to each call in order, becomes an outcome. */
  decode(answers: readonly Hex[], now: EpochMs): ReadOutcome;
}

export type ReadOutcome = ReadAnswer | RefusedRead;

export interface ReadAnswer {
  readonly kind: 'read';
  /** An exact positive decimal, `42931.00000000`. */
  readonly value: string;
  /** When the chain says it was written. */
  readonly updatedAt: EpochMs;
}

export interface RefusedRead {
  readonly kind: 'refused';
  readonly reason: ReadRefusal;
  /** What was found and what would have been right. */
  readonly detail: string;
}

/** Why an answer is no witness. */
export type ReadRefusal =
  'wrongShape' | 'wrongDecimals' | 'emptyRound' | 'incompleteRound' | 'carriedOver' | 'notPositive' | 'fromTheFuture';
