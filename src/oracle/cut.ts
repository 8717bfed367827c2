import type { Figures, Report } from './report';
import type { EpochMs } from './units/time';
import type { VerdictColumns } from './verdict';

/** A consistent cut of all feeds: what changed since the last one, and everything a signature needs. */
export interface Cut {
  /** `cutNumberAt(at)`; strictly increasing. */
  readonly number: number;
  readonly at: EpochMs;
  /** Reports that changed, in the order of the plan. */
  readonly reports: readonly Report[];
  /** Figures refreshed at this cut: all feeds on the one-second grid, else none. */
  readonly figures: readonly Figures[];
  /** Verdicts of every source of every feed that was evaluated; `verdictRows` reads them as objects. */
  readonly verdicts: VerdictColumns;
  /** Indices of feeds that an operator holds halted as of this cut. */
  readonly halts: readonly number[];
  readonly leaves: readonly ChangedLeaf[];
  readonly header: Header;
}

/** Canonical bytes of one changed leaf. Leaf 2i is feed i's price, leaf 2i+1 its figures. */
export interface ChangedLeaf {
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** The fields of the EIP-712 struct that is signed, once per cut. Hashes are 32 bytes. */
export interface Header {
  readonly cut: number;
  readonly root: Uint8Array;
  readonly riskRoot: Uint8Array;
  readonly packedRoot: Uint8Array;
  readonly configHash: Uint8Array;
  readonly signerEpoch: number;
  readonly validUntil: EpochMs;
}
