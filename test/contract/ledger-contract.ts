import { setImmediate } from 'node:timers/promises';
import { CutOutOfOrder, EntriesForgotten, type Ledger, type LedgerEntry } from '../../src/outbound/ledger/ledger';
import { loadKeccak } from '../../src/platform/keccak';
import { plainRisk } from '../support/arbitrary-risk';
import { EntryBuilder, twoSourcesEach } from '../support/ledger-entries';

/** The words of the port, held against an implementation that `open` creates empty. */
export function describeLedgerContract(name: string, open: () => Ledger | Promise<Ledger>): void {
  describe(name, () => {
    let ledger: Ledger;
    let builder: EntryBuilder;
    let abort: AbortController;

    beforeEach(async () => {
      ledger = await open();
      builder = new EntryBuilder(twoSourcesEach('BTC/USD', 'ETH/USD'), await loadKeccak());
      abort = new AbortController();
    });

    afterEach(async () => {
      abort.abort();
      await ledger.close();
    });

    const append = async (...cuts: number[]) => {
      for (const cut of cuts) await ledger.append(builder.entry(cut, { prices: { 'BTC/USD': 10_000 + cut } }));
    };
    const tail = (after = 0) => ledger.tail(after, AbortSignal.any([abort.signal]))[Symbol.asyncIterator]();
    const cutsOf = async (entries: AsyncIterable<LedgerEntry>) => {
      const cuts: number[] = [];
      for await (const { cut } of entries) cuts.push(cut.number);
      return cuts;
    };
    const take = async (entries: AsyncIterator<LedgerEntry, unknown>, count: number) => {
      const cuts: number[] = [];
      while (cuts.length < count) {
        const next = await entries.next();
        if (next.done === true) break;
        cuts.push(next.value.cut.number);
      }
      return cuts;
    };

    test('is empty at first', async () => {
      expect(await ledger.last()).toBeUndefined();
      expect(await ledger.at(1_700_000_000_000)).toBeUndefined();
      expect(await ledger.checkpoint()).toBeUndefined();
      expect(await cutsOf(ledger.read(0))).toEqual([]);
    });

    test('gives back what was appended, bytes, absent figures and NaN included', async () => {
      const entry = builder.first(170_000_000_000);
      await ledger.append(entry);
      expect(await ledger.last()).toEqual(entry);
      for await (const read of ledger.read(0)) expect(read).toEqual(entry);
      const { value } = await tail().next();
      expect(value).toEqual(entry);
    });

    test('gives risk back, its matrices to the bit', async () => {
      const entry = builder.entry(170_000_000_000, { risk: plainRisk(170_000_000_000) });
      await ledger.append(entry);
      for await (const read of ledger.read(0)) expect(read).toEqual(entry);
      for await (const { cut } of ledger.read(0)) expect(cut.risk?.dependence?.stress).toBeInstanceOf(Float64Array);
    });

    test.each([[100], [99]])('refuses cut %d after cut 100, and goes on', async (cut) => {
      await append(100);
      await expect(append(cut)).rejects.toThrow(CutOutOfOrder);
      await expect(append(cut)).rejects.toThrow(`cut ${cut} is not above 100`);
      await append(101);
      expect(await cutsOf(ledger.read(0))).toEqual([100, 101]);
    });

    test('keeps the order of appends that do not wait for each other', async () => {
      const read = take(tail(), 50);
      const cuts = Array.from({ length: 50 }, (_, index) => 100 + index);
      await Promise.all(cuts.map((cut) => append(cut)));
      expect(await read).toEqual(cuts);
    });

    test('finds the newest entry at or before an instant', async () => {
      await append(100, 200, 300);
      const found = async (epochMs: number) => (await ledger.at(epochMs))?.cut.number;
      expect(await Promise.all([999, 1_000, 1_999, 2_000.5, 9_999].map(found))).toEqual([
        undefined,
        100,
        100,
        200,
        300,
      ]);
    });

    test('does not find an entry that lies in the tick of the instant but after it', async () => {
      await append(100);
      const entry = builder.entry(200);
      await ledger.append({ ...entry, cut: { ...entry.cut, at: 2_007.5 } });
      expect((await ledger.at(2_007.25))?.cut.number).toBe(100);
      expect((await ledger.at(2_007.5))?.cut.number).toBe(200);
    });

    test('reads from above a cut number to the end', async () => {
      await append(100, 200, 300);
      expect(await cutsOf(ledger.read(100))).toEqual([200, 300]);
      expect(await cutsOf(ledger.read(150))).toEqual([200, 300]);
      expect(await cutsOf(ledger.read(300))).toEqual([]);
    });

    test('keeps only the newest checkpoint, and gives it back with its entry', async () => {
      const state = { stable: [1.5, 2], since: 1_700_000_000_000, nothing: null };
      await ledger.append(builder.first(100, { old: true }));
      await ledger.append(builder.first(200, state));
      await append(300);
      const entry = await ledger.checkpoint();
      expect([entry?.cut.number, entry?.checkpoint]).toEqual([200, state]);
      for await (const read of ledger.read(0)) expect(read).not.toHaveProperty('checkpoint');
    });

    test('keeps the newest model of each key, to the bit, and no other read returns one', async () => {
      expect(await ledger.models()).toEqual(new Map());
      const old = new Map([['BTC/USD v1', Float64Array.of(1, NaN)]]);
      const both = new Map([
        ['BTC/USD v1', Float64Array.of(2, -0)],
        ['ETH/USD v1', Float64Array.of(0.1, Infinity)],
      ]);
      await ledger.append({ ...builder.first(100, { at: 100 }), models: old });
      await ledger.append({ ...builder.first(200, { at: 200 }), models: both });
      await append(300);
      await ledger.forget(4_000);
      expect(await ledger.models()).toEqual(both);
      expect(await ledger.checkpoint()).not.toHaveProperty('models');
      for await (const read of ledger.read(0)) expect(read).not.toHaveProperty('models');
    });

    describe('tail', () => {
      test('gives what is kept, then what comes, without gap or duplicate', async () => {
        await append(1, 2, 3);
        const entries = tail(1);
        const cuts = take(entries, 9);
        for (let cut = 4; cut <= 10; cut += 1) {
          await append(cut);
          if (cut % 3 === 0) await setImmediate();
        }
        expect(await cuts).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
      });

      test('misses nothing that is appended while it starts, wherever it starts', async () => {
        const reads: Promise<number[]>[] = [];
        for (let cut = 1; cut <= 30; cut += 1) {
          const appended = append(cut);
          reads.push(take(tail(), 30));
          await appended;
        }
        const all = Array.from({ length: 30 }, (_, index) => index + 1);
        for (const cuts of await Promise.all(reads)) expect(cuts).toEqual(all);
      });

      test('waits for a slow reader, who misses nothing', async () => {
        const entries = tail();
        const read: number[] = [];
        for (let cut = 1; cut <= 300; cut += 1) {
          await append(cut);
          if (cut % 10 === 0) read.push(...(await take(entries, 2)));
        }
        read.push(...(await take(entries, 240)));
        expect(read).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
      });

      test('tells a reader whose next entry is gone, instead of skipping it', async () => {
        await append(100, 200, 300);
        const entries = tail();
        expect(await take(entries, 1)).toEqual([100]);
        await append(400);
        await ledger.forget(4_000);
        expect(await take(entries, 2)).toEqual([200, 300]);
        await append(500, 600);
        await ledger.forget(6_000);
        await expect(entries.next()).rejects.toThrow(EntriesForgotten);
      });

      test('starts at what is kept where earlier entries were forgotten', async () => {
        await append(100, 200, 300);
        await ledger.forget(2_500);
        expect(await take(tail(), 1)).toEqual([300]);
      });

      test('ends when its signal aborts, waiting or not', async () => {
        await append(100, 200);
        const waiting = tail(200).next();
        const busy = tail();
        await busy.next();
        abort.abort();
        expect((await waiting).done).toBe(true);
        expect((await busy.next()).done).toBe(true);
        expect((await tail().next()).done).toBe(true);
      });

      test('ends when the ledger closes', async () => {
        await append(100);
        const waiting = tail(100).next();
        await ledger.close();
        expect((await waiting).done).toBe(true);
      });
    });

    describe('forget', () => {
      test('forgets what lies before an instant', async () => {
        await append(100, 200, 300, 400);
        await ledger.forget(3_000);
        expect(await cutsOf(ledger.read(0))).toEqual([300, 400]);
        expect(await ledger.at(2_500)).toBeUndefined();
      });

      test('never forgets the newest entry: its number must not come again', async () => {
        await append(100, 200);
        await ledger.forget(1e12);
        expect((await ledger.last())?.cut.number).toBe(200);
        await expect(append(200)).rejects.toThrow(CutOutOfOrder);
      });

      test('never forgets the newest checkpoint and what follows it', async () => {
        await append(100);
        await ledger.append(builder.first(200, { a: 1 }));
        await append(300, 400);
        await ledger.forget(1e12);
        expect(await cutsOf(ledger.read(0))).toEqual([200, 300, 400]);
        expect((await ledger.checkpoint())?.checkpoint).toEqual({ a: 1 });
      });
    });

    test('refuses to append once closed', async () => {
      await ledger.close();
      await expect(append(100)).rejects.toThrow('closed ledger');
      await ledger.close();
    });
  });
}
