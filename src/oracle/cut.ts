import type { RateStanding } from './guarding/rate-standing';
import type { Figures, Report } from './report';
import type { Fit } from './input';
import type { Risk } from './risk/figures';
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
  /** What is known of every feed's liquidity: where a minute has ended and at the first cut, else absent. */
  readonly liquidity?: readonly Liquidity[];
  /** Redemption rates that were judged at this cut, in the order of feeds; absent where none was. */
  readonly rates?: readonly RateStanding[];
  /** What the cuts before say of risk: where a step of the risk grid ended or a price jumped with the last, and at the first; else absent. */
  readonly risk?: Risk;
  /** Parameters that took effect, in the order of feeds: what is published from the next cut on rests on them. Absent where none did. */
  readonly fits?: readonly Fit[];
  readonly leaves: readonly ChangedLeaf[];
  readonly header: Header;
}

/** A feed's liquidity as of the last minute that ended: it is not signed. Depths and costs are in the feed's quote currency. */
export interface Liquidity {
  readonly feed: number;
  /** The cut at which it was last refreshed. */
  readonly cut: number;
  /** What it costs at the least to move the price by 1 % and hold it for a minute; absent where it is not known. */
  readonly costToMove: number | undefined;
  /** Everyone who is configured to vote. */
  readonly upstreams: readonly UpstreamLiquidity[];
}

export interface UpstreamLiquidity {
  readonly upstream: number;
  /** Share of the vote while all vote, 0..1. */
  readonly weight: number;
  /** What persists per basis point; absent where it is not known. */
  readonly depth: number | undefined;
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
