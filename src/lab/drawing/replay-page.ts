import { STATUSES, type Status } from '../../oracle/report';
import type { Column, Reach, ReplayDrawing } from './replay-columns';

const WIDTH = 960;
const HEIGHT = 300;
const MARGIN = { left: 64, right: 8, top: 16, bottom: 22 };
const STRIP = 8;
const TICKS = 4;
const PRICE = '#000';
const BAND = '#0a7d33';
const VENUES = ['#2471a3', '#d35400', '#8e44ad', '#b7950b', '#117a65', '#c0392b', '#5d6d7e'];
const STATUS_COLOURS: Readonly<Record<Status, string>> = {
  halted: '#c0392b',
  warming: '#bbb',
  grace: '#5dade2',
  degraded: '#f5b041',
  ok: '#27ae60',
};

const STYLE = `body{font:14px/1.5 system-ui,sans-serif;max-width:1000px;margin:2rem auto;padding:0 1rem;color:#222}
svg{width:100%;background:#fcfcfc;border:1px solid #ddd}figure{margin:2rem 0}
i{display:inline-block;width:1.2em;height:.5em;vertical-align:middle}`;

/** Drawings under one heading. */
export interface Chapter {
  readonly title: string;
  readonly drawings: readonly ReplayDrawing[];
}

/** One file that needs no other: of each feed what its venues said, price and band, and the status beneath. */
export function replayPage(title: string, chapters: readonly Chapter[]): string {
  const statuses = STATUSES.map((status) => [status, STATUS_COLOURS[status]] as const).toReversed();
  return [
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escape(title)}</title>`,
    `<style>${STYLE}</style><h1>${escape(title)}</h1>`,
    `<p>${legend([
      ['price', PRICE],
      ['band', '#b6d8c1'],
    ])}; beneath: ${legend(statuses)}, the worst of each stretch</p>`,
    ...chapters.flatMap((chapter) => [`<h2>${escape(chapter.title)}</h2>`, ...chapter.drawings.map(figure)]),
    '</html>\n',
  ].join('\n');
}

function figure(drawing: ReplayDrawing): string {
  const { feed, sources, columns, stepMs } = drawing;
  const scale = new Scale(drawing);
  const venues = sources.map((source, index) => [source, VENUES[index % VENUES.length] ?? PRICE] as const);
  const layers = [
    scale.grid(),
    scale.area((column) => column.band, BAND, 0.2),
    ...venues.map(([, colour], index) => scale.area((column) => column.venues[index] ?? column.price, colour, 0.6)),
    scale.area((column) => column.price, PRICE, 1),
    strip(columns, scale),
  ];
  return (
    `<figure><figcaption><b>${escape(feed)}</b>: ${legend(venues)}; a column is ${stepMs / 1_000} s</figcaption>` +
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" font-size="11" role="img"><title>${escape(feed)}</title>${layers.join('')}</svg></figure>`
  );
}

/** Places of a drawing: time from left to right, and every price that occurs from bottom to top. */
class Scale {
  private readonly low: number;
  private readonly high: number;

  constructor(private readonly drawing: ReplayDrawing) {
    let [low, high] = [Infinity, -Infinity];
    for (const column of drawing.columns) {
      for (const range of column === undefined ? [] : [column.price, ...column.venues]) {
        low = Math.min(low, range.low);
        high = Math.max(high, range.high);
      }
    }
    // Of a feed that never had a price nor a venue's word only the status is drawn.
    if (low > high) low = high = 0;
    const room = high > low ? (high - low) / 20 : high / 1_000 || 1;
    this.low = low - room;
    this.high = high + room;
  }

  x(place: number): string {
    const { columns } = this.drawing;
    return (MARGIN.left + (place / Math.max(1, columns.length)) * (WIDTH - MARGIN.left - MARGIN.right)).toFixed(1);
  }

  /** Who leaves the drawing, as a wide band may, is cut off at its edge. */
  y(value: number): string {
    const bottom = HEIGHT - MARGIN.bottom - STRIP;
    const part = Math.min(1, Math.max(0, (value - this.low) / (this.high - this.low)));
    return (bottom - part * (bottom - MARGIN.top)).toFixed(1);
  }

  /** One piece for each stretch without a gap, with an outline, so that what does not vary is a line. */
  area(rangeOf: (column: Column) => Reach, colour: string, opacity: number): string {
    let path = '';
    let [there, back]: [string, string] = ['', ''];
    const end = (): void => {
      if (there !== '') path += `M${there.slice(1)}${back}Z`;
      there = back = '';
    };
    this.drawing.columns.forEach((column, place) => {
      const range = column === undefined ? undefined : rangeOf(column);
      if (range === undefined || range.low > range.high) {
        end();
        return;
      }
      const x = this.x(place + 0.5);
      there += `L${x} ${this.y(range.high)}`;
      back = `L${x} ${this.y(range.low)}${back}`;
    });
    end();
    return `<path d="${path}" fill="${colour}" stroke="${colour}" stroke-width=".6" opacity="${opacity}"/>`;
  }

  grid(): string {
    const { from, stepMs, columns } = this.drawing;
    const ticks = Array.from({ length: TICKS + 1 }, (_, tick) => tick / TICKS);
    const values = ticks.map((part) => {
      const value = this.low + part * (this.high - this.low);
      const line = `<path d="M${MARGIN.left} ${this.y(value)}H${WIDTH - MARGIN.right}" stroke="#eee"/>`;
      return `${line}<text x="${MARGIN.left - 4}" y="${this.y(value)}" text-anchor="end">${value.toPrecision(5)}</text>`;
    });
    const times = ticks.slice(0, -1).map((part) => {
      const at = new Date(from + part * columns.length * stepMs).toISOString();
      return `<text x="${this.x(part * columns.length)}" y="${HEIGHT - 6}">${at.slice(0, 19).replace('T', ' ')}</text>`;
    });
    return [...values, ...times].join('');
  }
}

function strip(columns: readonly (Column | undefined)[], scale: Scale): string {
  const runs: { readonly from: number; to: number; readonly status: number }[] = [];
  columns.forEach((column, place) => {
    if (column === undefined) return;
    const run = runs.at(-1);
    if (run?.status === column.status && run.to === place) run.to = place + 1;
    else runs.push({ from: place, to: place + 1, status: column.status });
  });
  const y = HEIGHT - MARGIN.bottom - STRIP;
  return runs
    .map(({ from, to, status }) => {
      const colour = STATUS_COLOURS[STATUSES[status] ?? 'halted'];
      return `<path d="M${scale.x(from)} ${y}H${scale.x(to)}v${STRIP}H${scale.x(from)}Z" fill="${colour}"/>`;
    })
    .join('');
}

function legend(entries: readonly (readonly [string, string])[]): string {
  return entries.map(([name, tint]) => `<i style="background:${tint}"></i> ${escape(name)}`).join(' &nbsp; ');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
