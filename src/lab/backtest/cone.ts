import { valueTicks } from './ticks';

/** Of one horizon: realised volatility by quantile, and what is forecast now, all of one unit. */
export interface ConeRow {
  readonly horizon: string;
  /** By `CONE_QUANTILES`. */
  readonly quantiles: readonly number[];
  readonly forecast: number;
}

export const CONE_QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

const [WIDTH, HEIGHT] = [960, 220];
const MARGIN = { left: 56, right: 32, top: 24, bottom: 24 };
/** Half the width of a horizon's box. */
const HALF = 40;

/**
 * A volatility cone: of each horizon how far realised volatility spreads, its middle half as a box, and where the forecast
 * stands, as an SVG element.
 */
export function cone(title: string, rows: readonly ConeRow[]): string {
  const top = Math.max(...rows.flatMap(({ quantiles, forecast }) => [...quantiles, forecast]));
  const step = (WIDTH - MARGIN.left - MARGIN.right) / rows.length;
  const y = (value: number): number => HEIGHT - MARGIN.bottom - (value / top) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" font-size="11" role="img"><title>${title}</title>`,
    `<text x="${MARGIN.left}" y="14">${title}</text>`,
    ...valueTicks(0, top, 5).map(
      ({ at, label }) =>
        `<path d="M${MARGIN.left} ${y(at).toFixed(1)}H${WIDTH - MARGIN.right}" stroke="#e8e8e8"/>` +
        `<text x="${MARGIN.left - 4}" y="${y(at).toFixed(1)}" dy=".35em" text-anchor="end">${label}</text>`,
    ),
    ...rows.map((row, place) => box(row, MARGIN.left + (place + 0.5) * step, y)),
    '</svg>',
  ].join('\n');
}

function box({ horizon, quantiles, forecast }: ConeRow, x: number, y: (value: number) => number): string {
  const [least = 0, lower = 0, middle = 0, upper = 0, most = 0] = quantiles.map(y);
  const across = (value: number, half: number): string => `M${(x - half).toFixed(1)} ${value.toFixed(1)}h${2 * half}`;
  const spread = `${across(least, HALF / 2)}${across(most, HALF / 2)}M${x.toFixed(1)} ${least.toFixed(1)}V${most.toFixed(1)}`;
  const half = `${across(lower, HALF)}V${upper.toFixed(1)}h${-2 * HALF}Z`;
  return [
    `<path d="${spread}" stroke="#999"/>`,
    `<path d="${half}" fill="#ddd" stroke="#999"/>`,
    `<path d="${across(middle, HALF)}" stroke="#444"/>`,
    `<circle r="4" fill="#0b5fa5" cx="${x.toFixed(1)}" cy="${y(forecast).toFixed(1)}"/>`,
    `<text x="${x.toFixed(1)}" y="${HEIGHT - 6}" text-anchor="middle">${horizon}</text>`,
  ].join('');
}
