import { writeFileSync } from 'node:fs';
import { HOUR_MS } from '../oracle/units/time';
import { parseDuration } from './duration';

export interface BacktestOptions {
  readonly json?: boolean;
  readonly html?: string;
  readonly horizons: string;
  readonly from?: string;
  readonly to?: string;
}

/** How many bars pass between two looks of the progress bar. */
const PROGRESS_BARS = 500;

/** `assay backtest`: the oracle's own risk code and its rivals, walked over files of prices. */
export async function run(files: readonly string[], options: BacktestOptions): Promise<void> {
  const { backtest, readGrids } = await import('../lab/backtest/backtest');
  const { parsePriceTime } = await import('../lab/backtest/price-time');
  const horizons = options.horizons.split(',').map((name) => ({ name, ms: horizonMs(name) }));
  const instant = (text: string | undefined, otherwise: number): number => {
    const at = text === undefined ? otherwise : parsePriceTime(text);
    if (at === undefined) throw new Error(`"${text}" is no ISO date or time, like 2022-01-01`);
    return at;
  };
  const window = { from: instant(options.from, -Infinity), to: instant(options.to, Infinity) };
  const grids = readGrids(files);
  for (const { asset, flag, from, bars } of grids.flatMap(({ flags }) => flags)) {
    process.stderr.write(`${asset}: ${flag} of ${bars} bars from ${new Date(from).toISOString()}\n`);
  }
  const page = options.html === undefined ? undefined : new (await import('../lab/backtest/plot-page')).PlotPage(grids);
  const progress = progressOver(grids.reduce((sum, { bars }) => sum + bars.length, 0));
  const result = backtest(grids, horizons, window, { onBar: progress.step, onRun: (one) => page?.add(one) });
  progress.end();
  const { resultTables, tablesAsText } = await import('../lab/backtest/result-tables');
  const tables = resultTables(result);
  if (options.html !== undefined && page !== undefined) writeFileSync(options.html, page.html(tables));
  process.stdout.write(options.json === true ? `${JSON.stringify(result)}\n` : tablesAsText(tables));
}

function horizonMs(text: string): number {
  const days = /^(\d+)d$/.exec(text)?.[1];
  return days === undefined ? parseDuration(text) : Number(days) * 24 * HOUR_MS;
}

/** A bar on stderr where that is a terminal, and a line for each tenth where it is none. */
function progressOver(total: number): { step: () => void; end: () => void } {
  const { stderr } = process;
  let done = 0;
  let told = 0;
  const step = (): void => {
    done++;
    const part = done / total;
    if (stderr.isTTY) {
      if (done % PROGRESS_BARS !== 0) return;
      const width = Math.round(40 * part);
      stderr.write(`\r[${'='.repeat(width)}${' '.repeat(40 - width)}] ${Math.round(100 * part)} %`);
    } else if (part >= (told + 1) / 10) {
      told++;
      stderr.write(`${10 * told} % of ${total} bars\n`);
    }
  };
  const end = (): void => {
    if (stderr.isTTY) stderr.write('\r\u001b[K');
  };
  return { step, end };
}
