import fs, { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileJournal } from './file-journal';
import type { Spoken } from './signing-journal';
import type { Vote } from './statements';

const BLOCK = 4_096;

function voteOf(cut: number): Vote {
  const hash = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
  const roots = { root: hash(1), riskRoot: hash(2), packedRoot: hash(3), configHash: hash(4) };
  const header = { cut, ...roots, signerEpoch: 5, validUntil: cut * 10 + 3_000 };
  return { header, signature: new Uint8Array(65).fill(cut % 251) };
}

describe('FileJournal', () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'assay-journal-'));
    path = join(directory, 'key', 'signing.journal');
  });
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(directory, { recursive: true });
  });

  const withJournal = <T>(use: (journal: FileJournal) => T): T => {
    const journal = FileJournal.open(path);
    try {
      return use(journal);
    } finally {
      journal.close();
    }
  };
  const claims = (cuts: readonly number[]): boolean[] =>
    withJournal((journal) => cuts.map((cut) => journal.claim(cut)));
  const kept = (): Spoken => withJournal(({ before }) => before);
  /** Destroys the record of the newest write, or of the one before. */
  const tear = (which: 0 | 1): void => {
    const bytes = readFileSync(path);
    bytes.fill(0xff, which * BLOCK + 4, which * BLOCK + 8);
    writeFileSync(path, bytes);
  };

  it('lets one process speak of a cut more than once, and of none below', () => {
    expect(claims([100, 100, 120, 100, 120])).toEqual([true, true, true, false, true]);
  });

  it('lets the next process speak of no cut that the one before claimed', () => {
    for (const last of [120, 140, 160, 180]) {
      claims([last]);
      expect(claims([last - 20, last])).toEqual([false, false]);
    }
    expect(claims([200])).toEqual([true]);
  });

  it('has the number on disk when it answers', () => {
    withJournal((journal) => {
      journal.claim(77);
      expect(readFileSync(path).readBigUInt64BE()).toBe(77n);
    });
  });

  it('gives the next process the last vote, and the claim that went with it', () => {
    expect(kept()).toEqual({ claimed: -Infinity, vote: undefined });
    for (const cut of [100, 120, 140]) {
      withJournal((journal) => {
        journal.claim(cut);
        journal.keep(voteOf(cut), cut + 10);
      });
      expect(kept()).toEqual({ claimed: cut + 10, vote: voteOf(cut) });
    }
    expect(claims([150, 160])).toEqual([false, true]);
    expect(kept()).toEqual({ claimed: 160, vote: voteOf(140) });
  });

  it('is written once a cut while every cut is voted on', () => {
    const force = jest.spyOn(fs, 'fdatasyncSync');
    withJournal((journal) => {
      journal.claim(100);
      for (let cut = 100; cut < 200; cut += 10) {
        expect(journal.claim(cut)).toBe(true);
        journal.keep(voteOf(cut), cut + 10);
      }
    });
    expect(force).toHaveBeenCalledTimes(1 + 10);
  });

  it('survives a record that a crash tore, by the one before', () => {
    withJournal((journal) => {
      journal.claim(100);
      journal.keep(voteOf(100), 120);
    });
    tear(1);
    expect(kept()).toEqual({ claimed: 100, vote: undefined });
    withJournal((journal) => {
      expect(journal.claim(120)).toBe(true);
      journal.keep(voteOf(120), 140);
    });
    tear(0);
    expect(kept()).toEqual({ claimed: 120, vote: undefined });
  });

  it.each([
    ['noise', (file: string) => writeFileSync(file, 'x'.repeat(2 * BLOCK))],
    ['a stump', (file: string) => truncateSync(file, 5)],
  ])('refuses %s: a key that forgot how far it spoke might speak twice', (_what, spoil) => {
    claims([100]);
    spoil(path);
    expect(() => FileJournal.open(path)).toThrow(`the signing journal ${path} cannot be read`);
  });
});
