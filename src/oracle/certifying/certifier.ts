import type { Cut } from '../cut';
import { FeedPast, type FeedPastState } from '../feed-past';
import { reasonBit, reasonList } from '../guarding/reasons';
import { pastKey } from '../past-key';
import type { FeedPlan, OraclePlan } from '../plan';
import { decideStatus } from '../pricing/status';
import type { Figures, Report, ReportPrices } from '../report';
import { Publisher, type PublisherOptions } from '../reporting/publisher';
import { saysTheSame } from '../same-report';
import { cutInstant, SECOND_MS, type EpochMs } from '../units/time';
import { combineFeed, type CertifyingRules } from './combine';
import type { ObservedFeed } from './observed-feed';

const OPERATOR_HALT = 'operatorHalt';

/** A cut without what only one signer knows: the verdicts on its own sources. */
export type CertifiedCut = Omit<Cut, 'verdicts' | 'rates'>;

/** What a certifier continues from: exact, and a function of the certified cuts alone. */
export interface CertifierState {
  /** Number of the newest certified cut. */
  readonly cut: number;
  /** By `pastKey`. */
  readonly feeds: Readonly<Record<string, CertifiedFeedState>>;
}

/** What stands of one feed, and what led to it. */
interface CertifiedFeedState {
  readonly past: FeedPastState;
  /** Of the plan it was certified under: integers of other decimals mean something else. */
  readonly decimals: number;
  readonly report: Omit<Report, 'feed'> | undefined;
  readonly figures: Omit<Figures, 'feed'> | undefined;
}

export interface CertifierOptions extends PublisherOptions {
  readonly rules: CertifyingRules;
}

/**
 * From what several signers observe to the one cut that all of them sign: a pure function of the listed observations
 * and the certified cuts before. A cut is drafted, which changes nothing, and committed once enough have signed it.
 */
export class Certifier {
  private pasts: readonly FeedPast[];
  private spare: readonly FeedPast[];
  private readonly standing: { readonly reports: (Report | undefined)[]; readonly figures: (Figures | undefined)[] };
  private readonly publisher: Publisher;
  private readonly rules: CertifyingRules;
  private last = -Infinity;
  private drafted: CertifiedCut | undefined;

  constructor(
    private readonly plan: OraclePlan,
    options: CertifierOptions,
    state?: CertifierState,
  ) {
    this.rules = options.rules;
    this.publisher = new Publisher(plan, options);
    this.pasts = plan.feeds.map((feed) => new FeedPast(feed));
    this.spare = plan.feeds.map((feed) => new FeedPast(feed));
    this.standing = { reports: plan.feeds.map(() => undefined), figures: plan.feeds.map(() => undefined) };
    if (state !== undefined) this.restore(state);
  }

  /** Number of the newest certified cut; -Infinity before the first. */
  get lastCut(): number {
    return this.last;
  }

  /**
   * The cut that follows from these observations, each of all feeds in the order of the plan. It replaces a draft that
   * was not committed. Throws RangeError for a cut that is not above the last.
   */
  draft(cut: number, observations: readonly (readonly ObservedFeed[])[]): CertifiedCut {
    if (!(cut > this.last)) throw new RangeError(`cut ${cut} is not above ${this.last}, the last that was certified`);
    this.abandon();
    const at = cutInstant(cut);
    const begins = this.elapse(at);
    const reports = this.plan.feeds.flatMap((plan, feed) => {
      const combined = combineFeed(
        observations.map((observed) => observed[feed] as ObservedFeed),
        this.rules,
      );
      const report = this.report(plan, feed, cut, combined);
      const before = begins ? undefined : this.standing.reports[feed];
      return before !== undefined && saysTheSame(before, report) ? [] : [report];
    });
    const onGrid = begins || Math.floor(at / SECOND_MS) > Math.floor(cutInstant(this.last) / SECOND_MS);
    const figures = onGrid ? this.spare.map((past, feed) => past.figures(feed, cut)) : [];
    const leaves = this.publisher.leaves(reports, figures);
    const header = this.publisher.header(cut, at);
    const halts = this.halts(reports);
    this.drafted = { number: cut, at, reports, figures, halts, leaves, header };
    return this.drafted;
  }

  /** Makes the draft the past of what follows. Throws if there is none. */
  commit(): CertifiedCut {
    const { drafted } = this;
    if (drafted === undefined) throw new Error('no cut was drafted that could be committed');
    this.drafted = undefined;
    [this.pasts, this.spare] = [this.spare, this.pasts];
    for (const report of drafted.reports) {
      this.pasts[report.feed]?.absorb(report, drafted.at);
      this.standing.reports[report.feed] = report;
    }
    for (const figures of drafted.figures) this.standing.figures[figures.feed] = figures;
    this.last = drafted.number;
    return drafted;
  }

  state(): CertifierState {
    const { reports, figures } = this.standing;
    const feeds = this.plan.feeds.map((plan, feed): [string, CertifiedFeedState] => {
      const past = (this.pasts[feed] as FeedPast).state();
      return [pastKey(plan), { past, decimals: plan.decimals, report: reports[feed], figures: figures[feed] }];
    });
    return { cut: this.last, feeds: Object.fromEntries(feeds) };
  }

  /**
   * Brings a copy of the past to an instant. Returns whether what was certified has run out by then, or there was
   * nothing: consumers had no price since, so every feed begins anew.
   */
  private elapse(at: EpochMs): boolean {
    const ranOutAt = cutInstant(this.last) + this.plan.cuts.validForMs;
    const begins = !(at <= ranOutAt);
    for (const [feed, past] of this.spare.entries()) {
      past.restore((this.pasts[feed] as FeedPast).state());
      if (begins) {
        if (ranOutAt > -Infinity) past.elapse(ranOutAt);
        past.resume();
      }
      past.elapse(at);
    }
    return begins;
  }

  private report(plan: FeedPlan, feed: number, cut: number, combined: ObservedFeed): Report {
    const past = this.spare[feed] as FeedPast;
    const at = cutInstant(cut);
    const inGrace = at < past.memory.resumedAt(at) + plan.policy.graceMs;
    const { status, reasons, permits } = decideStatus(combined.reasons, past.isWarm(), inGrace);
    const { observedAt, sources, dispersionBps } = combined;
    const prices = combined.prices && usePrices(combined.prices, past.stable());
    const sequence = past.memory.sequence + 1;
    return {
      feed,
      sequence,
      cut,
      observedAt,
      status,
      reasons: reasonList(reasons),
      permits,
      prices,
      sources,
      dispersionBps,
    };
  }

  private halts(changed: readonly Report[]): number[] {
    return this.standing.reports.flatMap((standing, feed) => {
      const report = changed.find((one) => one.feed === feed) ?? standing;
      return report?.reasons.includes(OPERATOR_HALT) === true ? [feed] : [];
    });
  }

  /** The leaves of a draft that nobody wanted give way to those that stand. */
  private abandon(): void {
    const { drafted } = this;
    if (drafted === undefined) return;
    this.drafted = undefined;
    const { reports, figures } = this.standing;
    this.publisher.leaves(
      drafted.reports.flatMap(({ feed }) => reports[feed] ?? []),
      drafted.figures.flatMap(({ feed }) => figures[feed] ?? []),
    );
  }

  /** The plan may be another one: a feed that is gone is dropped, and a new one begins. */
  private restore({ cut, feeds }: CertifierState): void {
    this.last = cut;
    for (const [feed, plan] of this.plan.feeds.entries()) {
      const state = feeds[pastKey(plan)];
      if (state === undefined) continue;
      this.pasts[feed]?.restore(state.past);
      if (state.decimals !== plan.decimals) continue;
      this.standing.reports[feed] = state.report && interned({ ...state.report, feed });
      this.standing.figures[feed] = state.figures && { ...state.figures, feed };
    }
    const { reports, figures } = this.standing;
    this.publisher.leaves(
      reports.filter((report) => report !== undefined),
      figures.filter((figure) => figure !== undefined),
    );
  }
}

/** What counts for new risk is the worse of what signers say and the certified stable price; absent until that is known. */
function usePrices(combined: ReportPrices, stable: number | undefined): ReportPrices {
  const { price, low, high, collateral = low, liability = high } = combined;
  return {
    price,
    low,
    high,
    collateral: stable === undefined ? undefined : Math.min(collateral, stable),
    liability: stable === undefined ? undefined : Math.max(liability, stable),
  };
}

/** Sets of reasons and permits are compared by identity; those read back from JSON are exchanged for the shared ones. */
function interned(report: Report): Report {
  const set = report.reasons.reduce((bits, reason) => bits | reasonBit(reason), 0);
  const { permits } = decideStatus(set, report.status !== 'warming', report.status === 'grace');
  return { ...report, reasons: reasonList(set), permits };
}
