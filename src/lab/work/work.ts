import { playSeed, type SeedOptions, type SeedScores } from '../run/lab';
import { push, type Push, type PushOptions } from '../run/manipulator';
import { pythStretches, type StretchOptions } from '../run/stretch';

/** What can be done apart from everything else, by a worker or here: plain data in, plain data out. */
export interface Work {
  readonly seed: { readonly asked: SeedOptions; readonly done: SeedScores };
  readonly stretch: { readonly asked: StretchOptions; readonly done: readonly number[] };
  readonly push: { readonly asked: PushOptions; readonly done: readonly Push[] };
}

export type Kind = keyof Work;

const PERFORM: { readonly [K in Kind]: (asked: Work[K]['asked']) => Work[K]['done'] } = {
  seed: playSeed,
  stretch: pythStretches,
  push,
};

export function perform<K extends Kind>(kind: K, asked: Work[K]['asked']): Work[K]['done'] {
  return PERFORM[kind](asked);
}
