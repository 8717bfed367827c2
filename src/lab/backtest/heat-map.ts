import type { PriceGrid } from './price-grid';

const CELL = 44;
const LABEL = 150;
/** Room for the title over few assets. */
const MIN_WIDTH = 480;

/** Correlation of the assets' returns of a bar, each pair over the bars that both have, as an SVG element. */
export function heatMap(title: string, grids: readonly PriceGrid[]): string {
  const returns = grids.map(returnsOf);
  const names = grids.map(({ asset }) => asset);
  const [width, height] = [Math.max(MIN_WIDTH, LABEL + CELL * names.length), 24 + CELL * names.length];
  const cells = returns.flatMap((one, row) =>
    returns.map((other, column) => cell(row, column, correlation(one, other))),
  );
  const labels = names.map((name, row) => {
    return `<text x="${LABEL - 6}" y="${24 + (row + 0.6) * CELL}" text-anchor="end">${escaped(name)}</text>`;
  });
  return [
    `<svg viewBox="0 0 ${width} ${height}" style="width:${width}px" font-size="11" role="img"><title>${title}</title>`,
    `<text x="0" y="14">${title}; columns in the order of rows</text>`,
    ...labels,
    ...cells,
    '</svg>',
  ].join('\n');
}

function cell(row: number, column: number, value: number): string {
  const [x, y] = [LABEL + column * CELL, 24 + row * CELL];
  const strength = Math.round(100 - 60 * Math.abs(value));
  const fill = value < 0 ? `hsl(10 70% ${strength}%)` : `hsl(210 70% ${strength}%)`;
  const text = Number.isNaN(value) ? '' : value.toFixed(2);
  return (
    `<rect x="${x}" y="${y}" width="${CELL}" height="${CELL}" fill="${Number.isNaN(value) ? '#fff' : fill}"/>` +
    `<text x="${x + CELL / 2}" y="${y + 0.6 * CELL}" text-anchor="middle">${text}</text>`
  );
}

/** By the bar's beginning. */
function returnsOf({ bars, start, stepMs }: PriceGrid): ReadonlyMap<number, number> {
  return new Map(
    bars.flatMap((bar, index): [number, number][] => {
      const change = Math.log((bar?.close ?? NaN) / (bars[index - 1]?.close ?? NaN));
      return Number.isNaN(change) ? [] : [[start + index * stepMs, change]];
    }),
  );
}

function correlation(one: ReadonlyMap<number, number>, other: ReadonlyMap<number, number>): number {
  let [n, x, y, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  for (const [at, a] of one) {
    const b = other.get(at);
    if (b === undefined) continue;
    n++;
    x += a;
    y += b;
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }
  return (n * xy - x * y) / Math.sqrt((n * xx - x * x) * (n * yy - y * y));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
