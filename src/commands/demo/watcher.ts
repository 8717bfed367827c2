import type { Market } from '../../lab/market/market';
import type { OraclePlan } from '../../oracle/plan';
import type { Figures, Report } from '../../oracle/report';
import { fromMantissa } from '../../oracle/units/decimal';
import { cutInstant } from '../../oracle/units/time';
import type { Ledger, LedgerEntry } from '../../outbound/ledger/ledger';

/** How often the statuses are looked at, and how many looks the verdict on a feed covers: the last five seconds. */
export const LOOK_EVERY_MS = 100;
const LOOKS = 50;
/** A feed is ok if it was at this share of the last looks: a jump is sorted out within a second, as it is meant to be. */
const OK_SHARE = 0.8;

export interface FeedView {
  readonly id: string;
  readonly report: Report;
  readonly figures: Figures | undefined;
}

/** Holds what is published against the market's truth, which only a simulation knows. */
export class Watcher {
  private readonly reports: Report[] = [];
  private readonly figures: Figures[] = [];
  private readonly errorsBps: number[] = [];
  private readonly looks: boolean[][];

  constructor(
    private readonly plan: OraclePlan,
    private readonly market: Market,
  ) {
    this.looks = plan.feeds.map(() => []);
  }

  async follow(ledger: Ledger, signal: AbortSignal): Promise<void> {
    for await (const entry of ledger.tail(0, signal)) this.take(entry);
  }

  look(): void {
    this.looks.forEach((looks, feed) => {
      looks.push(this.reports[feed]?.status === 'ok');
      if (looks.length > LOOKS) looks.shift();
    });
  }

  get okFeeds(): number {
    return this.looks.filter((looks) => looks.filter(Boolean).length >= OK_SHARE * Math.max(1, looks.length)).length;
  }

  /** Of every price that was published as ok, against the truth at its cut's instant. */
  errorBps(quantile: number): number {
    const sorted = this.errorsBps.toSorted((a, b) => a - b);
    const at = Math.min(sorted.length - 1, Math.floor(quantile * sorted.length));
    return Math.round((sorted[at] ?? NaN) * 1_000) / 1_000;
  }

  feeds(): FeedView[] {
    return this.plan.feeds.flatMap(({ id }, feed) => {
      const report = this.reports[feed];
      return report === undefined ? [] : [{ id, report, figures: this.figures[feed] }];
    });
  }

  private take({ cut }: LedgerEntry): void {
    for (const figures of cut.figures) this.figures[figures.feed] = figures;
    for (const report of cut.reports) {
      this.reports[report.feed] = report;
      if (report.status === 'ok' && report.prices !== undefined)
        this.errorsBps.push(this.error(report, report.prices.price));
    }
  }

  private error(report: Report, mantissa: number): number {
    const feed = this.plan.feeds[report.feed];
    if (feed === undefined) throw new RangeError(`the plan has no feed ${report.feed}`);
    const truth = this.market.truthOf(feed.asset.symbol, feed.quote, cutInstant(report.cut));
    return (Math.abs(fromMantissa(mantissa, feed.decimals) - truth) / truth) * 10_000;
  }
}
