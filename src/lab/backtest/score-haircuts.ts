import { HOUR_MS } from '../../oracle/units/time';
import { mean } from './volatility-scores';
import type { HorizonRun } from './walk-forward';

const DAY_MS = 24 * HOUR_MS;

/** How a haircut moved: Murphy, Vasios and Vause's (2014) measures of procyclicality. */
export interface HaircutRow {
  readonly asset: string;
  readonly horizon: string;
  /** `raw` follows the tail; `smoothed` is what is published to be used. */
  readonly kind: 'raw' | 'smoothed';
  readonly n: number;
  readonly mean: number;
  readonly peak: number;
  readonly trough: number;
  readonly peakToTrough: number;
  /** The largest factor by which it rose within so many days; NaN, and null in JSON, where the window is shorter. */
  readonly rise1d: number;
  readonly rise5d: number;
  readonly rise30d: number;
  /** Mean over the raw one's, less one. */
  readonly cost: number;
  /** Part of the spans, from each bar, whose loss was more. */
  readonly exceeded: number;
}

export function scoreHaircuts({ asset, horizon, haircuts }: HorizonRun): HaircutRow[] {
  if (haircuts === undefined || haircuts.times.length === 0) return [];
  const { times, raw, smoothed, losses } = haircuts;
  const series = { raw, smoothed };
  return (['raw', 'smoothed'] as const).map((kind) => {
    const values = series[kind];
    const [trough, peak] = extent(values);
    const rise = (days: number): number => largestRise(times, values, days * DAY_MS);
    return {
      asset,
      horizon: horizon.name,
      kind,
      n: values.length,
      mean: mean(values),
      peak,
      trough,
      peakToTrough: peak / trough,
      rise1d: rise(1),
      rise5d: rise(5),
      rise30d: rise(30),
      cost: mean(values) / mean(raw) - 1,
      exceeded: losses.filter((loss, index) => loss > (values[index] ?? NaN)).length / losses.length,
    };
  });
}

function extent(values: readonly number[]): [number, number] {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

/** Against the lowest of the `spanMs` before. */
function largestRise(times: readonly number[], values: readonly number[], spanMs: number): number {
  if ((times.at(-1) ?? 0) - (times[0] ?? 0) < spanMs) return NaN;
  let most = 1;
  /** places of ever higher values, the lowest first */
  const lows: number[] = [];
  const valueAt = (place: number | undefined): number => values[place ?? -1] ?? NaN;
  times.forEach((at, place) => {
    while ((times[lows[0] ?? place] ?? at) < at - spanMs) lows.shift();
    most = Math.max(most, valueAt(place) / valueAt(lows[0] ?? place));
    while (lows.length > 0 && valueAt(lows.at(-1)) >= valueAt(place)) lows.pop();
    lows.push(place);
  });
  return most;
}
