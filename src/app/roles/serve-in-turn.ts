import { HOUR_MS, type EpochMs } from '../../oracle/units/time';
import type { CancelTimer, Clock, Timers } from '../../platform/clock/clock';
import type { Serving } from './serve-options';

/** A timer holds no more than some weeks; the clock may be set in the meantime. */
const LONGEST_WAIT_MS = HOUR_MS;

export interface Turns {
  /** When the second takes its turn. */
  readonly at: EpochMs;
  readonly first: () => Promise<Serving>;
  readonly second: () => Promise<Serving>;
  /** The first has ended, and the second did not begin: nothing is served any more. */
  readonly failed: (error: unknown) => void;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** Serves one thing until an instant and another from then on; the first has ended when the second begins. */
export async function serveInTurn({ at, first, second, failed, clock, timers }: Turns): Promise<Serving> {
  if (clock.now() >= at) return second();
  let serving = Promise.resolve(await first());
  let cancel: CancelTimer;
  const goOver = async (before: Serving): Promise<Serving> => {
    await before.stop();
    return second();
  };
  const wait = (): void => {
    cancel = timers.arm(Math.min(at - clock.now(), LONGEST_WAIT_MS), () => {
      if (clock.now() < at) {
        wait();
        return;
      }
      serving = serving.then(goOver);
      serving.catch(failed);
    });
  };
  wait();
  return {
    stop: async () => {
      cancel();
      await serving.then(
        (one) => one.stop(),
        () => undefined,
      );
    },
  };
}
