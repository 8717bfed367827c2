/** A ratio over paired rounds. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted.length >> 1;
  const high = sorted[upper] ?? NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[upper - 1] ?? NaN) + high) / 2;
}

/** Milliseconds that `work` takes. */
export function timed(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

/** Something to be timed again and again. */
export interface Work {
  /** Runs before each time, untimed. */
  readonly prepare: () => void;
  readonly run: () => void;
}

/**
 * Times several works in turn, each turn beginning with another, so that what slows the machine down slows all of
 * them. Returns for each round every work's median time, in milliseconds.
 */
export function interleave(works: readonly Work[], rounds: number, turns: number): number[][] {
  return Array.from({ length: rounds }, () => {
    const times = works.map((): number[] => []);
    for (let turn = 0; turn < turns; turn++) {
      for (let place = 0; place < works.length; place++) {
        const which = (turn + place) % works.length;
        const { prepare, run } = works[which] as Work;
        prepare();
        (times[which] as number[]).push(timed(run));
      }
    }
    return times.map(median);
  });
}

/** What is asked of a ratio: it must not exceed the floor, and should not exceed the aim. */
export interface Target {
  readonly floor: number;
  readonly aim: number;
}

export interface Row {
  readonly bench: string;
  readonly what: string;
  /** Of the time of the limit. */
  readonly ratio: Spread;
  /** Absent in a row that only informs. */
  readonly target?: Target;
  /** Median time of one, in microseconds: of this run on this machine only. */
  readonly micros: number;
  readonly limitMicros: number;
}
