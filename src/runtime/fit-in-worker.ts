import { once } from 'node:events';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { GarchFit } from '../oracle/risk/garch';

/** As this file is: compiled, or as written under a loader that workers inherit. */
const WORKER = join(__dirname, `fit-worker${extname(__filename)}`);

/** `fitGarch` of each series, one after another on a thread of its own. Rejects with what the thread died of. */
export async function fitInWorker(series: readonly Float64Array[]): Promise<GarchFit[]> {
  const worker = new Worker(WORKER);
  try {
    const fits: GarchFit[] = [];
    for (const returns of series) {
      worker.postMessage(returns);
      const [fit] = (await once(worker, 'message')) as [GarchFit];
      fits.push(fit);
    }
    return fits;
  } finally {
    await worker.terminate();
  }
}
