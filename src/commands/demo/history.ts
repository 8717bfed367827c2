import type { Bar } from '../../oracle/risk/bar';
import { HOUR_MS, YEAR_MS } from '../../oracle/units/time';

/** Looks at the price in each hour. */
const LOOKS = 6;

/**
 * Hours of a past that nobody lived, with this volatility a year: even steps of one size up or down, by the same chances for
 * the same seed. They end at `price`.
 */
export function inventedHours(count: number, price: number, volatility: number, seed: number): Bar[] {
  const step = volatility * Math.sqrt(HOUR_MS / YEAR_MS / LOOKS);
  let chance = seed + 1;
  let log = 0;
  const hours = Array.from({ length: count }, () => {
    const path = [log];
    for (let look = 0; look < LOOKS; look++) {
      chance = (Math.imul(chance, 1_664_525) + 1_013_904_223) >>> 0;
      path.push((log += chance < 2 ** 31 ? step : -step));
    }
    return path;
  });
  const at = (then: number): number => price * Math.exp(then - log);
  return hours.map((path) => ({
    open: at(path[0] ?? NaN),
    high: at(Math.max(...path)),
    low: at(Math.min(...path)),
    close: at(path.at(-1) ?? NaN),
  }));
}
