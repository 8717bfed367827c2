import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'writer.pid';

/** Lets go of the directory. */
export type ReleaseWriter = () => Promise<void>;

/**
 * Claims a ledger's directory for this process: two services that sign and append beside each other would publish two
 * truths under one sequence. The claim is a file with the process id. One that a crash left behind is taken over: its
 * process is gone, or, in a container where all are number 1, it is this one. Throws where the claim's process lives.
 */
export async function claimWriter(directory: string): Promise<ReleaseWriter> {
  const path = join(directory, FILE);
  await mkdir(directory, { recursive: true });
  if (!(await claim(path))) {
    const holder = Number(await readFile(path, 'utf8'));
    if (holder !== process.pid && isAlive(holder)) {
      throw new Error(
        `the ledger in ${directory} belongs to process ${holder}, which is running: stop it, choose another directory, ` +
          `or delete ${path} if that process is not a service of this ledger`,
      );
    }
    await rm(path);
    if (!(await claim(path))) throw new Error(`another process has just claimed the ledger in ${directory}`);
  }
  return () => rm(path, { force: true });
}

/** Whether the file is now ours; false where there is one. */
async function claim(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** A process of another user answers EPERM, and lives. */
function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
