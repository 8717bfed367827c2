import { once } from 'node:events';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { perform, type Kind, type Work } from './work';
import type { Answer, Order } from './worker';

/** As this file is: compiled, or as written under a loader that workers inherit. */
const WORKER = join(__dirname, `worker${extname(__filename)}`);

/** Does work on several threads; answers come in the order in which they were asked for, whoever was first. */
export class Workers {
  private readonly idle: Worker[];
  private readonly all: readonly Worker[];

  /** Of one job nothing is gained by a thread: it is done here. */
  constructor(jobs: number) {
    this.all = Array.from({ length: jobs > 1 ? jobs : 0 }, () => new Worker(WORKER));
    this.idle = [...this.all];
  }

  async perform<K extends Kind>(kind: K, asked: readonly Work[K]['asked'][]): Promise<Work[K]['done'][]> {
    if (this.all.length === 0) return asked.map((each) => perform(kind, each));
    const done: Work[K]['done'][] = [];
    const waiting = [...asked.entries()];
    await Promise.all(
      this.idle.splice(0).map(async (worker) => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          done[next[0]] = await ask(worker, { kind, asked: next[1] });
        }
        this.idle.push(worker);
      }),
    );
    return done;
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((worker) => worker.terminate()));
  }
}

/** @throws Error with what the worker said, also where it died */
async function ask<K extends Kind>(worker: Worker, order: Order<K>): Promise<Work[K]['done']> {
  worker.postMessage(order);
  const [answer] = (await once(worker, 'message')) as [Answer];
  if ('failed' in answer) throw new RangeError(answer.failed);
  return answer.done;
}
