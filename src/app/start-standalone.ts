import { StandaloneModule, type StandaloneOptions } from './standalone.module';
import { startApplication, type RunningService } from './start-application';

export type { RunningService } from './start-application';

/** Starts every room of one process and listens. Rejects, with nothing left running, where the options do not allow it. */
export function startStandalone(
  options: StandaloneOptions,
  listen: { readonly host: string; readonly port: number },
): Promise<RunningService> {
  return startApplication((parts) => StandaloneModule.register(options, parts), options, listen);
}
