import type { Outcome } from '../inbound/dialect';
import type { HeaderDigest } from '../oracle/reporting/header-digest';
import type { EpochMs } from '../oracle/units/time';
import type { LedgerEntry } from '../outbound/ledger/ledger';
import type { RemoteSigner } from '../outbound/signing/signer';
import type { SigningOutcomes } from '../outbound/signing/statement-signer';
import type { RecordedEvent } from '../recording/event';
import { joinedEntries } from './joined-entries';
import type { TurnOutlets } from './turn.service';

export interface SealingParts {
  readonly signer: RemoteSigner;
  readonly digest: HeaderDigest;
  readonly outlets: TurnOutlets;
  readonly outcomes: SigningOutcomes;
  /** What a restart can start from as of the last cut that was made. */
  readonly checkpoint: () => unknown;
  /** Called whenever nothing is under way any more. */
  readonly free: () => void;
}

/**
 * Between the loop and its outlets where the key is on another machine: an entry is handed on once it is signed, in order.
 * While a signature is under way the loop makes no cut, so that what is heard meanwhile becomes one: a slow signer means
 * fewer cuts, not a queue. A cut that was not signed is published by none; what it would have told goes with the next that
 * is, and a checkpoint with that, since its cuts no longer add up to what the oracle remembers.
 */
export class Sealing implements TurnOutlets {
  private readonly waiting: LedgerEntry[] = [];
  /** What was not signed, as one. */
  private unsigned: LedgerEntry | undefined;
  private working: Promise<void> | undefined;

  constructor(private readonly parts: SealingParts) {}

  get isBusy(): boolean {
    return this.working !== undefined;
  }

  entry(entry: LedgerEntry): void {
    this.waiting.push(entry);
    this.working ??= this.work().finally(() => {
      this.working = undefined;
      this.parts.free();
    });
  }

  started(at: EpochMs, state: () => unknown): void {
    this.parts.outlets.started(at, state);
  }

  heard(event: RecordedEvent, outcomes: readonly Outcome[]): void {
    this.parts.outlets.heard(event, outcomes);
  }

  stopped(at: EpochMs): void {
    this.parts.outlets.stopped(at);
  }

  failed(error: unknown): void {
    this.parts.outlets.failed(error);
  }

  /** Resolves once nothing is under way. */
  async settled(): Promise<void> {
    await this.working;
  }

  private async work(): Promise<void> {
    const { signer, digest, outlets, outcomes } = this.parts;
    for (let entry = this.next(); entry !== undefined; entry = this.next()) {
      try {
        const signature = await signer.sign(digest.messageOf(entry.cut.header));
        this.unsigned = undefined;
        outcomes.signed();
        outlets.entry({ ...entry, signature });
      } catch (error) {
        this.unsigned = entry;
        outcomes.failed(error);
      }
    }
  }

  private next(): LedgerEntry | undefined {
    const { unsigned, waiting } = this;
    if (unsigned === undefined || waiting.length === 0) return waiting.shift();
    return { ...joinedEntries([unsigned, ...waiting.splice(0)]), checkpoint: this.parts.checkpoint() };
  }
}
