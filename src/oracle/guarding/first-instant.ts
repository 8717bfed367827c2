import { TICK_MS, type EpochMs } from '../units/time';

/**
 * When something that only grows with time will first hold, to the tick: after `from`, where it does not hold yet, and
 * before `until`; Infinity where not by then.
 */
export function firstInstant(holds: (at: EpochMs) => boolean, from: EpochMs, until: EpochMs): EpochMs {
  if (!(until > from) || !holds(until)) return Infinity;
  let [before, after] = [from, until];
  while (after - before > TICK_MS) {
    const middle = before + (after - before) / 2;
    if (holds(middle)) after = middle;
    else before = middle;
  }
  return after;
}
