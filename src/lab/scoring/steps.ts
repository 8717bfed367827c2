import { SAMPLE_MS, type Tape, type Track } from '../run/tape';

/** The truth went further than this between two samples: no diffusion does. */
const STEP_SHARE = 0.003;
const WAIT_SAMPLES = 5_000 / SAMPLE_MS;
/** A price that never comes. */
const NEVER_MS = 10_000;

/** How a rule followed each jump of the truth, in milliseconds. */
export interface Steps {
  /** Until the price had made half of the jump, less the time until most of the honest weight showed it. */
  readonly behindMs: readonly number[];
  /** Until it had made a half and nine tenths of the jump, from the jump itself. */
  readonly t50Ms: readonly number[];
  readonly t90Ms: readonly number[];
}

export function measureSteps(tape: Tape, track: Track): Steps {
  const at = stepsOf(tape.truth);
  const until = (index: number): number => Math.min(tape.count, index + WAIT_SAMPLES, nextAfter(at, index));
  const reach = (index: number, share: number): number => {
    const [before, after] = [tape.truth[index - 1], tape.truth[index]] as [number, number];
    return first(index, until(index), (j) => ((track.price[j] as number) - before) / (after - before) >= share);
  };
  const shown = (index: number): number =>
    first(index, until(index), (j) => (j - index) * SAMPLE_MS >= (tape.majorityLagMs[j] as number));
  return {
    behindMs: at.map((index) => Math.max(0, reach(index, 0.5) - shown(index))),
    t50Ms: at.map((index) => reach(index, 0.5)),
    t90Ms: at.map((index) => reach(index, 0.9)),
  };
}

function stepsOf(truth: Float64Array): number[] {
  const steps: number[] = [];
  for (let index = 1; index < truth.length; index++) {
    if (Math.abs((truth[index] as number) / (truth[index - 1] as number) - 1) >= STEP_SHARE) steps.push(index);
  }
  return steps;
}

function nextAfter(steps: readonly number[], index: number): number {
  return steps.find((step) => step > index) ?? Infinity;
}

/** Milliseconds from a sample to the first that satisfies. */
function first(from: number, until: number, holds: (index: number) => boolean): number {
  for (let index = from; index < until; index++) if (holds(index)) return (index - from) * SAMPLE_MS;
  return NEVER_MS;
}
