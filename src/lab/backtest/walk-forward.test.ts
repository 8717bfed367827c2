import { Random } from '../market/random';
import type { PriceGrid } from './price-grid';
import { backtest } from './backtest';
import { PlotPage } from './plot-page';
import { resultTables, tablesAsText } from './result-tables';
import { walkForward } from './walk-forward';

const HOUR = 3_600_000;
const START = Date.UTC(2022, 0, 1);
const ALL = { from: -Infinity, to: Infinity };
const HOURLY = { name: '1h', ms: HOUR };
const SIX_HOURS = { name: '6h', ms: 6 * HOUR };

/** Hours of a market whose variance goes up and down over weeks; a gap of three where asked. */
function market(hours: number, gapAt = -1): PriceGrid {
  const random = new Random(21);
  let close = 100;
  const bars = Array.from({ length: hours }, (_, hour) => {
    const sigma = 0.008 * Math.exp(0.6 * Math.sin(hour / 80));
    const open = close;
    const [one, two] = [open * Math.exp((sigma * random.normal()) / 2), Math.exp(sigma * random.normal())];
    close = one * two;
    return { open, high: Math.max(open, one, close), low: Math.min(open, one, close), close };
  });
  const isGap = (hour: number): boolean => gapAt >= 0 && hour >= gapAt && hour < gapAt + 3;
  return {
    asset: 'X',
    start: START,
    stepMs: HOUR,
    bars: bars.map((bar, hour) => (isGap(hour) ? undefined : bar)),
    flags: [],
  };
}

const silent = { onBar: () => undefined, onRun: () => undefined };

describe('walkForward', () => {
  const whole = market(1_900);
  const [run] = walkForward(whole, [SIX_HOURS], ALL);

  it('forecasts from the past alone: what comes later changes nothing said before', () => {
    const cut = 1_600;
    const [early] = walkForward({ ...whole, bars: whole.bars.slice(0, cut) }, [SIX_HOURS], ALL);
    const count = early!.volatility.times.length;
    expect(count).toBeGreaterThan(400);
    run!.volatility.forecasts.forEach((series, model) => {
      expect(early!.volatility.forecasts[model]).toEqual(series.slice(0, count));
    });
    expect(early!.tails.of(0, 0, 2)).toEqual(run!.tails.of(0, 0, 2).slice(0, early!.tails.times.length));
  });

  it('sets each forecast against the squared returns of the bars after it', () => {
    const { times, realised } = run!.volatility;
    const bar = (times[50]! - START) / HOUR;
    const change = (index: number): number => Math.log(whole.bars[index]!.close / whole.bars[index - 1]!.close);
    const sum = [0, 1, 2, 3, 4, 5].reduce((total, step) => total + change(bar + step) ** 2, 0);
    expect(realised[50]).toBeCloseTo(sum, 12);
  });

  it('judges tails by spans that do not overlap', () => {
    const { times } = run!.tails;
    times.slice(1).forEach((at, index) => expect(at - times[index]!).toBe(6 * HOUR));
  });

  it('judges nothing across a gap', () => {
    const gapAt = 1_500;
    const [holed] = walkForward(market(1_900, gapAt), [SIX_HOURS], ALL);
    const origins = holed!.volatility.times.map((at) => (at - START) / HOUR);
    expect(origins.filter((origin) => origin > gapAt - 6 && origin <= gapAt + 3)).toEqual([]);
    expect(holed!.volatility.times.length).toBe(run!.volatility.times.length - 9);
  });

  it('judges only what lies in the window, its outcome too', () => {
    const window = { from: START + 1_500 * HOUR, to: START + 1_700 * HOUR };
    const [part] = walkForward(whole, [SIX_HOURS], window);
    expect(part!.volatility.times.at(0)).toBe(window.from);
    expect(part!.volatility.times.at(-1)).toBe(window.to - 6 * HOUR);
  });
});

describe('backtest', () => {
  it('scores every model, tail and pool, and writes them down and draws them', () => {
    const grids = [market(1_900), { ...market(1_900), asset: 'Y' }];
    const page = new PlotPage(grids);
    const result = backtest(grids.slice(0, 1), [HOURLY], ALL, { ...silent, onRun: (one) => page.add(one) });
    expect(result.volatility.map(({ model }) => model)).toEqual([
      'assay',
      ...['ewma', 'har', 'harq', 'garch', 'gjr-t', 'realized-garch'],
    ]);
    for (const row of result.volatility) {
      expect(row).toMatchObject({ asset: 'X', horizon: '1h', n: result.volatility[0]!.n });
      expect(row.qlike).toBeGreaterThan(0);
    }
    expect(Math.max(...result.volatility.map(({ mcsP }) => mcsP))).toBe(1);
    expect(result.tails).toHaveLength(3 * 2 * 4);
    expect(result.pooled[0]!.breaches).toBe(result.tails[0]!.breaches);
    const tables = resultTables(result);
    const lines = tablesAsText(tables).trimEnd().split('\n');
    expect(tables.map(({ rows }) => rows.length - 1)).toEqual([7, 3 * 2 * 4, 3 * 2 * 4, 2]);
    expect(lines).toHaveLength(7 + 24 + 24 + 2 + 4 * 2);
    expect(result.haircuts.map(({ kind }) => kind)).toEqual(['raw', 'smoothed']);
    const html = page.html(tables);
    expect(html.match(/<svg/g)).toHaveLength(3 + 1 + 1);
    expect(html.match(/<tr>/g)).toHaveLength(7 + 24 + 24 + 2 + 4);
    expect(html).toContain('>1.00</text>');
    expect(html.replace(/<details>.*<\/details>/g, '')).not.toMatch(/NaN|https?:/);
  });

  it.each([
    [
      'a horizon shorter than a bar',
      1_900,
      { name: '1m', ms: 60_000 },
      "horizon 1m is no whole number of X's bars of 1 h",
    ],
    ['too little history', 1_050, HOURLY, 'X: too little history to judge 1h: '],
  ])('refuses %s by name', (_, hours, horizon, message) => {
    expect(() => backtest([market(hours)], [horizon], ALL, silent)).toThrow(message);
  });
});
