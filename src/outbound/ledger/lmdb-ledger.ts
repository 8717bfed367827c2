import type { Database, RangeOptions, RootDatabase } from 'lmdb';
import type { Cut } from '../../oracle/cut';
import type { RiskModels } from '../../oracle/risk-past';
import { cutNumberAt } from '../../oracle/units/time';
import { CutOutOfOrder, type Ledger, type LedgerEntry } from './ledger';
import { packMatrices, type StoredRisk, unpackMatrices } from './matrix-bytes';
import { Arrivals, readShelf, tailShelf } from './reading';
import { RecentEntries } from './recent-entries';
import { packVerdicts, unpackVerdicts } from './verdict-bytes';

/** Served from memory to tails, which then cost no decoding: some seconds of cuts, less than 5 MB. */
const RECENT = 1_024;

/** Keys removed in one transaction by `forget`. */
const FORGET_BATCH = 1_000;

/** The shared structures store each shape of object once instead of with every entry. */
const ENTRIES = { name: 'entries', sharedStructuresKey: Symbol.for('structures') };

const NEWEST = 'newest';

interface Checkpoint {
  readonly cut: number;
  readonly state: unknown;
}

/** An entry as MessagePack holds it: verdicts and matrices as bytes, no checkpoint and no models. */
type StoredEntry = Omit<LedgerEntry, 'cut' | 'checkpoint' | 'models'> & {
  readonly cut: Omit<Cut, 'verdicts' | 'risk'> & { readonly verdicts: Uint8Array; readonly risk?: StoredRisk };
};

/** As much of a database of LMDB as is used here. */
type Table<Value, Key extends number | string> = Pick<
  Database<Value, Key>,
  'get' | 'getKeys' | 'getRange' | 'put' | 'remove'
>;

/**
 * The embedded ledger: one LMDB environment in a directory, entries keyed by cut number, encoded as MessagePack.
 *
 * `append` resolves when LMDB has committed: the pages are the operating system's and the entry survives a crash or a
 * kill of this process. They reach the disk (fsync) in the background a moment later; should the machine itself lose
 * power within that moment, LMDB opens at the last transaction that was flushed, whole, with the newest entries missing.
 * `close` waits for the disk.
 */
export class LmdbLedger implements Ledger {
  readonly arrivals = new Arrivals();
  closed = false;
  forgottenThrough = 0;
  private readonly recent: RecentEntries;
  private lastCut: number;
  /** Settles when all appends so far have: entries become readable in their order. */
  private settled: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly environment: Pick<RootDatabase, 'close' | 'flushed'>,
    private readonly entries: Table<StoredEntry, number>,
    /** Holds one value: the newest checkpoint, kept apart because states are large and only the newest is of use. */
    private readonly checkpoints: Table<Checkpoint, string>,
    /** By key, as the bytes of little-endian float64: of each the newest alone is of use. */
    private readonly savedModels: Table<Uint8Array, string>,
  ) {
    this.lastCut = first(entries.getKeys({ reverse: true, limit: 1 })) ?? 0;
    this.recent = new RecentEntries(RECENT, this.lastCut);
  }

  /** Creates the directory if there is none. Only one process may append to it at a time: `claimWriter` sees to that. */
  static async open(directory: string): Promise<LmdbLedger> {
    // Loaded on demand: the binary takes some 20 ms, which a run without a data directory need not spend.
    const { open } = await import('lmdb');
    const root = open({ path: directory, maxDbs: 3 });
    return new LmdbLedger(
      root,
      root.openDB<StoredEntry, number>(ENTRIES),
      root.openDB<Checkpoint, string>({ name: 'checkpoints' }),
      root.openDB<Uint8Array, string>({ name: 'models', encoding: 'binary' }),
    );
  }

  async append(entry: LedgerEntry): Promise<void> {
    const cut = entry.cut.number;
    if (this.closed) throw new Error(`cut ${cut} was appended to a closed ledger`);
    if (cut <= this.lastCut) throw new CutOutOfOrder(cut, this.lastCut);
    this.lastCut = cut;
    const { checkpoint, models = [], ...rest } = entry;
    // Writes of one turn of the event loop are one transaction: an entry never survives without its checkpoint.
    const writes = [this.entries.put(cut, stored(rest))];
    if (checkpoint !== undefined) writes.push(this.checkpoints.put(NEWEST, { cut, state: checkpoint }));
    for (const [key, model] of models) writes.push(this.savedModels.put(key, Buffer.from(model.buffer)));
    const readable = Promise.all([this.settled, ...writes]).then(() => {
      this.recent.add(rest);
      this.arrivals.announce();
    });
    this.settled = readable.catch(() => undefined);
    return readable;
  }

  async last(): Promise<LedgerEntry | undefined> {
    return this.recent.last ?? first(this.kept({ reverse: true, limit: 1 }));
  }

  async at(epochMs: number): Promise<LedgerEntry | undefined> {
    // A cut number is a whole tick: the entry of the instant's own tick may lie some milliseconds after it.
    const candidates = this.kept({ start: cutNumberAt(epochMs), reverse: true, limit: 2 });
    return candidates.find(({ cut }) => cut.at <= epochMs);
  }

  async checkpoint(): Promise<LedgerEntry | undefined> {
    const newest = this.checkpoints.get(NEWEST);
    const entry = newest && this.entries.get(newest.cut);
    return entry && { ...restored(entry), checkpoint: newest.state };
  }

  async models(): Promise<RiskModels> {
    const models = Array.from(this.savedModels.getRange(), ({ key, value }): [string, Float64Array] => {
      return [key, new Float64Array(Uint8Array.from(value).buffer)];
    });
    return new Map(models);
  }

  tail(afterCut: number, signal: AbortSignal): AsyncIterable<LedgerEntry> {
    return tailShelf(this, afterCut, signal);
  }

  read(afterCut: number): AsyncIterable<LedgerEntry> {
    return readShelf(this, afterCut);
  }

  async forget(beforeMs: number): Promise<void> {
    const end = Math.min(cutNumberAt(beforeMs), this.checkpoints.get(NEWEST)?.cut ?? Infinity, this.lastCut);
    for (;;) {
      if (this.closed) return;
      const keys = Array.from(this.entries.getKeys({ end, limit: FORGET_BATCH }));
      const newest = keys.at(-1);
      if (newest === undefined) return;
      this.forgottenThrough = newest;
      await Promise.all(keys.map((key) => this.entries.remove(key)));
    }
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.arrivals.announce();
    await this.settled;
    await this.environment.flushed;
    await this.environment.close();
  }

  above(cut: number, limit: number): readonly LedgerEntry[] {
    if (cut >= this.recent.completeAbove) return this.recent.above(cut, limit);
    return this.kept({ start: cut + 1, limit });
  }

  private kept(range: RangeOptions): LedgerEntry[] {
    return Array.from(this.entries.getRange(range), ({ value }) => restored(value));
  }
}

function stored(entry: Omit<LedgerEntry, 'checkpoint' | 'models'>): StoredEntry {
  const { verdicts, risk, ...cut } = entry.cut;
  const packed = { ...cut, verdicts: packVerdicts(verdicts), ...(risk && { risk: packMatrices(risk) }) };
  return { ...entry, cut: packed };
}

function restored(entry: StoredEntry): LedgerEntry {
  const { verdicts, risk, ...cut } = entry.cut;
  const unpacked = { ...cut, verdicts: unpackVerdicts(verdicts), ...(risk && { risk: unpackMatrices(risk) }) };
  return { ...entry, cut: unpacked };
}

function first<T>(range: Iterable<T>): T | undefined {
  for (const item of range) return item;
  return undefined;
}
