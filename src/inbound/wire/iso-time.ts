import { HOUR_MS, MINUTE_MS, SECOND_MS, type EpochMs } from '../../oracle/units/time';

/** RFC 3339 in UTC, with up to nine decimals of a second: what Coinbase (9) and Kraken (6) write. */
export const ISO_TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z`;

const ZERO = 48;
const DAY_MS = 24 * HOUR_MS;
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const EPOCH_DAY = daysBefore(1970);

/**
 * The instant that stands in `text` from `from` up to `to`; the caller has matched it against ISO_TIME. Decimals below
 * the millisecond are kept as far as float64 can (about 0.2 µs today). NaN where no such date or time of day exists.
 */
export function isoTimeAt(text: string, from: number, to: number): EpochMs {
  const year = digits(text, from, from + 4);
  const month = digits(text, from + 5, from + 7);
  const day = digits(text, from + 8, from + 10);
  const hour = digits(text, from + 11, from + 13);
  const minute = digits(text, from + 14, from + 16);
  const second = digits(text, from + 17, from + 19);
  const before = DAYS_BEFORE_MONTH[month - 1];
  const length = DAYS_IN_MONTH[month - 1];
  if (before === undefined || length === undefined || hour > 23 || minute > 59 || second > 59) return NaN;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day < 1 || day > (leap && month === 2 ? 29 : length)) return NaN;

  const days = daysBefore(year) - EPOCH_DAY + before + (leap && month > 2 ? 1 : 0) + day - 1;
  const whole = days * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS;
  const point = from + 19;
  let scale = SECOND_MS;
  for (let at = point + 1; at < to - 1; at++) scale /= 10;
  return whole + digits(text, point + 1, to - 1) * scale;
}

/** Days from the year 0 (proleptic Gregorian) to the first day of a year. */
function daysBefore(year: number): number {
  const past = year - 1;
  return 365 * year + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
}

function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) value = value * 10 + (text.charCodeAt(at) - ZERO);
  return value;
}
