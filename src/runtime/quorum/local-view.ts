import type { Outcome } from '../../inbound/dialect';
import { observedFeed, type ObservedFeed } from '../../oracle/certifying/observed-feed';
import { reasonBit } from '../../oracle/guarding/reasons';
import type { OraclePlan } from '../../oracle/plan';
import type { Report } from '../../oracle/report';
import type { EpochMs } from '../../oracle/units/time';
import type { VerdictColumns } from '../../oracle/verdict';
import type { LedgerEntry } from '../../outbound/ledger/ledger';
import type { OperatorInstruction, RecordedEvent } from '../../recording/event';
import type { TurnOutlets } from '../turn.service';

/** What was seen here since the last certified cut. */
export interface Seen {
  readonly verdicts: readonly VerdictColumns[];
  readonly operator: readonly OperatorInstruction[];
}

/** A feed that nobody here has looked at: as if no source spoke. */
const UNSEEN: ObservedFeed = {
  reasons: reasonBit('tooFewUpstreams'),
  observedAt: undefined,
  prices: undefined,
  sources: { used: 0, upstreams: 0 },
  dispersionBps: 0,
};

/** What this signer's own oracle reports: its observation, not yet what is published. */
export class LocalView implements TurnOutlets {
  private readonly reports: (Report | undefined)[];
  private verdicts: VerdictColumns[] = [];
  private operator: OperatorInstruction[] = [];

  constructor(
    plan: Pick<OraclePlan, 'feeds'>,
    private readonly recording: Omit<TurnOutlets, 'entry'>,
  ) {
    this.reports = plan.feeds.map(() => undefined);
  }

  /** Every feed as it is seen now, in the order of the plan. */
  observe(): readonly ObservedFeed[] {
    return this.reports.map((report) => (report === undefined ? UNSEEN : observedFeed(report)));
  }

  /** Takes out what was seen besides. */
  take(): Seen {
    const { verdicts, operator } = this;
    this.verdicts = [];
    this.operator = [];
    return { verdicts, operator };
  }

  entry({ cut, operator }: LedgerEntry): void {
    for (const report of cut.reports) this.reports[report.feed] = report;
    if (cut.verdicts.source.length > 0) this.verdicts.push(cut.verdicts);
    if (this.verdicts.length > MAX_WAITING) this.verdicts.shift();
    this.operator.push(...operator);
  }

  started(at: EpochMs, state: () => unknown): void {
    this.recording.started(at, state);
  }

  heard(event: RecordedEvent, outcomes: readonly Outcome[]): void {
    this.recording.heard(event, outcomes);
  }

  stopped(at: EpochMs): void {
    this.recording.stopped(at);
  }

  /** Who sees nothing any more says so, rather than what it saw last. */
  failed(error: unknown): void {
    this.reports.fill(undefined);
    this.recording.failed(error);
  }
}

/** While nothing is certified, the verdicts of so many local cuts are kept: some ten seconds of them. */
const MAX_WAITING = 512;
