import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What the collector's own bookkeeping may differ by between two looks at the heap. */
const MAX_GROWTH_BYTES = 1024 * 1024;

/** The heap after a collection, at a quarter, a half and the whole of a run. */
export interface HeapGrowth {
  readonly observations: number;
  readonly usedBytes: readonly [quarter: number, half: number, whole: number];
  /** From the quarter to the whole; a run whose state is bounded does not grow. */
  readonly grownBytes: number;
  readonly limitBytes: number;
}

/** Repeats `step`, which returns how many observations it made, until there are as many as asked for. */
export function heapGrowth(observations: number, step: () => number): HeapGrowth {
  const collect = collector();
  let made = 0;
  const [quarter, half, whole] = [0.25, 0.5, 1].map((share) => {
    while (made < share * observations) made += step();
    collect();
    return process.memoryUsage().heapUsed;
  }) as [number, number, number];
  return {
    observations: made,
    usedBytes: [quarter, half, whole],
    grownBytes: whole - quarter,
    limitBytes: MAX_GROWTH_BYTES,
  };
}

/** `global.gc` without the process having been started for it. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
