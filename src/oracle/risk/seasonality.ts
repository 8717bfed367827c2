import { HOUR_MS } from '../units/time';
import type { Memory } from './memory';

const HOURS = 24;
const DAYS = 7;
const WEEK = HOURS * DAYS;
/** An hour of the day is seen once a day, a day of the week 24 hours in 7 days: both forget in some two months. */
const HOUR_RATE = 1 / 60;
const DAY_RATE = 1 / (HOURS * 12);
/** How much one bar may say: a jump tells nothing about its hour. */
const MAX_RATIO = 8;

/**
 * The hour of the week's share in variance, as hour of the day times day of the week, each with a mean of 1: 31 numbers
 * are learnt in weeks where 168 would take a year.
 */
export class Seasonality {
  private readonly hours: Float64Array;
  private readonly days: Float64Array;

  constructor(
    memory: Memory,
    private readonly barMs: number,
  ) {
    this.hours = memory.take(HOURS).fill(1);
    this.days = memory.take(DAYS).fill(1);
  }

  /** `variance` of the bar that begins at `at`, and what was expected of it without any season. */
  observe(at: number, variance: number, expected: number): void {
    const [hour, day] = slotsOf(at);
    const ratio = Math.min(MAX_RATIO, variance / (expected * this.factor(at))) - 1;
    const part = Math.min(1, this.barMs / HOUR_MS) * ratio;
    learn(this.hours, hour, 1 + HOUR_RATE * part);
    learn(this.days, day, 1 + DAY_RATE * part);
  }

  factor(at: number): number {
    const [hour, day] = slotsOf(at);
    return (this.hours[hour] ?? 1) * (this.days[day] ?? 1);
  }

  /** Sum of the factors of the `steps` bars from `at` on. */
  sum(at: number, steps: number): number {
    const week = (WEEK * HOUR_MS) / this.barMs;
    const whole = Math.floor(steps / week);
    let sum = whole * week;
    for (let step = whole * week; step < steps; step++) sum += this.factor(at + step * this.barMs);
    return sum;
  }
}

function slotsOf(at: number): [number, number] {
  const hour = Math.floor(at / HOUR_MS) % WEEK;
  return [hour % HOURS, Math.floor(hour / HOURS)];
}

function learn(factors: Float64Array, slot: number, by: number): void {
  factors[slot] = (factors[slot] ?? 1) * by;
  let mean = 0;
  for (const factor of factors) mean += factor / factors.length;
  for (let index = 0; index < factors.length; index++) factors[index] = (factors[index] ?? 1) / mean;
}
