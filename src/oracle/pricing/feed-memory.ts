import type { Reason, Report, Status } from '../report';
import type { EpochMs } from '../units/time';

export interface FeedMemoryState {
  readonly status: Status;
  readonly sequence: number;
  readonly resumedAt: EpochMs;
  readonly disagreeSince: EpochMs;
  readonly lastAgreed: number;
  readonly lastAgreedAt: EpochMs;
  readonly anchorsDisagreeSince: EpochMs;
  readonly lastWitnessed: number;
  readonly lastCalm: number;
  readonly lastCalmAt: EpochMs;
  readonly isOutOfBounds: boolean;
  readonly isTripped: boolean;
  readonly settlingSince: EpochMs;
}

/** What one feed remembers of its own reports. A function of these alone, so that the ledger can restore it. */
export class FeedMemory {
  private status: Status = 'halted';
  /** The report that stands, for telling whether a new one says anything else; absent after a restart. */
  report: Report | undefined;
  sequence = 0;
  private resumedSince: EpochMs = NaN;
  private disagreedSince: EpochMs = NaN;
  private anchorsDisagreedSince: EpochMs = NaN;
  private settledSince: EpochMs = NaN;
  /** The last price on which both medians agreed, and when it was published; NaN before there was one. */
  lastAgreed = NaN;
  lastAgreedAt: EpochMs = NaN;
  /** The last price that no quorum of anchors contradicted; NaN before there was one. */
  lastWitnessed = NaN;
  /** The last price whose pace was within bounds, and when it was published; NaN before there was one. */
  lastCalm = NaN;
  lastCalmAt: EpochMs = NaN;
  isOutOfBounds = false;
  /** Whether the breaker holds the feed. */
  isTripped = false;

  /** When a price published now would have come back from a halt. */
  resumedAt(now: EpochMs): EpochMs {
    return this.status === 'halted' ? now : this.resumedSince;
  }

  /** When a disagreement of the medians that is seen now began. */
  disagreeSince(now: EpochMs): EpochMs {
    return ongoing(this.disagreedSince, now);
  }

  /** When a contradiction by the anchors that is seen now began. */
  anchorsDisagreeSince(now: EpochMs): EpochMs {
    return ongoing(this.anchorsDisagreedSince, now);
  }

  /** When that which lets a tripped breaker go, as seen now, began. */
  settlingSince(now: EpochMs): EpochMs {
    return ongoing(this.settledSince, now);
  }

  /** Takes the report that was published at `at`; `price` is its rounded price in float64, NaN when halted. */
  absorb(report: Report, price: number, at: EpochMs): void {
    const says = (reason: Reason): boolean => report.reasons.includes(reason);
    this.resumedSince = this.resumedAt(at);
    this.status = report.status;
    this.sequence = report.sequence;
    this.report = report;
    this.disagreedSince = says('mediansDisagree') ? this.disagreeSince(at) : NaN;
    this.anchorsDisagreedSince = says('anchorsDisagree') ? this.anchorsDisagreeSince(at) : NaN;
    this.isOutOfBounds = says('rateOutOfBounds');
    this.absorbBreaker(says('pathlessJump'), says('resuming'), at);
    if (Number.isNaN(price)) return;
    if (!says('mediansDisagree')) [this.lastAgreed, this.lastAgreedAt] = [price, at];
    if (!says('anchorsDisagree')) this.lastWitnessed = price;
    if (!this.isOutOfBounds) [this.lastCalm, this.lastCalmAt] = [price, at];
  }

  /** A breaker that let go has forgotten what it held the price against: the next price is a new beginning. */
  private absorbBreaker(trips: boolean, settles: boolean, at: EpochMs): void {
    if (this.isTripped && !trips) [this.lastAgreed, this.lastAgreedAt] = [NaN, NaN];
    this.settledSince = trips && settles ? this.settlingSince(at) : NaN;
    this.isTripped = trips;
  }

  /** After a restart nothing is published until the first cut: as far as grace is concerned, the feed was halted. */
  resume(): void {
    this.report = undefined;
    this.status = 'halted';
  }

  state(): FeedMemoryState {
    const { status, sequence, lastAgreed, lastAgreedAt, lastWitnessed, lastCalm, lastCalmAt } = this;
    const { isOutOfBounds, isTripped } = this;
    return {
      status,
      sequence,
      resumedAt: this.resumedSince,
      disagreeSince: this.disagreedSince,
      lastAgreed,
      lastAgreedAt,
      anchorsDisagreeSince: this.anchorsDisagreedSince,
      lastWitnessed,
      lastCalm,
      lastCalmAt,
      isOutOfBounds,
      isTripped,
      settlingSince: this.settledSince,
    };
  }

  restore(state: FeedMemoryState): void {
    this.status = state.status;
    this.sequence = state.sequence;
    this.resumedSince = state.resumedAt;
    this.disagreedSince = state.disagreeSince;
    this.lastAgreed = state.lastAgreed;
    this.lastAgreedAt = state.lastAgreedAt;
    this.anchorsDisagreedSince = state.anchorsDisagreeSince;
    this.lastWitnessed = state.lastWitnessed;
    this.lastCalm = state.lastCalm;
    this.lastCalmAt = state.lastCalmAt;
    this.isOutOfBounds = state.isOutOfBounds;
    this.isTripped = state.isTripped;
    this.settledSince = state.settlingSince;
  }
}

function ongoing(since: EpochMs, now: EpochMs): EpochMs {
  return Number.isNaN(since) ? now : since;
}
