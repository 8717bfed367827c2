import type { LedgerEntry } from './ledger';

/** The newest entries in memory, in order of their cut numbers, at most `capacity` of them. */
export class RecentEntries {
  /** The first `start` places are vacated; they are cut off now and then, so that adding costs no shift. */
  private entries: LedgerEntry[] = [];
  private start = 0;
  private droppedCut: number;

  /** Holds every entry above `after`, from the first one that is added. */
  constructor(
    private readonly capacity: number,
    after: number,
  ) {
    this.droppedCut = after;
  }

  /** Every entry above this cut number is here. */
  get completeAbove(): number {
    return this.droppedCut;
  }

  get last(): LedgerEntry | undefined {
    return this.entries.length > this.start ? this.entries.at(-1) : undefined;
  }

  add(entry: LedgerEntry): void {
    this.entries.push(entry);
    if (this.entries.length - this.start > this.capacity) this.drop(1);
  }

  /** At most `limit` entries above a cut number. */
  above(cut: number, limit: number): readonly LedgerEntry[] {
    const from = this.firstAbove(cut);
    return this.entries.slice(from, from + limit);
  }

  /** The newest entry at or before an instant. */
  at(epochMs: number): LedgerEntry | undefined {
    for (let index = this.entries.length - 1; index >= this.start; index -= 1) {
      const entry = this.entries[index];
      if (entry !== undefined && entry.cut.at <= epochMs) return entry;
    }
    return undefined;
  }

  dropBelow(cut: number): void {
    this.drop(this.firstAbove(cut - 1) - this.start);
  }

  private drop(count: number): void {
    const newest = this.entries[this.start + count - 1];
    if (count === 0 || newest === undefined) return;
    this.droppedCut = newest.cut.number;
    this.start += count;
    if (this.start <= this.capacity) return;
    this.entries = this.entries.slice(this.start);
    this.start = 0;
  }

  private firstAbove(cut: number): number {
    let low = this.start;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.entries[middle];
      if (entry !== undefined && entry.cut.number <= cut) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
