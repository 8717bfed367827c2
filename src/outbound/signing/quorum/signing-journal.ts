import type { Vote } from './statements';

/** What a key is bound by. */
export interface Spoken {
  /** The highest cut that was claimed; -Infinity for none. */
  readonly claimed: number;
  readonly vote: Vote | undefined;
}

/** Remembers, beyond a crash, how far a key has spoken and what it signed last, so that it says no two things. */
export interface SigningJournal {
  /**
   * Whether this process may speak of a cut: not where it has spoken of a higher one, nor where an earlier process of the
   * same key claimed this very one or a higher. The claim is on disk when this returns.
   */
  claim(cut: number): boolean;
  /** Has a vote on disk when it returns, in place of the one before; and with it, which spares a write, the next claim. */
  keep(vote: Vote, nextCut: number): void;
  /** Of earlier processes. A vote that is not here was told to nobody. */
  readonly before: Spoken;
}

/** A journal that ends with the process: for tests, and for who signs nothing. */
export class MemoryJournal implements SigningJournal {
  private now: Spoken;
  private lastCut = -Infinity;

  constructor(readonly before: Spoken = { claimed: -Infinity, vote: undefined }) {
    this.now = before;
  }

  get spoken(): Spoken {
    return this.now;
  }

  /** The highest cut that was claimed. */
  get last(): number {
    return this.now.claimed;
  }

  claim(cut: number): boolean {
    if (cut <= this.before.claimed || cut < this.lastCut) return false;
    this.lastCut = cut;
    if (cut > this.now.claimed) this.now = { ...this.now, claimed: cut };
    return true;
  }

  keep(vote: Vote, nextCut: number): void {
    this.now = { vote, claimed: Math.max(this.now.claimed, nextCut) };
  }
}
