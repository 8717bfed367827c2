import { HOUR_MS } from '../../oracle/units/time';
import type { PriceFlag, PriceGrid } from './price-grid';
import { gridOf } from './price-grid';
import { readPriceFile } from './price-file';
import { type HaircutRow, scoreHaircuts } from './score-haircuts';
import { type PooledTailRow, type TailRow, poolTails, scoreTails } from './score-tails';
import { type VolatilityRow, scoreVolatility } from './score-volatility';
import { type Horizon, type HorizonRun, type Window, walkForward } from './walk-forward';

export interface BacktestResult {
  readonly volatility: readonly VolatilityRow[];
  readonly tails: readonly TailRow[];
  readonly pooled: readonly PooledTailRow[];
  readonly haircuts: readonly HaircutRow[];
  readonly flags: readonly PriceFlag[];
}

/** Fewer bars leave nothing to judge once the models have learnt from the first thousand. */
const MIN_BARS = 1_500;
/** Fewer origins are no sample. */
const MIN_ORIGINS = 100;

/** All assets of all files, in the order given. Throws PriceFileError on a file that is no series. */
export function readGrids(files: readonly string[]): PriceGrid[] {
  return files.flatMap((file) => readPriceFile(file).map((rows) => gridOf(rows, MIN_BARS)));
}

/**
 * Walks over each asset and scores it. `onRun` is given each asset and horizon while its series still exist; `onBar` is
 * called for each bar. Throws where a horizon does not fit the grid, or too little of the window is left to judge.
 */
export function backtest(
  grids: readonly PriceGrid[],
  horizons: readonly Horizon[],
  window: Window,
  { onBar, onRun }: { onBar: () => void; onRun: (run: HorizonRun) => void },
): BacktestResult {
  for (const grid of grids) for (const horizon of horizons) mustFit(horizon, grid);
  const volatility: VolatilityRow[] = [];
  const tails: TailRow[] = [];
  const haircuts: HaircutRow[] = [];
  for (const grid of grids) {
    for (const run of walkForward(grid, horizons, window, onBar)) {
      mustHaveOrigins(run);
      onRun(run);
      volatility.push(...scoreVolatility(run));
      tails.push(...scoreTails(run));
      haircuts.push(...scoreHaircuts(run));
    }
  }
  return { volatility, tails, pooled: poolTails(tails), haircuts, flags: grids.flatMap(({ flags }) => flags) };
}

function mustFit({ name, ms }: Horizon, { asset, stepMs }: PriceGrid): void {
  if (ms >= stepMs && ms % stepMs === 0) return;
  throw new Error(`horizon ${name} is no whole number of ${asset}'s bars of ${stepMs / HOUR_MS} h: choose others`);
}

function mustHaveOrigins({ asset, horizon, volatility }: HorizonRun): void {
  if (volatility.times.length >= MIN_ORIGINS) return;
  const [count, needed] = [volatility.times.length, MIN_ORIGINS];
  throw new Error(
    `${asset}: too little history to judge ${horizon.name}: ${count} origins of ${needed} at which every model had a ` +
      'forecast and its outcome is known. Give a longer file, a wider window or a shorter horizon',
  );
}
