import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { CutOutOfOrder } from '../../src/outbound/ledger/ledger';
import { LmdbLedger } from '../../src/outbound/ledger/lmdb-ledger';
import { MemoryLedger } from '../../src/outbound/ledger/memory-ledger';
import { loadKeccak } from '../../src/platform/keccak';
import { EntryBuilder, twoSourcesEach } from '../support/ledger-entries';
import { describeLedgerContract } from './ledger-contract';

const directories: string[] = [];

afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true });
});

function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'assay-ledger-'));
  directories.push(directory);
  return directory;
}

describeLedgerContract(MemoryLedger.name, () => new MemoryLedger());
describeLedgerContract(LmdbLedger.name, () => LmdbLedger.open(emptyDirectory()));

describe(LmdbLedger.name, () => {
  test('goes on where another process closed it', async () => {
    const directory = emptyDirectory();
    const builder = new EntryBuilder(twoSourcesEach('BTC/USD', 'ETH/USD'), await loadKeccak());
    const first = await LmdbLedger.open(directory);
    const entry = builder.first(100, { stable: 1 });
    await first.append(entry);
    await first.close();

    const second = await LmdbLedger.open(directory);
    expect(await second.checkpoint()).toEqual(entry);
    await expect(second.append(builder.entry(100))).rejects.toThrow(CutOutOfOrder);
    await second.append(builder.entry(101));
    expect((await second.last())?.cut.number).toBe(101);
    expect((await second.at(1_005))?.cut.number).toBe(100);
    await second.close();
  });

  test('has everything that was acknowledged before its process was killed', async () => {
    const directory = emptyDirectory();
    const acknowledged = await appendAndKill(directory, 200);
    expect(acknowledged).toBeGreaterThanOrEqual(200);

    const ledger = await LmdbLedger.open(directory);
    const kept: number[] = [];
    for await (const { cut } of ledger.read(0)) kept.push(cut.number);
    const checkpoint = await ledger.checkpoint();
    await ledger.close();
    // The kill may fall between the commit of one more entry and its acknowledgement.
    expect(kept.length).toBeGreaterThanOrEqual(acknowledged);
    expect(kept).toEqual(kept.map((_, index) => index + 1));
    expect(checkpoint?.checkpoint).toEqual({ cut: kept.length });
  });
});

/** Resolves to the last cut that the child process saw acknowledged. */
async function appendAndKill(directory: string, afterCut: number): Promise<number> {
  const support = resolve(__dirname, '../support');
  const child = spawn(process.execPath, [
    '--require',
    resolve(__dirname, '../../scripts/typescript.cjs'),
    join(support, 'append-until-killed.ts'),
    directory,
  ]);
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  let last = 0;
  for await (const line of createInterface(child.stdout)) {
    last = Number(line);
    if (last === afterCut) child.kill('SIGKILL');
  }
  if (last < afterCut) throw new Error(`the child appended only ${last} entries: ${errors.join('')}`);
  return last;
}
