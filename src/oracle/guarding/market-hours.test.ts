import type { WeeklyWindow } from '../plan';
import { DAY_MS, HOUR_MS, WEEK_MS } from '../units/time';
import { guardHours, hoursChangeAt } from './market-hours';
import { NO_REASONS } from './reasons';

/** Sunday 22:00 to Friday 21:00: the hours of foreign exchange that hold in summer and in winter. */
const FOREX: readonly WeeklyWindow[] = [{ opensAtMs: 22 * HOUR_MS, closesAtMs: 5 * DAY_MS + 21 * HOUR_MS }];
const at = (iso: string): number => Date.parse(`${iso}Z`);

describe('market hours', () => {
  it.each([
    ['a Wednesday', '2026-11-18T12:00', true],
    ['the last moment of a Friday', '2026-11-20T20:59:59.990', true],
    ['its closing', '2026-11-20T21:00', false],
    ['a Saturday', '2026-11-21T12:00', false],
    ['the last moment before the opening', '2026-11-22T21:59:59.990', false],
    ['the opening', '2026-11-22T22:00', true],
  ])('%s', (_when, iso, open) => {
    expect(guardHours(FOREX, at(iso)) === NO_REASONS).toBe(open);
  });

  it('may reach over the end of the week', () => {
    const overnight = [{ opensAtMs: WEEK_MS - HOUR_MS, closesAtMs: HOUR_MS }];
    const open = ['2026-11-21T22:59', '2026-11-21T23:30', '2026-11-22T00:59', '2026-11-22T01:00'];
    expect(open.map((iso) => guardHours(overnight, at(iso)) === NO_REASONS)).toEqual([false, true, true, false]);
  });

  it('of a market that names none never close, and never change', () => {
    expect(guardHours(undefined, 0)).toBe(NO_REASONS);
    expect(hoursChangeAt(undefined, 0)).toBe(Infinity);
  });

  it.each([
    ['2026-11-18T12:00', '2026-11-20T21:00'],
    ['2026-11-20T21:00', '2026-11-22T22:00'],
    ['2026-11-22T22:00', '2026-11-27T21:00'],
  ])('are looked at again at the next change: from %s at %s', (now, next) => {
    expect(hoursChangeAt(FOREX, at(now))).toBe(at(next));
  });
});
