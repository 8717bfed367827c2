import type { Cut } from '../../oracle/cut';
import type { OperatorInstruction } from '../../recording/event';
import type { AlertChange } from '../alerts/alert';

/** Everything a cut left behind. Stream, REST, alerts and relay know the oracle only by these. */
export interface LedgerEntry {
  readonly cut: Cut;
  /** 65 bytes: r, s, v over the header's EIP-712 digest. */
  readonly signature: Uint8Array;
  readonly alerts: readonly AlertChange[];
  /** Instructions that took effect at this cut: the audit trail. */
  readonly operator: readonly OperatorInstruction[];
  /** JSON that the oracle can start from, as of this cut; written now and then. */
  readonly checkpoint?: unknown;
}

/** The ordered, signed cuts. One contract suite holds every implementation to these words. */
export interface Ledger {
  /** Resolves once the entry survives a crash of this process. Refuses a cut number that is not above the last. */
  append(entry: LedgerEntry): Promise<void>;
  /** The newest entry, or undefined in an empty ledger. */
  last(): Promise<LedgerEntry | undefined>;
  /** The newest entry at or before an instant. */
  at(epochMs: number): Promise<LedgerEntry | undefined>;
  /** The newest entry that has a checkpoint. */
  checkpoint(): Promise<LedgerEntry | undefined>;
  /** Entries above a cut number, in order; first those kept, then each as it is appended, until the signal aborts. */
  tail(afterCut: number, signal: AbortSignal): AsyncIterable<LedgerEntry>;
  /** Entries kept above a cut number, in order, then the end. */
  read(afterCut: number): AsyncIterable<LedgerEntry>;
  /** Forgets entries before an instant, but never the newest checkpoint and what follows it. */
  forget(beforeMs: number): Promise<void>;
  close(): Promise<void>;
}
