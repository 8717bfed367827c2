import { type Tick, timeTicks, valueTicks } from './ticks';

export interface Line {
  readonly name: string;
  readonly colour: string;
  /** Instant in epoch milliseconds, and value. */
  readonly points: readonly (readonly [number, number])[];
  readonly dots?: boolean;
}

const WIDTH = 960;
const HEIGHT = 260;
const MARGIN = { left: 56, right: 32, top: 24, bottom: 24 };
const VALUE_TICKS = 6;
const TIME_TICKS = 10;

/** Lines over time as an SVG element. */
export function plot(title: string, lines: readonly Line[]): string {
  const points = lines.flatMap((line) => line.points);
  const [from, to] = extent(points.map(([at]) => at));
  const [low, high] = extent([0, ...points.map(([, value]) => value)]);
  const x = (at: number): number => MARGIN.left + ((at - from) / (to - from)) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (value: number): number =>
    HEIGHT - MARGIN.bottom - ((value - low) / (high - low)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const legend = lines.map(({ name, colour }) => `<tspan fill="${colour}">${name}</tspan>`).join(' · ');
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" font-size="11" role="img"><title>${title}</title>`,
    `<text x="${MARGIN.left}" y="14">${title}: ${legend}</text>`,
    ...valueTicks(low, high, VALUE_TICKS).map((tick) => valueLine(tick, y)),
    ...timeTicks(from, to, TIME_TICKS).map((tick) => timeMark(tick, x)),
    ...lines.map((line) => (line.dots === true ? dots(line, x, y) : path(line, x, y))),
    '</svg>',
  ].join('\n');
}

type Scale = (value: number) => number;

function extent(values: readonly number[]): [number, number] {
  const [low, high] = values.reduce(([l, h], value) => [Math.min(l, value), Math.max(h, value)], [Infinity, -Infinity]);
  return high > low ? [low, high] : [low, low + 1];
}

function valueLine({ at, label }: Tick, y: Scale): string {
  const height = y(at).toFixed(1);
  const text = `<text x="${MARGIN.left - 4}" y="${height}" dy=".35em" text-anchor="end">${label}</text>`;
  return `<path d="M${MARGIN.left} ${height}H${WIDTH - MARGIN.right}" stroke="#e8e8e8"/>${text}`;
}

function timeMark({ at, label }: Tick, x: Scale): string {
  const place = x(at).toFixed(1);
  const foot = HEIGHT - MARGIN.bottom;
  const text = `<text x="${place}" y="${HEIGHT - 6}" text-anchor="middle">${label}</text>`;
  return `<path d="M${place} ${foot}v4" stroke="#888"/>${text}`;
}

function path({ colour, points }: Line, x: Scale, y: Scale): string {
  const places = points.map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  return `<polyline fill="none" stroke="${colour}" points="${places}"/>`;
}

function dots({ colour, points }: Line, x: Scale, y: Scale): string {
  return points
    .map(([at, value]) => `<circle r="2.5" fill="${colour}" cx="${x(at).toFixed(1)}" cy="${y(value).toFixed(1)}"/>`)
    .join('');
}
