import type { Clock, Timers } from '../../src/platform/clock/clock';

export interface ClockUnderTest {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Resolves when at least this much of the clock's time has passed. */
  pass(ms: number): Promise<void>;
}

/** What the real clock and timers, and the fake that tests steer, both promise. */
export function describeClockContract(name: string, make: () => ClockUnderTest): void {
  describe(`${name}, by the contract of Clock and Timers`, () => {
    let subject: ClockUnderTest;
    let fired: string[];
    const fire = (mark: string) => () => {
      fired.push(mark);
    };

    beforeEach(() => {
      subject = make();
      fired = [];
    });

    test('moves forward with time', async () => {
      const before = subject.clock.now();
      await subject.pass(5);
      expect(subject.clock.now()).toBeGreaterThan(before);
    });

    test('tells epoch milliseconds, not seconds or a monotonic origin of its own', () => {
      expect(subject.clock.now()).toBeGreaterThan(1_500_000_000_000);
      expect(subject.clock.now()).toBeLessThan(5_000_000_000_000);
    });

    test('never fires before arm has returned, not even without a delay', async () => {
      subject.timers.arm(0, fire('due'));
      expect(fired).toEqual([]);
      await subject.pass(5);
      expect(fired).toEqual(['due']);
    });

    test('takes a delay below zero for none, since a late caller computes one', async () => {
      subject.timers.arm(-5, fire('late'));
      await subject.pass(5);
      expect(fired).toEqual(['late']);
    });

    test('fires by delay, and in the order of arming where delays are equal', async () => {
      subject.timers.arm(9, fire('later'));
      subject.timers.arm(3, fire('first'));
      subject.timers.arm(3, fire('second'));
      await subject.pass(20);
      expect(fired).toEqual(['first', 'second', 'later']);
    });

    test('does not fire what was cancelled, and lets a timer be cancelled twice or after it fired', async () => {
      const cancel = subject.timers.arm(1, fire('cancelled'));
      const cancelLate = subject.timers.arm(1, fire('fired'));
      cancel();
      cancel();
      await subject.pass(10);
      cancelLate();
      expect(fired).toEqual(['fired']);
    });

    test('fires what a timer armed', async () => {
      subject.timers.arm(1, () => subject.timers.arm(1, fire('nested')));
      await subject.pass(20);
      expect(fired).toEqual(['nested']);
    });
  });
}
