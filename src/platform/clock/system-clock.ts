import type { CancelTimer, Clock, Timers } from './clock';

/** How fast the clock runs while the wall clock, set back, catches up with it. */
const CATCHING_UP_RATE = 0.5;

/** `setTimeout` fires at once beyond this: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * A clock that follows the wall and never goes back. When the wall is set back it neither follows nor stands still
 * (ages must go on growing, or nothing would become stale): it runs at half speed until the wall has caught up.
 */
export function createClock(wallMs: () => number, elapsedMs: () => number): Clock {
  let last = wallMs();
  let lastElapsed = elapsedMs();
  return {
    now() {
      const elapsed = elapsedMs();
      const wall = wallMs();
      last = wall >= last ? wall : last + (elapsed - lastElapsed) * CATCHING_UP_RATE;
      lastElapsed = elapsed;
      return last;
    },
  };
}

export const systemClock: Clock = createClock(
  () => Date.now(),
  () => performance.now(),
);

export const systemTimers: Timers = {
  arm(delayMs: number, fire: () => void): CancelTimer {
    if (!(delayMs <= MAX_DELAY_MS)) {
      throw new RangeError(`a delay of ${delayMs} ms is beyond ${MAX_DELAY_MS} ms, about 24 days; arm a nearer timer`);
    }
    const timer = setTimeout(fire, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};
