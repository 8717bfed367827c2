/** Of one horizon: realised volatility by quantile, and what is forecast now, all of one unit. */
export interface ConeRow {
  readonly horizon: string;
  /** By `CONE_QUANTILES`. */
  readonly quantiles: readonly number[];
  readonly forecast: number;
}

export const CONE_QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

const [WIDTH, HEIGHT] = [960, 220];
const MARGIN = { left: 56, right: 40, top: 24, bottom: 24 };

/** A volatility cone: how far volatility spreads at each horizon, and where the forecast stands, as an SVG element. */
export function cone(title: string, rows: readonly ConeRow[]): string {
  const top = Math.max(...rows.flatMap(({ quantiles, forecast }) => [...quantiles, forecast]));
  const step = (WIDTH - MARGIN.left - MARGIN.right) / Math.max(1, rows.length - 1);
  const x = (row: number): string => (MARGIN.left + row * step).toFixed(1);
  const y = (value: number): string =>
    (HEIGHT - MARGIN.bottom - (value / top) * (HEIGHT - MARGIN.top - MARGIN.bottom)).toFixed(1);
  const line = (values: readonly number[], style: string): string =>
    `<polyline fill="none" ${style} points="${values.map((value, row) => `${x(row)},${y(value)}`).join(' ')}"/>`;
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" font-size="11" role="img"><title>${title}</title>`,
    `<text x="${MARGIN.left}" y="14">${title}</text>`,
    ...CONE_QUANTILES.map((_, quantile) =>
      line(
        rows.map(({ quantiles }) => quantiles[quantile] ?? 0),
        'stroke="#b0b0b0"',
      ),
    ),
    line(
      rows.map(({ forecast }) => forecast),
      'stroke="#0b5fa5" stroke-dasharray="4 3"',
    ),
    ...rows.map(({ horizon }, row) => `<text x="${x(row)}" y="${HEIGHT - 6}" text-anchor="middle">${horizon}</text>`),
    ...rows.flatMap(({ quantiles, forecast }, row) => [
      ...[quantiles.at(0) ?? 0, quantiles.at(-1) ?? 0].map((value) => mark(x(row), y(value), value)),
      `<circle r="3" fill="#0b5fa5" cx="${x(row)}" cy="${y(forecast)}"/>`,
    ]),
    '</svg>',
  ].join('\n');
}

function mark(x: string, y: string, value: number): string {
  return `<text x="${x}" y="${y}" text-anchor="end">${value.toPrecision(3)}</text>`;
}
