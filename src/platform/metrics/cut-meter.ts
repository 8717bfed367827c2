import type { Cut } from '../../oracle/cut';
import type { OraclePlan } from '../../oracle/plan';
import { STATUSES, type Report } from '../../oracle/report';
import { fromMantissa } from '../../oracle/units/decimal';
import { SECOND_MS, type EpochMs } from '../../oracle/units/time';
import { VERDICTS } from '../../oracle/verdict';
import type { Clock } from '../clock/clock';
import type { Metrics } from './metrics';

/**
 * What cuts say, as metrics. Counting a cut costs a few additions, for it happens beside the price path; prices, ages
 * and statuses are worked out when somebody asks.
 */
export class CutMeter {
  private readonly reports = new Map<number, Report>();
  private readonly verdicts = new Float64Array(VERDICTS.length);

  constructor(
    private readonly metrics: Metrics,
    private readonly plan: OraclePlan,
    private readonly clock: Clock,
  ) {}

  count({ reports, verdicts }: Cut): void {
    this.metrics.cuts.inc();
    for (const report of reports) this.reports.set(report.feed, report);
    for (const code of verdicts.code) this.verdicts[code] = (this.verdicts[code] ?? 0) + 1;
  }

  /** Brings the metrics up to date; called before each scrape. */
  refresh(): void {
    for (const [code, { stage, name }] of VERDICTS.entries()) {
      this.metrics.verdicts.inc({ stage, verdict: name }, this.verdicts[code] ?? 0);
    }
    this.verdicts.fill(0);
    this.refreshFeeds(this.clock.now());
  }

  private refreshFeeds(now: EpochMs): void {
    const { feeds, price, priceAge } = this.metrics;
    for (const status of STATUSES) feeds.set({ status }, 0);
    for (const [index, { id, decimals }] of this.plan.feeds.entries()) {
      const report = this.reports.get(index);
      if (report === undefined) continue;
      feeds.inc({ status: report.status });
      if (report.prices === undefined || report.observedAt === undefined) {
        price.remove({ feed: id });
        priceAge.remove({ feed: id });
      } else {
        price.set({ feed: id }, fromMantissa(report.prices.price, decimals));
        priceAge.set({ feed: id }, (now - report.observedAt) / SECOND_MS);
      }
    }
  }
}
