import type { Ledger, LedgerEntry } from '../../outbound/ledger/ledger';
import { LmdbLedger } from '../../outbound/ledger/lmdb-ledger';
import { claimWriter, type ReleaseWriter } from '../../outbound/ledger/writer-lock';

/** Entries on their way to the disk at most: a replay makes them faster than they are written. */
const UNDER_WAY = 500;

/** A ledger's directory that is ours for the time of a replay. */
export class KeptLedger {
  private underWay: Promise<void>[] = [];

  private constructor(
    readonly ledger: Ledger,
    private readonly release: ReleaseWriter,
  ) {}

  static async open(directory: string): Promise<KeptLedger> {
    const release = await claimWriter(directory);
    return new KeptLedger(await LmdbLedger.open(directory), release);
  }

  /** Resolves at once while few are under way. */
  async append(entry: LedgerEntry): Promise<void> {
    const appending = this.ledger.append(entry);
    // Whoever settles hears of a failure; until then nobody may.
    appending.catch(() => undefined);
    this.underWay.push(appending);
    if (this.underWay.length >= UNDER_WAY) await this.settle();
  }

  async settle(): Promise<void> {
    await Promise.all(this.underWay.splice(0));
  }

  async close(): Promise<void> {
    await this.ledger.close();
    await this.release();
  }
}
