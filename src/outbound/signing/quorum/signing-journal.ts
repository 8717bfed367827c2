/** Remembers, beyond a crash, how far a key has spoken, so that it speaks of no cut twice. */
export interface SigningJournal {
  /**
   * Whether this process may speak of a cut: not where it, or an earlier one of the same key, has claimed a higher one,
   * nor where an earlier process claimed this very one. It is on disk when this returns.
   */
  claim(cut: number): boolean;
  /** The highest cut that an earlier process claimed; -Infinity for none. */
  readonly before: number;
}

/** A journal that ends with the process: for tests. */
export class MemoryJournal implements SigningJournal {
  private claimed: number;

  /** @param before the highest cut that an earlier process claimed */
  constructor(readonly before = -Infinity) {
    this.claimed = before;
  }

  get last(): number {
    return this.claimed;
  }

  claim(cut: number): boolean {
    if (cut <= this.before || cut < this.claimed) return false;
    this.claimed = cut;
    return true;
  }
}
