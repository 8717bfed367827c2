import { HOUR_MS, type EpochMs } from '../../oracle/units/time';

const DAY_MS = 24 * HOUR_MS;
const STEPS_OF_TIME = [1, 3, 6, 12, 24, 48, 96, 168, 336].map((hours) => hours * HOUR_MS);
const MONTHS = [1, 2, 3, 6, 12];

/** A place on an axis, and what is written there. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Round values within a range, at most `most` of them, a step of 1, 2 or 5 times a power of ten apart. */
export function valueTicks(low: number, high: number, most: number): Tick[] {
  const atLeast = (high - low) / (most - 1);
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const step = power * ([1, 2, 5].find((round) => round * power >= atLeast) ?? 10);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, index) => {
    const value = (first + index) * step || 0;
    return { at: value, label: value.toLocaleString('en', { minimumFractionDigits: digits }) };
  });
}

/** Whole hours, days or months within a range, at most `most` of them, in UTC. */
export function timeTicks(from: EpochMs, to: EpochMs, most: number): Tick[] {
  const step = STEPS_OF_TIME.find((ms) => (to - from) / ms <= most - 1);
  return step === undefined ? monthTicks(from, to, most) : spanTicks(from, to, step);
}

function spanTicks(from: EpochMs, to: EpochMs, step: number): Tick[] {
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, index) => {
    const at = (first + index) * step;
    const text = new Date(at).toISOString();
    return { at, label: step < DAY_MS ? text.slice(5, 16).replace('T', ' ') : text.slice(0, 10) };
  });
}

function monthTicks(from: EpochMs, to: EpochMs, most: number): Tick[] {
  const months = monthOf(to) - monthOf(from);
  const step = MONTHS.find((each) => months / each <= most - 1) ?? 12 * Math.ceil(months / 12 / (most - 1));
  const ticks: Tick[] = [];
  for (let month = Math.ceil(monthOf(from) / step) * step; ; month += step) {
    const at = Date.UTC(Math.floor(month / 12), month % 12);
    if (at > to) return ticks;
    if (at >= from) ticks.push({ at, label: new Date(at).toISOString().slice(0, 7) });
  }
}

function monthOf(at: EpochMs): number {
  const date = new Date(at);
  return 12 * date.getUTCFullYear() + date.getUTCMonth();
}
