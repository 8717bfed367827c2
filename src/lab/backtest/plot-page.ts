import { TAIL_LEVELS } from '../../oracle/risk/horizon-tails';
import { HOUR_MS } from '../../oracle/units/time';
import { type Line, plot } from './plot';
import type { HorizonRun } from './walk-forward';

/** More points than this are thinned to their largest: a plot has no more pixels. */
const POINTS = 700;
const YEAR_HOURS = 365 * 24;
const LEVEL = TAIL_LEVELS.indexOf(0.99);

/** One self-contained page: for each asset and horizon, forecast against realised, and what VaR of 99 % was breached. */
export class PlotPage {
  private readonly sections: string[] = [];

  add(run: HorizonRun): void {
    const { asset, horizon } = run;
    this.sections.push(
      `<section><h2>${escaped(asset)}, ${escaped(horizon.name)}</h2>`,
      plot('Volatility, % a year: forecast over realised', volatilityLines(run)),
      plot('Return and the value at risk of 99 %, %', tailLines(run)),
      '</section>',
    );
  }

  html(): string {
    return [
      '<!doctype html><html lang="en"><meta charset="utf-8"><title>Assay backtest</title>',
      '<style>body{font:14px system-ui;margin:2em auto;max-width:1000px}svg{width:100%;height:auto}</style>',
      '<h1>Backtest</h1>',
      ...this.sections,
      '</html>\n',
    ].join('\n');
  }
}

function volatilityLines({ horizon, volatility }: HorizonRun): Line[] {
  const { times, realised, forecasts } = volatility;
  const annual = (variance: number): number => 100 * Math.sqrt((variance * YEAR_HOURS * HOUR_MS) / horizon.ms);
  const points = (values: readonly number[]): [number, number][] =>
    thinned(times.map((at, index) => [at, annual(values[index] ?? 0)]));
  return [
    { name: 'realised', colour: '#c8c8c8', points: points(realised) },
    { name: 'assay', colour: '#0b5fa5', points: points(forecasts[0] ?? []) },
  ];
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
    { name: 'return', colour: '#c8c8c8', points: thinned(rise.map(({ loss }, index) => [at(index), 100 * loss])) },
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
