import type { Cut } from '../../oracle/cut';
import type { RiskModels } from '../../oracle/risk-past';
import type { OperatorInstruction } from '../../recording/event';
import type { AlertChange } from '../alerts/alert';

/** Everything a cut left behind. Stream, REST, alerts and relay know the oracle only by these. */
export interface LedgerEntry {
  readonly cut: Cut;
  /** 65 bytes for each signer: r, s, v over the header's EIP-712 digest, in ascending order of the signers' addresses. */
  readonly signature: Uint8Array;
  readonly alerts: readonly AlertChange[];
  /** Instructions that took effect at this cut: the audit trail. */
  readonly operator: readonly OperatorInstruction[];
  /** Of a cut that several signed: all it takes to recompute it, as their peers send it (docs/quorum.md). */
  readonly evidence?: Uint8Array;
  /** JSON that the oracle can start from, as of this cut; written now and then. */
  readonly checkpoint?: unknown;
  /** Risk models as of this cut, which a checkpoint leaves out; some with each. */
  readonly models?: RiskModels;
}

/** Nest's token for the one `Ledger` of a process. */
export const LEDGER = Symbol('Ledger');

/** The ordered, signed cuts. One contract suite holds every implementation to these words. */
export interface Ledger {
  /**
   * Resolves once the entry survives a crash of this process; only then can anyone read it. Rejects with `CutOutOfOrder`
   * a cut number that is not above the last.
   */
  append(entry: LedgerEntry): Promise<void>;
  /** The newest entry, or undefined in an empty ledger. */
  last(): Promise<LedgerEntry | undefined>;
  /** The newest entry at or before an instant. */
  at(epochMs: number): Promise<LedgerEntry | undefined>;
  /** The newest entry that was appended with a checkpoint, and the only one that still has it: no other read returns one. */
  checkpoint(): Promise<LedgerEntry | undefined>;
  /** Of each key the model that was appended last; no other read returns one. */
  models(): Promise<RiskModels>;
  /**
   * Entries above a cut number, in order; first those kept, then each as it is appended, until the signal aborts or the
   * ledger closes. Throws `EntriesForgotten` to a reader so slow that its next entry is gone: never a silent gap.
   */
  tail(afterCut: number, signal: AbortSignal): AsyncIterable<LedgerEntry>;
  /** Entries kept above a cut number, in order, then the end. */
  read(afterCut: number): AsyncIterable<LedgerEntry>;
  /** Forgets entries of ticks before an instant, but never the newest entry, nor the newest checkpoint and what follows. */
  forget(beforeMs: number): Promise<void>;
  /** Waits for what is being appended and ends all tails. */
  close(): Promise<void>;
}

/** An append that would turn the order of the ledger around. */
export class CutOutOfOrder extends Error {
  override readonly name = 'CutOutOfOrder';

  constructor(
    readonly cut: number,
    readonly last: number,
  ) {
    super(`cut ${cut} is not above ${last}, the last in the ledger; a restart goes on from a later instant`);
  }
}

/** A reader fell so far behind that entries it had not read are gone. */
export class EntriesForgotten extends Error {
  override readonly name = 'EntriesForgotten';

  constructor(
    readonly position: number,
    readonly forgottenThrough: number,
  ) {
    super(
      `entries above cut ${position} were forgotten through ${forgottenThrough} before they were read; ` +
        'read faster, keep more, or start again from the checkpoint',
    );
  }
}
