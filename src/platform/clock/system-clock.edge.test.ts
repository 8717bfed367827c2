import { describeClockContract } from '../../../test/contract/clock-contract';
import { systemClock, systemTimers } from './system-clock';

describeClockContract('systemClock and systemTimers', () => ({
  clock: systemClock,
  timers: systemTimers,
  async pass(ms) {
    const until = systemClock.now() + ms;
    while (systemClock.now() <= until) await new Promise((resolve) => setTimeout(resolve, ms));
  },
}));
