import { SteeredClock } from '../../../test/support/steered-clock';
import { HostHolds } from './host-holds';

const HOST = 'stream.example';

describe(HostHolds.name, () => {
  let clock: SteeredClock;
  let holds: HostHolds;

  beforeEach(() => {
    clock = new SteeredClock();
    holds = new HostHolds(clock);
  });

  test.each([
    ['a minute where the host names no time', 429, undefined, 60_000],
    ['a minute where the host names less', 418, 1_000, 60_000],
    ['as long as the host says', 429, 180_000, 180_000],
    ['an hour where the host says three days', 418, 259_200_000, 3_600_000],
    ['a minute where a firewall refuses', 403, undefined, 60_000],
    ['a minute where the place is refused', 451, undefined, 60_000],
    ['not at all where the host is only unwell', 503, 180_000, 0],
  ])('leaves a host alone for %s', (_, status, retryAfterMs, expectedMs) => {
    holds.refused(HOST, status, retryAfterMs);
    expect(holds.remainingMs(HOST)).toBe(expectedMs);
  });

  test('forgets with time', () => {
    holds.refused(HOST, 429, undefined);
    clock.jump(59_000);
    expect(holds.remainingMs(HOST)).toBe(1_000);
    clock.jump(2_000);
    expect(holds.remainingMs(HOST)).toBe(0);
  });

  test('does not shorten a long hold by a later short one', () => {
    holds.refused(HOST, 418, 600_000);
    holds.refused(HOST, 429, undefined);
    expect(holds.remainingMs(HOST)).toBe(600_000);
  });

  test('holds one host and no other', () => {
    holds.refused(HOST, 429, undefined);
    expect(holds.remainingMs('other.example')).toBe(0);
  });
});
