import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const ROOT = resolve(__dirname, '../..');

/** `assay …` as a process of its own, from the sources as they are: no build is needed, and none can be out of date. */
export function startAssay(args: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, ['--require', './scripts/typescript.cjs', 'src/cli.ts', ...args], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export interface Ended {
  readonly code: number | null;
  readonly printed: string;
  readonly complained: string;
}

/** Runs it to its end. */
export async function assay(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return ended(startAssay(args, environment));
}

/** Runs a script of ours, `client/examples/verify.mjs`, to its end. */
export async function script(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const options = { cwd: ROOT, env: { ...process.env, ...environment } };
  return ended(spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] }));
}

async function ended(child: ChildProcess): Promise<Ended> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the process has no pipes');
  const [printed, complained, [code]] = await Promise.all([text(stdout), text(stderr), once(child, 'close')]);
  return { code: code as number | null, printed, complained };
}
