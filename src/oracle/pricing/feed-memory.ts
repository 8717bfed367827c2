import type { Report, Status } from '../report';
import type { EpochMs } from '../units/time';

export interface FeedMemoryState {
  readonly status: Status;
  readonly sequence: number;
  readonly resumedAt: EpochMs;
  readonly disagreeSince: EpochMs;
  readonly lastAgreed: number;
}

/** What one feed remembers of its own reports. A function of these alone, so that the ledger can restore it. */
export class FeedMemory {
  private status: Status = 'halted';
  /** The report that stands, for telling whether a new one says anything else; absent after a restart. */
  report: Report | undefined;
  sequence = 0;
  private resumedSince: EpochMs = NaN;
  private disagreedSince: EpochMs = NaN;
  /** The last price on which both medians agreed; NaN before there was one. */
  lastAgreed = NaN;

  /** When a price published now would have come back from a halt. */
  resumedAt(now: EpochMs): EpochMs {
    return this.status === 'halted' ? now : this.resumedSince;
  }

  /** When a disagreement that is seen now began. */
  disagreeSince(now: EpochMs): EpochMs {
    return Number.isNaN(this.disagreedSince) ? now : this.disagreedSince;
  }

  /** Takes the report that was published at `at`; `price` is its rounded price in float64, NaN when halted. */
  absorb(report: Report, price: number, at: EpochMs): void {
    this.resumedSince = this.resumedAt(at);
    this.status = report.status;
    this.sequence = report.sequence;
    this.report = report;
    const disagrees = report.reasons.includes('mediansDisagree');
    this.disagreedSince = disagrees ? this.disagreeSince(at) : NaN;
    if (!disagrees && !Number.isNaN(price)) this.lastAgreed = price;
  }

  /** After a restart nothing is published until the first cut: as far as grace is concerned, the feed was halted. */
  resume(): void {
    this.report = undefined;
    this.status = 'halted';
  }

  state(): FeedMemoryState {
    const { status, sequence, resumedSince, disagreedSince, lastAgreed } = this;
    return { status, sequence, resumedAt: resumedSince, disagreeSince: disagreedSince, lastAgreed };
  }

  restore(state: FeedMemoryState): void {
    this.status = state.status;
    this.sequence = state.sequence;
    this.resumedSince = state.resumedAt;
    this.disagreedSince = state.disagreeSince;
    this.lastAgreed = state.lastAgreed;
  }
}
