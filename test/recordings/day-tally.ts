import type { Band, StandingWords } from '../../src/lab/drawing/standing-words';
import type { Cut } from '../../src/oracle/cut';
import type { OraclePlan } from '../../src/oracle/plan';
import type { Reason, Status } from '../../src/oracle/report';
import { SECOND_MS, type EpochMs } from '../../src/oracle/units/time';

/** Venues further apart than this contradict each other: no price can be right for both, and none may be called ok. */
export const APART_BPS = 1_000;

/** A moment, told by what the venues said in it. */
interface Moment {
  readonly at: EpochMs;
  readonly bps: number;
  readonly price: number;
  readonly venues: readonly number[];
  readonly status: Status;
  readonly reasons: readonly Reason[];
}

/** What became of one feed over a replay; absent moments never came. */
export interface FeedTally {
  readonly feed: string;
  readonly secondsByStatus: Readonly<Record<string, number>>;
  readonly secondsByReason: Readonly<Record<string, number>>;
  /** While ok, the price furthest from the plain median of what the venues then stood by. */
  readonly worstWhileOk: Moment | undefined;
  /** Seconds in which one venue stood more than APART_BPS below another, by status. */
  readonly secondsApart: Readonly<Record<string, number>>;
  /** The longest stretch of these in which the feed was ok all the while: must be 0. */
  readonly longestApartOkSeconds: number;
  /** Seconds in which liquidation was permitted by a band that did not hold both of such venues. */
  readonly secondsLiquidableOutside: number;
  /** The venues furthest apart, and what was said of it. */
  readonly widest: Moment | undefined;
}

/** Judges a replay by what was heard beside the oracle, cut by cut: how things stand at a cut lasts until the next. */
export class DayTally {
  private readonly feeds: FeedNotes[];

  constructor(
    plan: OraclePlan,
    private readonly words: StandingWords,
  ) {
    this.feeds = plan.feeds.map(({ id }) => new FeedNotes(id));
  }

  note({ at }: Cut): void {
    this.feeds.forEach((notes, feed) => {
      const report = this.words.report(feed);
      if (report === undefined) return;
      const { status, reasons, permits } = report;
      const venues = this.words.wordsOf(feed, at).filter((word) => !Number.isNaN(word));
      const band = permits.includes('liquidate') ? this.words.band(feed) : undefined;
      notes.note({ at, price: this.words.price(feed), venues, status, reasons }, band);
    });
  }

  tallies(): FeedTally[] {
    return this.feeds.map((notes) => notes.tally());
  }
}

class FeedNotes {
  private readonly statuses = new Map<string, number>();
  private readonly reasons = new Map<string, number>();
  private readonly apart = new Map<string, number>();
  private before: Omit<Moment, 'bps'> | undefined;
  private wasApart = false;
  private isOutside = false;
  private outsideMs = 0;
  private apartOkMs = 0;
  private longestApartOkMs = 0;
  private worst: Moment | undefined;
  private widest: Moment | undefined;

  constructor(private readonly feed: string) {}

  /** `band` where liquidation is permitted by it. */
  note(moment: Omit<Moment, 'bps'>, band: Band | undefined): void {
    if (this.before !== undefined) this.pass(this.before, moment.at - this.before.at);
    const { venues, price, status } = moment;
    const [low, high] = [Math.min(...venues), Math.max(...venues)];
    const gap = venues.length < 2 ? 0 : (1 - low / high) * 10_000;
    this.wasApart = gap > APART_BPS;
    this.isOutside = this.wasApart && band !== undefined && !(band.low <= low && band.high >= high);
    if (gap > (this.widest?.bps ?? 0)) this.widest = { ...moment, bps: gap };
    if (status === 'ok' && venues.length > 0) {
      const off = Math.abs(price / medianOf(venues) - 1) * 10_000;
      if (off > (this.worst?.bps ?? 0)) this.worst = { ...moment, bps: off };
    }
    this.before = moment;
  }

  private pass({ status, reasons }: Omit<Moment, 'bps'>, ms: number): void {
    add(this.statuses, status, ms);
    for (const reason of reasons) add(this.reasons, reason, ms);
    if (this.wasApart) add(this.apart, status, ms);
    if (this.isOutside) this.outsideMs += ms;
    this.apartOkMs = this.wasApart && status === 'ok' ? this.apartOkMs + ms : 0;
    this.longestApartOkMs = Math.max(this.longestApartOkMs, this.apartOkMs);
  }

  tally(): FeedTally {
    return {
      feed: this.feed,
      secondsByStatus: seconds(this.statuses),
      secondsByReason: seconds(this.reasons),
      worstWhileOk: this.worst,
      secondsApart: seconds(this.apart),
      longestApartOkSeconds: this.longestApartOkMs / SECOND_MS,
      secondsLiquidableOutside: Math.round(this.outsideMs / 10) / 100,
      widest: this.widest,
    };
  }
}

function add(sums: Map<string, number>, key: string, ms: number): void {
  sums.set(key, (sums.get(key) ?? 0) + ms);
}

function seconds(sums: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...sums].map(([key, ms]) => [key, Math.round(ms / 10) / 100]));
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted.length >> 1;
  const high = sorted[upper] ?? NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[upper - 1] ?? NaN) + high) / 2;
}
