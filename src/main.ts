import 'reflect-metadata';
import type { ServeOptions, Serving } from './app/roles/serve-options';

/** What a process can be; each is loaded when it is asked for. */
const ROLES = new Map<string, (options: ServeOptions) => Promise<Serving>>([
  ['standalone', async (options) => (await import('./app/roles/standalone.role')).serveStandalone(options)],
  ['signer', async (options) => (await import('./app/roles/quorum-member.role')).serveSigner(options)],
  ['standby', async (options) => (await import('./app/roles/quorum-member.role')).serveStandby(options)],
  ['relayer', async (options) => (await import('./app/roles/relayer.role')).serveRelayer(options)],
]);

/** `assay serve`: does as its role until it is told to stop. */
export async function run(options: ServeOptions): Promise<void> {
  const serve = ROLES.get(options.role);
  if (serve === undefined) {
    throw new Error(`there is no role "${options.role}": --role is one of ${[...ROLES.keys()].join(', ')}`);
  }
  const service = await serve(options);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void service.stop());
}
