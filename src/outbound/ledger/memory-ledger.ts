import type { RiskModels } from '../../oracle/risk-past';
import { cutNumberAt } from '../../oracle/units/time';
import { CutOutOfOrder, type Ledger, type LedgerEntry } from './ledger';
import { Arrivals, readShelf, tailShelf } from './reading';
import { RecentEntries } from './recent-entries';

/** A minute at the shortest interval between cuts, some 20 MB. */
const DEFAULT_CAPACITY = 6_000;

/**
 * A ledger that ends with its process: for tests, and for runs without a data directory. It keeps the newest entries up
 * to its capacity, and the newest checkpoint whatever its age.
 */
export class MemoryLedger implements Ledger {
  readonly arrivals = new Arrivals();
  closed = false;
  private readonly entries: RecentEntries;
  private checkpointed: Omit<LedgerEntry, 'models'> | undefined;
  private readonly saved = new Map<string, Float64Array>();
  private lastCut = 0;

  constructor(capacity = DEFAULT_CAPACITY) {
    this.entries = new RecentEntries(capacity, 0);
  }

  async append(entry: LedgerEntry): Promise<void> {
    if (this.closed) throw new Error(`cut ${entry.cut.number} was appended to a closed ledger`);
    if (entry.cut.number <= this.lastCut) throw new CutOutOfOrder(entry.cut.number, this.lastCut);
    this.lastCut = entry.cut.number;
    const { checkpoint, models = [], ...rest } = entry;
    if (checkpoint !== undefined) this.checkpointed = { ...rest, checkpoint };
    for (const [key, model] of models) this.saved.set(key, model);
    this.entries.add(rest);
    this.arrivals.announce();
  }

  async last(): Promise<LedgerEntry | undefined> {
    return this.entries.last;
  }

  async at(epochMs: number): Promise<LedgerEntry | undefined> {
    return this.entries.at(epochMs);
  }

  async checkpoint(): Promise<LedgerEntry | undefined> {
    return this.checkpointed;
  }

  async models(): Promise<RiskModels> {
    return new Map(this.saved);
  }

  tail(afterCut: number, signal: AbortSignal): AsyncIterable<LedgerEntry> {
    return tailShelf(this, afterCut, signal);
  }

  read(afterCut: number): AsyncIterable<LedgerEntry> {
    return readShelf(this, afterCut);
  }

  async forget(beforeMs: number): Promise<void> {
    this.entries.dropBelow(Math.min(cutNumberAt(beforeMs), this.checkpointed?.cut.number ?? Infinity, this.lastCut));
  }

  async close(): Promise<void> {
    this.closed = true;
    this.arrivals.announce();
  }

  above(cut: number, limit: number): readonly LedgerEntry[] {
    return this.entries.above(cut, limit);
  }

  get forgottenThrough(): number {
    return this.entries.completeAbove;
  }
}
