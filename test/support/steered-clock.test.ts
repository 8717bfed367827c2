import { describeClockContract } from '../contract/clock-contract';
import { SteeredClock } from './steered-clock';

describeClockContract('SteeredClock', () => {
  const steered = new SteeredClock();
  return { clock: steered, timers: steered, pass: (ms) => steered.advance(ms) };
});

describe(SteeredClock.name, () => {
  test('stands at each timer’s own instant while it fires', async () => {
    const clock = new SteeredClock(1_000);
    const at: number[] = [];
    clock.arm(30, () => at.push(clock.now()));
    clock.arm(10, () => at.push(clock.now()));
    await clock.advance(50);
    expect([...at, clock.now()]).toEqual([1_010, 1_030, 1_050]);
  });

  test('fires a timer that was armed behind a promise of an earlier one', async () => {
    const clock = new SteeredClock(1_000);
    const at: number[] = [];
    clock.arm(10, () => {
      void Promise.resolve().then(() => clock.arm(10, () => at.push(clock.now())));
    });
    await clock.advance(50);
    expect(at).toEqual([1_020]);
  });

  test('fires late what was due during a jump', async () => {
    const clock = new SteeredClock(1_000);
    const at: number[] = [];
    clock.arm(10, () => at.push(clock.now()));
    clock.jump(500);
    expect([clock.pending, clock.nextDueAt]).toEqual([1, 1_010]);
    await clock.advance(0);
    expect([clock.pending, ...at]).toEqual([0, 1_500]);
  });

  test('refuses to go back', async () => {
    const clock = new SteeredClock(1_000);
    await expect(clock.advance(-1)).rejects.toThrow(/never goes back/);
    expect(() => {
      clock.jump(-1);
    }).toThrow(/never goes back/);
  });
});
