import { TAIL_LEVELS } from '../../oracle/risk/horizon-tails';
import { HOUR_MS } from '../../oracle/units/time';
import { type ConeRow, cone, CONE_QUANTILES } from './cone';
import { heatMap } from './heat-map';
import { type Line, plot } from './plot';
import type { PriceGrid } from './price-grid';
import type { ResultTable } from './result-tables';
import type { Horizon, HorizonRun } from './walk-forward';

/** More points than this are thinned to their largest: a plot has no more pixels. */
const POINTS = 700;
const YEAR_HOURS = 365 * 24;
const LEVEL = TAIL_LEVELS.indexOf(0.99);

const STYLE = `body{font:14px/1.5 system-ui,sans-serif;max-width:1000px;margin:2rem auto;padding:0 1rem;color:#222}
svg{width:100%;height:auto}table{border-collapse:collapse;margin:1rem 0;font-variant-numeric:tabular-nums}
td,th{padding:.1rem .5rem;text-align:right;border-bottom:1px solid #ddd}td:first-child,th:first-child{text-align:left}`;

/**
 * One self-contained page: the tables, folded; for each asset and horizon, forecast against realised, what VaR of 99 % was breached and the
 * haircut through time; for each asset its cone, and the correlation of all.
 */
export class PlotPage {
  private readonly sections: string[] = [];
  private readonly cones = new Map<string, ConeRow[]>();

  constructor(private readonly grids: readonly PriceGrid[]) {}

  add(run: HorizonRun): void {
    const { asset, horizon } = run;
    this.sections.push(
      `<section><h2>${escaped(asset)}, ${escaped(horizon.name)}</h2>`,
      plot('Volatility, % a year: forecast over realised', volatilityLines(run)),
      plot('Return and the value at risk of 99 %, %', tailLines(run)),
      ...haircutPlots(run),
      '</section>',
    );
    this.cones.set(asset, [...(this.cones.get(asset) ?? []), coneRow(run)]);
  }

  html(tables: readonly ResultTable[]): string {
    return [
      '<!doctype html><html lang="en"><meta charset="utf-8"><title>Assay: backtest</title>',
      `<style>${STYLE}</style><h1>Backtest</h1>`,
      ...tables.map(folded),
      ...this.sections,
      '<section><h2>Cones</h2><p>Realised volatility, 5 to 95 in 100; in boxes its middle half; the dot is the last forecast.</p>',
      ...[...this.cones].map(([asset, rows]) => cone(`${escaped(asset)}, % a year`, rows)),
      '</section>',
      ...(this.grids.length > 1 ? [heatMap('Correlation of the returns of a bar', this.grids)] : []),
      '</html>\n',
    ].join('\n');
  }
}

function folded({ title, rows }: ResultTable): string {
  const [heads = [], ...lines] = rows.map((row) => row.map(escaped));
  const body = lines.map((row) => `<tr>${row.map((cell) => `<td>${cell}`).join('')}`);
  return `<details><summary>${title}</summary><table><tr>${heads.map((head) => `<th>${head}`).join('')}${body.join('')}</table></details>`;
}

function volatilityLines({ horizon, volatility }: HorizonRun): Line[] {
  const { times, realised, forecasts } = volatility;
  const points = (values: readonly number[]): [number, number][] =>
    thinned(times.map((at, index) => [at, annual(values[index] ?? 0, horizon)]));
  return [
    { name: 'realised', colour: '#a9a9a9', points: points(realised) },
    { name: 'assay', colour: '#0b5fa5', points: points(forecasts[0] ?? []) },
  ];
}

function annual(variance: number, { ms }: Horizon): number {
  return 100 * Math.sqrt((variance * YEAR_HOURS * HOUR_MS) / ms);
}

function coneRow({ horizon, volatility }: HorizonRun): ConeRow {
  const sorted = volatility.realised.map((variance) => annual(variance, horizon)).sort((one, other) => one - other);
  return {
    horizon: escaped(horizon.name),
    quantiles: CONE_QUANTILES.map((quantile) => sorted[Math.round(quantile * (sorted.length - 1))] ?? 0),
    forecast: annual(volatility.forecasts[0]?.at(-1) ?? 0, horizon),
  };
}

function haircutPlots({ haircuts }: HorizonRun): string[] {
  if (haircuts === undefined || haircuts.times.length === 0) return [];
  const { times, raw, smoothed } = haircuts;
  const points = (values: readonly number[]): [number, number][] =>
    thinned(times.map((at, index) => [at, 100 * (values[index] ?? 0)]));
  const lines = [
    { name: 'raw', colour: '#a9a9a9', points: points(raw) },
    { name: 'smoothed', colour: '#0b5fa5', points: points(smoothed) },
  ];
  return [plot('Haircut, % of the value', lines)];
}

function tailLines({ tails }: HorizonRun): Line[] {
  const [fall, rise] = [tails.of(0, 0, LEVEL), tails.of(0, 1, LEVEL)];
  const at = (index: number): number => tails.times[index] ?? 0;
  const breaches = [fall, rise].flatMap((side, place) =>
    side.flatMap(({ loss, valueAtRisk }, index): [number, number][] =>
      loss > valueAtRisk ? [[at(index), (place === 0 ? -100 : 100) * loss]] : [],
    ),
  );
  return [
    { name: 'return', colour: '#a9a9a9', points: thinned(rise.map(({ loss }, index) => [at(index), 100 * loss])) },
    { name: 'fall', colour: '#0b5fa5', points: thinned(fall.map((one, index) => [at(index), -100 * one.valueAtRisk])) },
    { name: 'rise', colour: '#0b5fa5', points: thinned(rise.map((one, index) => [at(index), 100 * one.valueAtRisk])) },
    { name: `${breaches.length} breaches`, colour: '#c0231c', points: breaches, dots: true },
  ];
}

/** Of each stretch the value furthest from zero. */
function thinned(points: readonly [number, number][]): [number, number][] {
  const stretch = Math.ceil(points.length / POINTS);
  const kept: [number, number][] = [];
  for (let start = 0; start < points.length; start += stretch) {
    const most = points.slice(start, start + stretch);
    kept.push(most.reduce((one, other) => (Math.abs(other[1]) > Math.abs(one[1]) ? other : one)));
  }
  return kept;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
