import type { WeeklyWindow } from '../plan';
import { DAY_MS, WEEK_MS, type EpochMs } from '../units/time';
import { NO_REASONS, reasonBit, type ReasonSet } from './reasons';

const MARKET_CLOSED = reasonBit('marketClosed');

/** The epoch began on a Thursday. */
const SUNDAY_BEFORE_EPOCH_MS = -4 * DAY_MS;

/** Whether the market behind a feed is closed; one that names no hours never is. */
export function guardHours(hours: readonly WeeklyWindow[] | undefined, at: EpochMs): ReasonSet {
  return hours === undefined || hours.some((window) => isWithin(window, at)) ? NO_REASONS : MARKET_CLOSED;
}

/** The next opening or closing of some window; Infinity where there is none. */
export function hoursChangeAt(hours: readonly WeeklyWindow[] | undefined, at: EpochMs): EpochMs {
  if (hours === undefined) return Infinity;
  const instants = hours.flatMap(({ opensAtMs, closesAtMs }) => [opensAtMs, closesAtMs]);
  return Math.min(...instants.map((instant) => at + (untilIn(instant, at) || WEEK_MS)));
}

/** From the opening, and up to the closing: a window may reach over the end of the week. */
function isWithin({ opensAtMs, closesAtMs }: WeeklyWindow, at: EpochMs): boolean {
  const length = (closesAtMs - opensAtMs + WEEK_MS) % WEEK_MS || WEEK_MS;
  return untilIn(opensAtMs, at) > WEEK_MS - length || untilIn(opensAtMs, at) === 0;
}

/** How long until that instant of a week comes, 0 at it. */
function untilIn(instantMs: number, at: EpochMs): number {
  const weekMs = (at - SUNDAY_BEFORE_EPOCH_MS) % WEEK_MS;
  return (instantMs - weekMs + WEEK_MS) % WEEK_MS;
}
