import type { EpochMs } from '../../oracle/units/time';
import type { MarketQuote } from '../run/market-quote';
import type { VenueName } from '../run/venues';
import { HeardRule } from './heard-rule';
import { plainAnswer, type Answer } from './rule';
import { mean, median, weightedMedian, type Weighted } from './statistics';

const PARTITION_MS = 5 * 60_000;
const PARTITIONS = 12;
const REFRESH_MS = 1_000;
/** CF Benchmarks leaves out a venue whose prices stand this far from the others'. */
const MAX_DEVIATION = 0.1;

type Trade = Weighted & { readonly venue: VenueName };

/**
 * The CME CF Bitcoin Reference Rate (https://www.cmegroup.com/education/articles-and-reports/analysis-of-cme-cf-bitcoin-reference-rate.html),
 * rolling: the equal mean over the last hour's twelve partitions of five minutes of each one's volume-weighted median
 * trade, once a second. The rate itself is struck once a day; partitions here stand on the clock, and the newest is
 * the part of it that has passed.
 */
export class CmeBrr extends HeardRule {
  readonly name = 'cmeBrr';
  private readonly closed = new Map<number, number>();
  private trades: Trade[] = [];
  private partition = -Infinity;
  private refreshedAt = -Infinity;
  private answer: Answer = plainAnswer(undefined);

  /** Alone of all it looks back further than a run's warm-up. */
  remember(quote: MarketQuote): void {
    this.take(quote);
  }

  protected override heard(quote: MarketQuote): void {
    this.turnTo(quote.at);
    const rate = this.books.rateOf(quote, quote.at);
    if (rate === undefined || !(quote.last > 0)) return;
    this.trades.push({ venue: quote.venue, value: quote.last * rate, weight: quote.volumeUsd });
  }

  price(at: EpochMs): Answer {
    if (at - this.refreshedAt < REFRESH_MS) return this.answer;
    this.turnTo(at);
    this.refreshedAt = at;
    const medians: number[] = [];
    for (let back = PARTITIONS - 1; back > 0; back--) {
      const closed = this.closed.get(this.partition - back);
      if (closed !== undefined) medians.push(closed);
    }
    const open = partitionMedian(this.trades);
    this.answer = plainAnswer(mean(open === undefined ? medians : [...medians, open]));
    return this.answer;
  }

  private turnTo(at: EpochMs): void {
    const partition = Math.floor(at / PARTITION_MS);
    if (partition === this.partition) return;
    const value = partitionMedian(this.trades);
    if (value !== undefined) this.closed.set(this.partition, value);
    this.partition = partition;
    this.trades = [];
  }
}

function partitionMedian(trades: readonly Trade[]): number | undefined {
  const byVenue = new Map<VenueName, Trade[]>();
  for (const trade of trades) {
    const own = byVenue.get(trade.venue);
    if (own === undefined) byVenue.set(trade.venue, [trade]);
    else own.push(trade);
  }
  const ofVenues = new Map([...byVenue].map(([venue, own]) => [venue, weightedMedian(own) ?? NaN]));
  const middle = median([...ofVenues.values()]);
  if (middle === undefined) return undefined;
  return weightedMedian(
    trades.filter(({ venue }) => Math.abs((ofVenues.get(venue) ?? NaN) - middle) <= MAX_DEVIATION * middle),
  );
}
