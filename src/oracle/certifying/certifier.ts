import type { Cut } from '../cut';
import { FeedPast, type FeedPastState } from '../feed-past';
import { reasonList } from '../guarding/reasons';
import { pastKey } from '../past-key';
import type { FeedPlan, OraclePlan } from '../plan';
import { decideStatus } from '../pricing/status';
import type { Report, ReportPrices } from '../report';
import { Publisher, type PublisherOptions } from '../reporting/publisher';
import type { RiskModels } from '../risk-past';
import { saysTheSame } from '../same-report';
import { passSilence } from '../silence';
import { cutInstant, SECOND_MS, validUntil, type EpochMs } from '../units/time';
import { CertifiedRisk, type CertifiedRiskState } from './certified-risk';
import { combineFeed, type CertifyingRules } from './combine';
import type { ObservedFeed } from './observed-feed';
import { Standing, type StandingState } from './standing';

const OPERATOR_HALT = 'operatorHalt';

/** A cut without what only one signer knows: its own sources, and parameters that it fitted. */
export type CertifiedCut = Omit<Cut, 'verdicts' | 'liquidity' | 'rates' | 'fits'>;

/** What a certifier continues from: exact, and a function of the certified cuts alone. */
export interface CertifierState {
  /** Number of the newest certified cut. */
  readonly cut: number;
  /** SHA-256 of the plan it was certified under. */
  readonly configHash: Uint8Array;
  /** By `pastKey`. */
  readonly feeds: Readonly<Record<string, CertifiedFeedState>>;
  readonly risk: CertifiedRiskState;
}

/** What stands of one feed, and what led to it. */
interface CertifiedFeedState extends StandingState {
  readonly past: FeedPastState;
  /** Of the plan it was certified under: integers of other decimals mean something else. */
  readonly decimals: number;
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
  private readonly standing = new Standing();
  private readonly risk: CertifiedRisk;
  private readonly publisher: Publisher;
  private last = -Infinity;
  /** Nothing was certified under this configuration. */
  private isFirst = true;
  private drafted: CertifiedCut | undefined;

  constructor(
    private readonly plan: OraclePlan,
    private readonly options: CertifierOptions,
    state?: CertifierState,
  ) {
    this.publisher = new Publisher(plan, options);
    this.risk = new CertifiedRisk(plan, this.publisher);
    this.pasts = plan.feeds.map((feed) => new FeedPast(feed));
    this.spare = plan.feeds.map((feed) => new FeedPast(feed));
    if (state !== undefined) this.restore(state);
  }

  /** The cut that carried risk last; -Infinity before the first. */
  get riskCut(): number {
    return this.risk.cut;
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
    const begins = this.elapse(at) || this.isFirst;
    const risk = this.risk.draft(cut, begins);
    const reports = this.plan.feeds.flatMap((plan, feed) => {
      const combined = combineFeed(
        observations.map((observed) => observed[feed] as ObservedFeed),
        this.options.rules,
      );
      const report = this.report(plan, feed, cut, combined);
      const before = begins ? undefined : this.standing.report(feed);
      return before !== undefined && saysTheSame(before, report) ? [] : [report];
    });
    const onGrid = begins || Math.floor(at / SECOND_MS) > Math.floor(cutInstant(this.last) / SECOND_MS);
    const figures = onGrid ? this.spare.map((past, feed) => past.figures(feed, cut)) : [];
    const leaves = this.publisher.leaves(reports, figures);
    const header = this.publisher.header(cut, at);
    const halts = this.halts(reports);
    this.drafted = { number: cut, at, reports, figures, halts, ...(risk && { risk }), leaves, header };
    return this.drafted;
  }

  /** Makes the draft the past of what follows. Throws if there is none. */
  commit(): CertifiedCut {
    const { drafted } = this;
    if (drafted === undefined) throw new Error('no cut was drafted that could be committed');
    this.drafted = undefined;
    const { number, at, reports } = drafted;
    [this.pasts, this.spare] = [this.spare, this.pasts];
    for (const report of reports) this.pasts[report.feed]?.absorb(report, at);
    this.standing.absorb(drafted);
    this.risk.commit(drafted, this.validUntil);
    this.last = number;
    this.isFirst = false;
    return drafted;
  }

  /** The newest certified cut, and beside what changed at it all reports and figures that stand: for who knows none yet. */
  withStanding(newest: CertifiedCut): CertifiedCut {
    const { reports, figures } = this.standing.all();
    return { ...newest, reports, figures, leaves: this.publisher.leaves(reports, figures) };
  }

  /** What another certifier can continue from, of this plan or another. */
  state(): CertifierState {
    return this.stateWith(true);
  }

  /** As `state`, without the risk models: they are large, and those that `saveModels` gave are to be kept apart. */
  checkpoint(): CertifierState {
    return this.stateWith(false);
  }

  /** Risk models to keep with this checkpoint: a few each minute, so that none is ever too old to continue from. */
  saveModels(): RiskModels {
    return this.risk.saveModels();
  }

  private stateWith(models: boolean): CertifierState {
    const feeds = this.plan.feeds.map((plan, feed): [string, CertifiedFeedState] => {
      const past = (this.pasts[feed] as FeedPast).state();
      return [pastKey(plan), { past, decimals: plan.decimals, ...this.standing.state(feed) }];
    });
    const { configHash } = this.options;
    return { cut: this.last, configHash, feeds: Object.fromEntries(feeds), risk: this.risk.state(models) };
  }

  /**
   * Brings a copy of the past to an instant. Returns whether what was certified has run out by then, or there was
   * nothing: then every feed begins anew.
   */
  private elapse(at: EpochMs): boolean {
    for (const [feed, past] of this.spare.entries()) past.follow(this.pasts[feed] as FeedPast);
    const begins = passSilence(this.spare, this.validUntil, at);
    if (begins) for (const past of this.spare) past.resume();
    return begins;
  }

  private get validUntil(): EpochMs {
    return validUntil(cutInstant(this.last), this.plan.cuts);
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
    return this.plan.feeds.flatMap((_, feed) => {
      const report = changed.find((one) => one.feed === feed) ?? this.standing.report(feed);
      return report?.reasons.includes(OPERATOR_HALT) === true ? [feed] : [];
    });
  }

  /** The leaves and the risk root of a draft that nobody wanted give way to those that stand. */
  private abandon(): void {
    const { drafted } = this;
    if (drafted === undefined) return;
    this.drafted = undefined;
    const { reports, figures } = this.standing.insteadOf(drafted);
    this.publisher.leaves(reports, figures);
    this.risk.abandon();
  }

  /** The plan may be another one: a feed that is gone is dropped, and a new one begins. */
  private restore({ cut, configHash, feeds, risk }: CertifierState): void {
    this.last = cut;
    this.isFirst = configHash.some((byte, index) => byte !== this.options.configHash[index]);
    this.risk.restore(risk, !this.isFirst);
    for (const [feed, plan] of this.plan.feeds.entries()) {
      const left = feeds[pastKey(plan)];
      if (left === undefined) continue;
      this.pasts[feed]?.restore(left.past);
      if (left.decimals === plan.decimals) this.standing.restore(feed, left);
    }
    const { reports, figures } = this.standing.all();
    this.publisher.leaves(reports, figures);
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
