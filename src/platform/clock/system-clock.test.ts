import { createClock, systemTimers } from './system-clock';

describe(createClock.name, () => {
  let wall = 0;
  let elapsed = 0;
  const steered = () =>
    createClock(
      () => wall,
      () => elapsed,
    );
  const pass = (wallMs: number, elapsedMs: number) => {
    wall += wallMs;
    elapsed += elapsedMs;
  };

  beforeEach(() => {
    wall = 1_700_000_000_000;
    elapsed = 0;
  });

  test('follows the wall', () => {
    const clock = steered();
    pass(1_500, 1_500);
    expect(clock.now()).toBe(1_700_000_001_500);
  });

  test('follows the wall at once where that is set forward', () => {
    const clock = steered();
    pass(3_600_000, 10);
    expect(clock.now()).toBe(1_700_003_600_000);
  });

  test('goes on at half speed while the wall, set back, catches up: nothing may stop becoming stale', () => {
    const clock = steered();
    pass(-1_000, 0);
    const told = [100, 100, 200, 1_800].map((ms) => {
      pass(ms, ms);
      return clock.now() - 1_700_000_000_000;
    });
    expect(told).toEqual([50, 100, 200, 1_200]);
  });

  test('never goes back, whatever the wall does', () => {
    const clock = steered();
    let last = clock.now();
    for (const step of [5, -20, 1, 1, 40, -3_600_000, 7, 7_200_000, -1]) {
      pass(step, 1);
      const now = clock.now();
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
    }
  });
});

describe('systemTimers', () => {
  test.each([2 ** 31, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses %d ms, which Node would fire at once',
    (delayMs) => {
      expect(() => systemTimers.arm(delayMs, () => undefined)).toThrow(/beyond 2147483647 ms/);
    },
  );
});
