import { parentPort } from 'node:worker_threads';
import { perform, type Kind, type Work } from './work';

/** What a worker is sent, and what it answers: the work, or why there is none. */
export interface Order<K extends Kind = Kind> {
  readonly kind: K;
  readonly asked: Work[K]['asked'];
}
export type Answer = { readonly done: Work[Kind]['done'] } | { readonly failed: string };

parentPort?.on('message', ({ kind, asked }: Order) => {
  parentPort?.postMessage(answerTo(kind, asked));
});

function answerTo(kind: Kind, asked: Work[Kind]['asked']): Answer {
  try {
    return { done: perform(kind, asked as never) };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}
