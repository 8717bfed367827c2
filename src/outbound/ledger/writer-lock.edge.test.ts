import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimWriter } from './writer-lock';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'assay-writer-'));
});
afterEach(() => rm(directory, { recursive: true }));

const claimedBy = (pid: number | string): Promise<void> => writeFile(join(directory, 'writer.pid'), String(pid));

describe('claimWriter', () => {
  it('claims a directory that does not exist yet, and lets go of it', async () => {
    const fresh = join(directory, 'ledger');
    const release = await claimWriter(fresh);
    expect(await readFile(join(fresh, 'writer.pid'), 'utf8')).toBe(String(process.pid));
    await release();
    await expect(readFile(join(fresh, 'writer.pid'))).rejects.toThrow('ENOENT');
  });

  it('refuses a directory whose process is running, and says who and what to do', async () => {
    await claimedBy(process.ppid);
    await expect(claimWriter(directory)).rejects.toThrow(
      new RegExp(`belongs to process ${process.ppid}, which is running: stop it.*delete .*writer\\.pid`),
    );
    expect(await readFile(join(directory, 'writer.pid'), 'utf8')).toBe(String(process.ppid));
  });

  it('takes over from a process that is gone', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    await claimedBy(child.pid ?? 0);
    await claimWriter(directory);
    expect(await readFile(join(directory, 'writer.pid'), 'utf8')).toBe(String(process.pid));
  });

  it.each([
    ['its own number, as in a container that was killed', String(process.pid)],
    ['no number, as after a full disk', ''],
  ])('takes over a claim with %s', async (_reason, said) => {
    await claimedBy(said);
    await expect(claimWriter(directory)).resolves.toBeInstanceOf(Function);
  });
});
