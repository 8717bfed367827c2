import type { Cut } from '../../oracle/cut';
import type { OraclePlan } from '../../oracle/plan';
import { STATUSES } from '../../oracle/report';
import { SECOND_MS, type EpochMs } from '../../oracle/units/time';
import type { StandingWords } from './standing-words';

/** About two pixels of a drawing each. When there are more, pairs become one. */
const MAX_COLUMNS = 640;

/** From the lowest to the highest of a stretch of time; upside down where there was nothing. */
export interface Reach {
  low: number;
  high: number;
}

/** A stretch of time of one feed. */
export interface Column {
  readonly price: Reach;
  readonly band: Reach;
  /** In the order of the feed's sources. */
  readonly venues: readonly Reach[];
  /** Index into STATUSES of the least that it was: halted is 0. */
  status: number;
}

/** One feed's replay, column by column. A column is undefined where no cut was made. */
export interface ReplayDrawing {
  readonly feed: string;
  readonly sources: readonly string[];
  readonly from: EpochMs;
  readonly stepMs: number;
  readonly columns: readonly (Column | undefined)[];
}

export interface Window {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Keeps of a replay of any length what fits a drawing: of each column the extremes, so that no spike is lost. */
export class ReplayColumns {
  private readonly feeds: (Column | undefined)[][];
  private from: EpochMs | undefined;
  private stepMs = SECOND_MS;

  /** Without a window all of the replay is kept. */
  constructor(
    private readonly plan: OraclePlan,
    private readonly words: StandingWords,
    private readonly window: Window = { from: -Infinity, to: Infinity },
  ) {
    this.feeds = plan.feeds.map(() => []);
  }

  /** Notes how things stand at a cut that `words` has taken. */
  note({ at }: Cut): void {
    if (at < this.window.from || at >= this.window.to) return;
    this.from ??= at;
    while (at - this.from >= MAX_COLUMNS * this.stepMs) this.halve();
    const place = Math.floor((at - this.from) / this.stepMs);
    this.feeds.forEach((columns, feed) => {
      const column = (columns[place] ??= emptyColumn(this.words.voicesOf(feed).length));
      this.widen(column, feed, at);
    });
  }

  drawings(): ReplayDrawing[] {
    const { from = 0, stepMs } = this;
    return this.feeds.map((columns, feed) => ({
      feed: this.plan.feeds[feed]?.id ?? '',
      sources: this.words.voicesOf(feed),
      from,
      stepMs,
      columns: Array.from(columns),
    }));
  }

  private widen(column: Column, feed: number, at: EpochMs): void {
    const report = this.words.report(feed);
    const band = this.words.band(feed);
    column.status = Math.min(column.status, report === undefined ? 0 : STATUSES.indexOf(report.status));
    if (band !== undefined) {
      reach(column.price, this.words.price(feed));
      reach(column.band, band.low);
      reach(column.band, band.high);
    }
    this.words.wordsOf(feed, at).forEach((word, index) => {
      const venue = column.venues[index];
      if (venue !== undefined && !Number.isNaN(word)) reach(venue, word);
    });
  }

  private halve(): void {
    this.stepMs *= 2;
    this.feeds.forEach((columns, feed) => {
      this.feeds[feed] = Array.from({ length: Math.ceil(columns.length / 2) }, (_, index) =>
        joined(columns[2 * index], columns[2 * index + 1]),
      );
    });
  }
}

function emptyReach(): Reach {
  return { low: Infinity, high: -Infinity };
}

function emptyColumn(venues: number): Column {
  const none = Array.from({ length: venues }, emptyReach);
  return { price: emptyReach(), band: emptyReach(), venues: none, status: STATUSES.length };
}

function reach(range: Reach, value: number): void {
  if (value < range.low) range.low = value;
  if (value > range.high) range.high = value;
}

function joined(one: Column | undefined, other: Column | undefined): Column | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const both = (a: Reach, b: Reach): Reach => ({ low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) });
  return {
    price: both(one.price, other.price),
    band: both(one.band, other.band),
    venues: one.venues.map((venue, index) => both(venue, other.venues[index] ?? venue)),
    status: Math.min(one.status, other.status),
  };
}
