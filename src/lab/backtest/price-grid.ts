import type { Bar } from '../../oracle/risk/bar';
import type { PriceRows } from './price-file';
import { PriceFileError } from './price-file-error';

export interface PriceGrid {
  readonly asset: string;
  /** The bar at index i begins at `start + i·stepMs`. */
  readonly start: number;
  readonly stepMs: number;
  /** Undefined where the file has none. */
  readonly bars: readonly (Bar | undefined)[];
  readonly flags: readonly PriceFlag[];
}

/** What is odd about a series and yet no reason to refuse it. */
export interface PriceFlag {
  readonly asset: string;
  readonly flag: 'gap' | 'frozen' | 'bad-print';
  readonly from: number;
  readonly bars: number;
}

/** As many bars without any movement are a frozen or halted market, in which no volatility can be measured. */
const FROZEN_BARS = 24;
/** A bar that reaches further than this from both its ends, as a factor, and comes back. */
const BAD_PRINT = 1.5;

/** Lays rows on the grid of their commonest distance. Throws PriceFileError on what is off it or too little to use. */
export function gridOf(rows: PriceRows, minimumBars: number): PriceGrid {
  const { asset, file, times, lines } = rows;
  if (times.length < minimumBars) {
    throw new PriceFileError('too-short', file, 0, `${asset} has ${times.length} bars; ${minimumBars} are needed`);
  }
  if (rows.high.every((high) => high === rows.high[0]) && rows.low.every((low) => low === rows.high[0])) {
    throw new PriceFileError('never-moves', file, 0, `${asset} has one price; its variance is zero`);
  }
  const stepMs = commonestStep(times);
  const start = times[0] ?? 0;
  const length = Math.floor(((times.at(-1) ?? 0) - start) / stepMs) + 1;
  const bars = Array.from<Bar | undefined>({ length });
  times.forEach((at, index) => {
    const place = (at - start) / stepMs;
    if (!Number.isInteger(place)) {
      const when = new Date(at).toISOString();
      throw new PriceFileError('off-grid', file, lines[index] ?? 0, `${when} stands beside the grid of ${stepMs} ms`);
    }
    bars[place] = {
      open: rows.open[index] ?? NaN,
      high: rows.high[index] ?? NaN,
      low: rows.low[index] ?? NaN,
      close: rows.close[index] ?? NaN,
    };
  });
  return { asset, start, stepMs, bars, flags: flagsOf(asset, start, stepMs, bars) };
}

function commonestStep(times: readonly number[]): number {
  const counts = new Map<number, number>();
  times.forEach((at, index) => {
    const step = at - (times[index - 1] ?? at);
    if (step > 0) counts.set(step, (counts.get(step) ?? 0) + 1);
  });
  return [...counts].reduce<readonly [number, number]>((best, entry) => (entry[1] > best[1] ? entry : best), [1, 0])[0];
}

function flagsOf(
  asset: string,
  start: number,
  stepMs: number,
  bars: readonly (Bar | undefined)[],
): readonly PriceFlag[] {
  const flags: PriceFlag[] = [];
  const runs = (flag: PriceFlag['flag'], minimum: number, holds: (index: number) => boolean): void => {
    let run = 0;
    for (let index = 0; index <= bars.length; index++) {
      if (index < bars.length && holds(index)) {
        run++;
        continue;
      }
      if (run >= minimum) flags.push({ asset, flag, from: start + (index - run) * stepMs, bars: run });
      run = 0;
    }
  };
  runs('gap', 1, (index) => bars[index] === undefined);
  runs('frozen', FROZEN_BARS, (index) => {
    const bar = bars[index];
    return bar?.high === bar?.low && bar !== undefined && bar.close === bars[index - 1]?.close;
  });
  runs('bad-print', 1, (index) => isBadPrint(bars[index]));
  return flags.sort((one, other) => one.from - other.from);
}

function isBadPrint(bar: Bar | undefined): boolean {
  if (bar === undefined) return false;
  const above = bar.high / Math.max(bar.open, bar.close);
  const below = Math.min(bar.open, bar.close) / bar.low;
  return above > BAD_PRINT || below > BAD_PRINT;
}
