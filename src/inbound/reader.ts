import type { EpochMs } from '../oracle/units/time';

export type Hex = `0x${string}`;

/** One block of a chain, as a node knows it. */
export interface Block {
  readonly number: number;
  readonly hash: Hex;
  /** The chain's own time, in whole seconds. */
  readonly at: EpochMs;
}

export interface Call {
  readonly to: Hex;
  readonly data: Hex;
}

/** What a contract returned, `0x` where no contract is; or why it reverted. */
export type CallAnswer = Hex | { readonly reverted: string };

/**
 * A conversation with contracts, all of it at one block: it yields what is to be asked, is resumed with the answers in
 * that order, and returns what they amount to. It asks no node itself, and never throws.
 */
export type Asking<Found> = Generator<readonly Call[], Found, readonly CallAnswer[]>;

/**
 * The pure description of how one on-chain source is read: the on-chain twin of a dialect. It asks no node and reads
 * no clock: the poller in `transport/` does what it says.
 */
export interface Reader {
  /** `chainlink:BTC/USD` */
  readonly id: string;
  /** `now` is our own time, which judges that of the chain. */
  read(block: Block, now: EpochMs): Asking<ReadOutcome>;
}

/** Whether a rollup's sequencer works, so that what its chain says is of now. */
export interface Sequencer {
  /** `sequencer:arbitrum` */
  readonly id: string;
  status(block: Block, now: EpochMs): Asking<SequencerUp | RefusedRead>;
}

export type ReadOutcome = ReadAnswer | RefusedRead;

export interface ReadAnswer {
  readonly kind: 'read';
  /** An exact positive decimal, `42931.00000000`. */
  readonly value: string;
  /** When the chain says it was written, or for what is computed at each call, when the block was made. */
  readonly updatedAt: EpochMs;
}

export interface SequencerUp {
  readonly kind: 'up';
}

export interface RefusedRead {
  readonly kind: 'refused';
  readonly reason: ReadRefusal;
  /** What was found and what would have been right. */
  readonly detail: string;
}

/** Why an answer is no witness. */
export type ReadRefusal =
  | 'wrongShape'
  | 'wrongDecimals'
  | 'wrongToken'
  | 'reverted'
  | 'emptyRound'
  | 'incompleteRound'
  | 'carriedOver'
  | 'notPositive'
  | 'fromTheFuture'
  | 'staleRound'
  | 'atBound'
  | 'sequencerDown';

export function refuse(reason: ReadRefusal, detail: string): RefusedRead {
  return { kind: 'refused', reason, detail };
}
