import type { Cut } from '../../oracle/cut';
import type { Quote } from '../../oracle/input';
import type { OraclePlan } from '../../oracle/plan';
import type { Report } from '../../oracle/report';
import { fromMantissa } from '../../oracle/units/decimal';
import type { EpochMs } from '../../oracle/units/time';

/** A word of a source: the middle of its quote in its own currency, and when it was said, as far as is known. */
interface Word {
  readonly middle: number;
  readonly at: EpochMs;
}

export interface Band {
  readonly low: number;
  readonly high: number;
}

/** What was heard at an instant, of one source; no word where it stands by nothing any more. */
interface Heard {
  readonly at: EpochMs;
  readonly source: number;
  readonly word: Word | undefined;
}

/**
 * What was heard and what was published, side by side: read beside the oracle, so that a replay can be judged. A word
 * counts from the first cut of its instant or later; those that fell due before it know nothing of it.
 */
export class StandingWords {
  private readonly words: (Word | undefined)[];
  private pending: Heard[] = [];
  private readonly reports: (Report | undefined)[];
  /** By venue and instrument. */
  private readonly places: ReadonlyMap<string, number>;
  /** Of each feed. */
  private readonly sources: readonly (readonly number[])[];

  constructor(private readonly plan: OraclePlan) {
    this.words = plan.sources.map(() => undefined);
    this.reports = plan.feeds.map(() => undefined);
    this.places = new Map(plan.sources.map(({ venue, instrument }, index) => [`${venue} ${instrument}`, index]));
    this.sources = plan.feeds.map((_, feed) =>
      plan.sources.flatMap((source, index) => (source.feed === feed ? [index] : [])),
    );
  }

  /** A quote without two sides stands for nothing. */
  hear(venue: string, instrument: string, { bid, ask, eventAt }: Quote, at: EpochMs): void {
    const source = this.places.get(`${venue} ${instrument}`);
    if (source === undefined) return;
    const isQuote = bid !== undefined && ask !== undefined && bid > 0 && ask < Infinity;
    const multiplier = this.plan.sources[source]?.multiplier ?? 1;
    const word = isQuote
      ? { middle: (bid + (ask - bid) / 2) / multiplier, at: Math.min(at, eventAt ?? at) }
      : undefined;
    this.pending.push({ at, source, word });
  }

  /** What a venue said before it connected or disconnected stands no longer. */
  forget(venue: string, at: EpochMs): void {
    this.plan.sources.forEach((each, source) => {
      if (each.venue === venue) this.pending.push({ at, source, word: undefined });
    });
  }

  take({ at, reports }: Cut): void {
    const later = this.pending.findIndex((heard) => heard.at > at);
    const now = this.pending.splice(0, later < 0 ? Infinity : later);
    for (const { source, word } of now) this.words[source] = word;
    for (const report of reports) this.reports[report.feed] = report;
  }

  /** The newest of a feed; undefined before the first. */
  report(feed: number): Report | undefined {
    return this.reports[feed];
  }

  /** The published price of a feed; NaN where there is none. */
  price(feed: number): number {
    const prices = this.reports[feed]?.prices;
    return prices === undefined ? NaN : fromMantissa(prices.price, this.plan.feeds[feed]?.decimals ?? 0);
  }

  /** The published band of a feed; undefined where there is no price. */
  band(feed: number): Band | undefined {
    const prices = this.reports[feed]?.prices;
    const decimals = this.plan.feeds[feed]?.decimals ?? 0;
    return prices && { low: fromMantissa(prices.low, decimals), high: fromMantissa(prices.high, decimals) };
  }

  /** Ids of a feed's sources, in the order of `wordsOf`. */
  voicesOf(feed: number): string[] {
    return (this.sources[feed] ?? []).map((source) => this.plan.sources[source]?.id ?? '');
  }

  /** What each source of a feed stands by, in the feed's currency; NaN where that is too old or its leg is halted. */
  wordsOf(feed: number, at: EpochMs): number[] {
    return (this.sources[feed] ?? []).map((source) => {
      const plan = this.plan.sources[source];
      const word = this.words[source];
      if (plan === undefined || word === undefined || at - word.at >= plan.maxAgeMs) return NaN;
      return word.middle * (plan.leg === undefined ? 1 : this.price(plan.leg));
    });
  }
}
