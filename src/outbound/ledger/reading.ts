import { setImmediate } from 'node:timers/promises';
import { EntriesForgotten, type LedgerEntry } from './ledger';

/** What a ledger offers to the readers in this file. */
export interface Shelf {
  /** At most `limit` kept entries above a cut number, in order. */
  above(cut: number, limit: number): readonly LedgerEntry[];
  /** The highest cut number that has been forgotten since the ledger was opened. */
  readonly forgottenThrough: number;
  readonly closed: boolean;
  readonly arrivals: Arrivals;
}

/** Entries taken at once; between two such batches other work has its turn. */
const BATCH = 64;

/** Entries kept above a cut number, then the end. */
export async function* readShelf(shelf: Shelf, afterCut: number): AsyncGenerator<LedgerEntry, void> {
  let position = Math.max(afterCut, shelf.forgottenThrough);
  while (!shelf.closed) {
    const batch = take(shelf, position);
    for (const entry of batch) yield entry;
    const last = batch.at(-1);
    if (last === undefined) return;
    position = last.cut.number;
    await setImmediate();
  }
}

/**
 * Entries kept above a cut number, then each new one. There is no instant between reading and waiting at which an entry
 * could slip through: looking at the shelf and beginning to wait happen in one go.
 */
export async function* tailShelf(
  shelf: Shelf,
  afterCut: number,
  signal: AbortSignal,
): AsyncGenerator<LedgerEntry, void> {
  let position = Math.max(afterCut, shelf.forgottenThrough);
  const ended = () => signal.aborted || shelf.closed;
  while (!ended()) {
    const batch = take(shelf, position);
    for (const entry of batch) {
      if (ended()) return;
      position = entry.cut.number;
      yield entry;
    }
    if (batch.length === 0) await shelf.arrivals.next(signal);
    else if (batch.length === BATCH) await setImmediate();
  }
}

function take(shelf: Shelf, position: number): readonly LedgerEntry[] {
  if (position < shelf.forgottenThrough) throw new EntriesForgotten(position, shelf.forgottenThrough);
  return shelf.above(position, BATCH);
}

/** Wakes the readers who wait for the next entry. */
export class Arrivals {
  private waiting: (() => void)[] = [];

  announce(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const wake of waiting) wake();
  }

  /** Resolves at the next announcement or when the signal aborts. */
  next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        signal.removeEventListener('abort', wake);
        resolve();
      };
      signal.addEventListener('abort', wake);
      this.waiting.push(wake);
    });
  }
}
