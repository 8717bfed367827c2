import { reasonBit, reasonList } from '../guarding/reasons';
import { decideStatus } from '../pricing/status';
import type { Figures, Report } from '../report';

/** Of one feed. Indices are those of a plan, so a state goes without. */
export interface StandingState {
  readonly report: Omit<Report, 'feed'> | undefined;
  readonly figures: Omit<Figures, 'feed'> | undefined;
}

interface Said {
  readonly reports: readonly Report[];
  readonly figures: readonly Figures[];
}

/** What was last certified of every feed. */
export class Standing {
  private readonly reports = new Map<number, Report>();
  private readonly figures = new Map<number, Figures>();

  report(feed: number): Report | undefined {
    return this.reports.get(feed);
  }

  absorb({ reports, figures }: Said): void {
    for (const report of reports) this.reports.set(report.feed, report);
    for (const one of figures) this.figures.set(one.feed, one);
  }

  /** Everything, in the order of feeds. */
  all(): Said {
    const inOrder = <Of extends { readonly feed: number }>(of: ReadonlyMap<number, Of>): Of[] =>
      [...of.values()].sort((a, b) => a.feed - b.feed);
    return { reports: inOrder(this.reports), figures: inOrder(this.figures) };
  }

  /** What stands where a cut that came to nothing said something else. */
  insteadOf({ reports, figures }: Said): Said {
    return {
      reports: reports.flatMap(({ feed }) => this.reports.get(feed) ?? []),
      figures: figures.flatMap(({ feed }) => this.figures.get(feed) ?? []),
    };
  }

  state(feed: number): StandingState {
    return { report: this.reports.get(feed), figures: this.figures.get(feed) };
  }

  restore(feed: number, { report, figures }: StandingState): void {
    if (report !== undefined) this.reports.set(feed, interned({ ...report, feed }));
    if (figures !== undefined) this.figures.set(feed, { ...figures, feed });
  }
}

/** Sets of reasons and permits are compared by identity; those read back from JSON are exchanged for the shared ones. */
function interned(report: Report): Report {
  const set = report.reasons.reduce((bits, reason) => bits | reasonBit(reason), 0);
  const { permits } = decideStatus(set, report.status !== 'warming', report.status === 'grace');
  return { ...report, reasons: reasonList(set), permits };
}
