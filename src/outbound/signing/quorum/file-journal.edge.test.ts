import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileJournal } from './file-journal';

describe('FileJournal', () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'assay-journal-'));
    path = join(directory, 'key', 'signing.journal');
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const claims = (cuts: readonly number[]): boolean[] => {
    const journal = FileJournal.open(path);
    const answers = cuts.map((cut) => journal.claim(cut));
    journal.close();
    return answers;
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
    const journal = FileJournal.open(path);
    journal.claim(77);
    expect(readFileSync(path).readBigUInt64BE()).toBe(77n);
    journal.close();
  });

  it('survives a record that a crash tore, by the one before', () => {
    claims([100, 120]);
    const bytes = readFileSync(path);
    bytes.fill(0xff, 12, 16);
    writeFileSync(path, bytes);
    expect(claims([100, 120])).toEqual([false, true]);
  });

  it.each([
    ['noise', (file: string) => writeFileSync(file, 'x'.repeat(24))],
    ['a stump', (file: string) => truncateSync(file, 5)],
  ])('refuses %s: a key that forgot how far it spoke might speak twice', (_what, spoil) => {
    claims([100]);
    spoil(path);
    expect(() => FileJournal.open(path)).toThrow(`the signing journal ${path} cannot be read`);
  });
});
