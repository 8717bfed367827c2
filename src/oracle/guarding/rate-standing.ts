import type { EpochMs } from '../units/time';

/** Where a feed's redemption rate stands: all that the next reading is judged by, so that the ledger can restore it. */
export interface RateStanding {
  readonly feed: number;
  /** Absent before the first rate that could be. */
  readonly accepted: AcceptedRate | undefined;
  /** The newest reading, where it was refused. */
  readonly refused: number | undefined;
}

/** Units of the underlying asset that one unit redeems for, as last accepted. */
export interface AcceptedRate {
  readonly rate: number;
  /** The chain's time of the newest reading that said so: the rate's age counts from it. */
  readonly readAt: EpochMs;
  /** The chain's time of the first reading that said so. */
  readonly changedAt: EpochMs;
  /** The highest that was ever accepted: a fall counts from it. */
  readonly highest: number;
  /** How far the rate could have grown by `changedAt`. */
  readonly ceiling: number;
}
