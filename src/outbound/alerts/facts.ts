import type { Cut } from '../../oracle/cut';
import type { OraclePlan } from '../../oracle/plan';
import type { Report } from '../../oracle/report';
import { VERDICTS, type Verdict } from '../../oracle/verdict';

/** What a source was last found to be; NaN where nothing was measured. */
export interface SourceFact {
  readonly verdict: Verdict;
  readonly measured: number;
  readonly limit: number;
}

/**
 * What the cuts so far have said: a cut holds only what changed, and what it does not mention still stands. Of a feed
 * or source that no cut has mentioned nothing is known.
 */
export class Facts {
  private readonly reports: (Report | undefined)[];
  private readonly codes: (number | undefined)[];
  private readonly measured: Float64Array;
  private readonly limits: Float64Array;
  private readonly costs: (number | undefined)[];

  constructor(readonly plan: OraclePlan) {
    this.reports = plan.feeds.map(() => undefined);
    this.codes = plan.sources.map(() => undefined);
    this.measured = new Float64Array(plan.sources.length);
    this.limits = new Float64Array(plan.sources.length);
    this.costs = plan.feeds.map(() => undefined);
  }

  learn({ reports, verdicts, liquidity = [] }: Cut): void {
    for (const report of reports) this.reports[report.feed] = report;
    for (const { feed, costToMove } of liquidity) this.costs[feed] = costToMove;
    for (const [row, source] of verdicts.source.entries()) {
      this.codes[source] = verdicts.code[row];
      this.measured[source] = verdicts.measured[row] ?? NaN;
      this.limits[source] = verdicts.limit[row] ?? NaN;
    }
  }

  report(feed: number): Report | undefined {
    return this.reports[feed];
  }

  /** In the feed's quote currency; undefined while nobody knows. */
  costToMove(feed: number): number | undefined {
    return this.costs[feed];
  }

  verdict(source: number): Verdict | undefined {
    const code = this.codes[source];
    return code === undefined ? undefined : VERDICTS[code]?.name;
  }

  source(source: number): SourceFact | undefined {
    const verdict = this.verdict(source);
    if (verdict === undefined) return undefined;
    return { verdict, measured: this.measured[source] ?? NaN, limit: this.limits[source] ?? NaN };
  }
}
