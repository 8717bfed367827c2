import { Appraiser, type Appraisal } from './appraiser';
import { Ballot } from './aggregation/ballot';
import { VerdictRows } from './aggregation/verdict-rows';
import { legOrder, legsOfFeeds } from './conversion/leg-order';
import type { LegValue } from './conversion/leg-value';
import type { Cut } from './cut';
import { FeedPast, type FeedPastState } from './feed-past';
import { Anchors } from './guarding/anchors';
import type { RateStanding } from './guarding/rate-standing';
import { reasonList } from './guarding/reasons';
import { Redemptions } from './guarding/redemption';
import type { OracleInput } from './input';
import { LiquidityPast, type LiquidityState } from './liquidity-past';
import { Slots } from './observation/slots';
import type { FeedPlan, OraclePlan } from './plan';
import type { Report } from './report';
import { saysTheSame } from './same-report';
import { SourcePast, type SourcePastState } from './source-past';
import { Publisher, type PublisherOptions } from './reporting/publisher';
import { cutInstant, cutNumberAt, SECOND_MS, type EpochMs } from './units/time';

/** What an oracle starts from instead of nothing: exact, and a function of the cuts that were published. */
export interface OracleState {
  readonly cut: number;
  readonly at: EpochMs;
  /** Ids of the feeds that operators hold halted. */
  readonly halts: readonly string[];
  /** By feed and asset version: a migrated token has no past, and a feed added or removed disturbs no other. */
  readonly feeds: Readonly<Record<string, FeedPastState>>;
  readonly sources: SourcePastState;
  readonly liquidity: LiquidityState;
  /** As `feeds`, where a feed has a redemption rate. */
  readonly rates?: Readonly<Record<string, Omit<RateStanding, 'feed'>>>;
}

/**
 * The core: from inputs to cuts, by the stages of `stages.json` in their order. Pure and deterministic:
 * the same inputs at the same instants give the same bytes, whoever runs it.
 */
export class Oracle {
  private readonly slots: Slots;
  private readonly anchors: Anchors;
  private readonly redemptions: Redemptions;
  private readonly verdicts: VerdictRows;
  private readonly pasts: readonly FeedPast[];
  private readonly sources: SourcePast;
  private readonly appraisers: readonly Appraiser[];
  private readonly liquidity: LiquidityPast;
  private readonly publisher: Publisher;
  private readonly legValues: (LegValue | undefined)[];
  private readonly order: readonly number[];
  /** For each feed, those that convert through it. */
  private readonly dependants: readonly (readonly number[])[];
  private readonly halted = new Set<number>();
  /** Since the last look at each. */
  private readonly resumed = new Set<number>();

  private readonly dirty: Uint8Array;
  private readonly feedDueAt: Float64Array;
  private pending = true;
  private isFirstCut = true;
  private lastAt: EpochMs = -Infinity;
  private lastCut = -Infinity;
  private lastCutAt: EpochMs = -Infinity;

  constructor(
    private readonly plan: OraclePlan,
    options: PublisherOptions,
    state?: OracleState,
  ) {
    const feeds = plan.feeds.map((_, feed) => feed);
    this.slots = new Slots(plan);
    this.verdicts = new VerdictRows(plan.sources.length);
    this.legValues = feeds.map(() => undefined);
    const { slots, verdicts, legValues } = this;
    this.anchors = new Anchors(plan, { slots, verdicts, legValues });
    this.pasts = plan.feeds.map((feed) => new FeedPast(feed));
    this.redemptions = new Redemptions(plan, this.legValues);
    this.sources = new SourcePast(plan);
    const ballot = new Ballot(plan, slots, legValues, this.sources.records, verdicts);
    const { anchors, redemptions } = this;
    this.appraisers = this.pasts.map(
      (past, feed) => new Appraiser(plan, feed, slots, ballot, anchors, redemptions, past),
    );
    const rosters = this.appraisers.map(({ roster }) => roster);
    this.liquidity = new LiquidityPast(plan, rosters);
    this.publisher = new Publisher(plan, options);
    this.order = legOrder(plan);
    const legs = legsOfFeeds(plan);
    this.dependants = feeds.map((leg) => feeds.filter((feed) => legs[feed]?.includes(leg)));
    this.dirty = new Uint8Array(feeds.length).fill(1);
    this.feedDueAt = new Float64Array(feeds.length).fill(Infinity);
    if (state !== undefined) this.restore(state);
  }

  /**
   * Takes the inputs of one instant and makes a cut if one is due; between two cuts lie at least `minIntervalMs`, and
   * input that comes sooner waits for the next. Throws RangeError if `at` goes back, or repeats that of a cut.
   */
  advance(at: EpochMs, inputs: readonly OracleInput[]): Cut | undefined {
    if (!(at >= this.lastAt && at > this.lastCutAt)) {
      throw new RangeError(
        `time went from ${Math.max(this.lastAt, this.lastCutAt)} to ${at}; instants must not go back, nor repeat a cut's`,
      );
    }
    this.lastAt = at;
    for (const input of inputs) this.take(input, at);
    return at >= this.dueAt() ? this.makeCut(at) : undefined;
  }

  /**
   * The next instant at which a cut is due without further input. Before the first `advance` time stands still and
   * nothing is due: nobody watched since the cut that this oracle continues from, so no cut may be made for then.
   */
  dueAt(): EpochMs {
    if (this.lastAt === -Infinity) return -Infinity;
    const earliest = Math.max(cutInstant(this.lastCut + 1), this.lastCutAt + this.plan.cuts.minIntervalMs);
    if (this.pending) return earliest;
    const gridAt = (Math.floor(this.lastCutAt / SECOND_MS) + 1) * SECOND_MS;
    let due = Math.min(gridAt, this.lastCutAt + this.plan.cuts.maxIntervalMs);
    for (const feedDueAt of this.feedDueAt) if (feedDueAt < due) due = feedDueAt;
    return Math.max(earliest, due);
  }

  /** The instant of the newest cut, this oracle's or its past self's; -Infinity before the first. */
  get cutAt(): EpochMs {
    return this.lastCutAt;
  }

  /** What another oracle of the same plan can continue from, once it has also absorbed the cuts that followed. */
  state(): OracleState {
    const pasts = this.plan.feeds.map((plan, feed) => [pastKey(plan), this.past(feed).state()] as const);
    const halts = this.halts().map((feed) => this.plan.feeds[feed]?.id ?? '');
    const rates = this.plan.feeds.flatMap((plan, feed) => {
      const standing = this.redemptions.standing(feed);
      if (standing === undefined) return [];
      const { accepted, refused } = standing;
      return [[pastKey(plan), { accepted, refused }] as const];
    });
    return {
      cut: this.lastCut,
      at: this.lastCutAt,
      halts,
      feeds: Object.fromEntries(pasts),
      sources: this.sources.state(),
      liquidity: this.liquidity.state(),
      ...(rates.length === 0 ? {} : { rates: Object.fromEntries(rates) }),
    };
  }

  private take(input: OracleInput, at: EpochMs): void {
    switch (input.kind) {
      case 'quote':
        if (this.slots.observe(input.source, input.quote, at)) this.touch(this.plan.sources[input.source]?.feed);
        return;
      case 'disconnect':
        for (const source of input.sources) {
          this.slots.forget(source);
          this.touch(this.plan.sources[source]?.feed);
        }
        return;
      case 'anchor':
        this.touch(this.anchors.observe(input.anchor, input.value, input.updatedAt));
        return;
      case 'dismissSource':
        this.slots.forget(input.source, input.verdict);
        this.touch(this.plan.sources[input.source]?.feed);
        return;
      case 'dismissAnchor':
        this.touch(this.anchors.observe(input.anchor, NaN, NaN));
        return;
      case 'redemption':
        this.touch(this.redemptions.observe(input.redemption, input.value, input.updatedAt));
        return;
      case 'operator':
        if (input.action === 'halt') this.halted.add(input.feed);
        else this.halted.delete(input.feed);
        if (input.action === 'resume') this.resumed.add(input.feed);
        else this.resumed.delete(input.feed);
        this.touch(input.feed);
    }
  }

  private touch(feed: number | undefined): void {
    if (feed === undefined) return;
    this.dirty[feed] = 1;
    this.pending = true;
  }

  private makeCut(at: EpochMs): Cut {
    const number = cutNumberAt(at);
    const { isOnGrid, isOnSlowGrid } = this.passTime(at);
    const rates = this.redemptions.judge();
    const reports = this.appraiseDirty(at, number);
    const figures = isOnGrid ? this.pasts.map((past, feed) => past.figures(feed, number)) : [];
    const leaves = this.publisher.leaves(reports, figures);
    const header = this.publisher.header(number, at);
    const verdicts = this.verdicts.take((source) => this.depthOf(source));
    const cut = {
      number,
      at,
      reports,
      figures,
      verdicts,
      halts: this.halts(),
      ...(isOnSlowGrid ? { liquidity: this.liquidity.figures(number) } : {}),
      ...(rates.length === 0 ? {} : { rates }),
      leaves,
      header,
    };
    for (const report of reports) this.past(report.feed).absorb(report, at);
    this.liquidity.absorb(verdicts);
    this.sources.absorb(verdicts, at);
    this.remember(cut);
    this.pending = false;
    return cut;
  }

  /**
   * Returns whether a second ended, so that every feed's figures are published anew, and whether a minute did, so that
   * what is known of liquidity is. At the first cut both are.
   */
  private passTime(at: EpochMs): { isOnGrid: boolean; isOnSlowGrid: boolean } {
    let isOnGrid = this.isFirstCut;
    if (this.isFirstCut) {
      for (const past of this.pasts) past.resume();
      this.liquidity.resume();
    }
    for (const past of this.pasts) if (past.elapse(at)) isOnGrid = true;
    const reweighed = this.liquidity.elapse(at);
    for (const feed of reweighed ?? []) this.dirty[feed] = 1;
    const isOnSlowGrid = this.isFirstCut || reweighed !== undefined;
    this.isFirstCut = false;
    return { isOnGrid, isOnSlowGrid };
  }

  /** What a source's book holds, in the currency of its feed. */
  private depthOf(source: number): number {
    const leg = this.plan.sources[source]?.leg;
    const rate = leg === undefined ? 1 : (this.legValues[leg]?.price ?? NaN);
    return (this.slots.depth[source] as number) * rate;
  }

  /** Legs before what hangs on them: a leg that moved makes its dependants dirty within the same cut. */
  private appraiseDirty(at: EpochMs, cut: number): Report[] {
    const reports: Report[] = [];
    for (const feed of this.order) {
      if (this.dirty[feed] === 0 && !((this.feedDueAt[feed] as number) <= at)) continue;
      this.dirty[feed] = 0;
      const appraisal = (this.appraisers[feed] as Appraiser).appraise(at, {
        isHalted: this.halted.has(feed),
        isResumed: this.resumed.delete(feed),
      });
      this.feedDueAt[feed] = appraisal.dueAt;
      this.moveLeg(feed, appraisal.legValue);
      const report = this.report(feed, cut, appraisal);
      if (report !== undefined) reports.push(report);
    }
    return reports.sort((a, b) => a.feed - b.feed);
  }

  private moveLeg(feed: number, value: LegValue | undefined): void {
    const before = this.legValues[feed];
    this.legValues[feed] = value;
    if (saysTheSameLeg(before, value)) return;
    for (const dependant of this.dependants[feed] ?? []) this.dirty[dependant] = 1;
  }

  /** The next report of a feed, or undefined if the one that stands already says the same. */
  private report(feed: number, cut: number, appraisal: Appraisal): Report | undefined {
    const { memory } = this.past(feed);
    const { decision, prices, observedAt, sources, dispersionBps } = appraisal;
    const { status, permits } = decision;
    const reasons = reasonList(decision.reasons);
    const report = {
      feed,
      sequence: memory.sequence + 1,
      cut,
      observedAt,
      status,
      reasons,
      permits,
      prices,
      sources,
      dispersionBps,
    };
    return memory.report !== undefined && saysTheSame(memory.report, report) ? undefined : report;
  }

  private halts(): number[] {
    return [...this.halted].sort((a, b) => a - b);
  }

  private past(feed: number): FeedPast {
    return this.pasts[feed] as FeedPast;
  }

  private remember(cut: Cut): void {
    this.lastCut = cut.number;
    this.lastCutAt = cut.at;
  }

  /** Takes a cut that this oracle's past self published after the state it was made from. Call before any `advance`. */
  absorb(cut: Cut): void {
    for (const past of this.pasts) past.elapse(cut.at);
    for (const report of cut.reports) this.past(report.feed).absorb(report, cut.at);
    this.liquidity.elapse(cut.at);
    this.liquidity.absorb(cut.verdicts);
    this.sources.absorb(cut.verdicts, cut.at);
    this.halted.clear();
    for (const feed of cut.halts) this.halted.add(feed);
    for (const standing of cut.rates ?? []) this.redemptions.absorb(standing);
    this.remember(cut);
  }

  private restore(state: OracleState): void {
    this.plan.feeds.forEach((plan, feed) => {
      const past = state.feeds[pastKey(plan)];
      if (past !== undefined) this.past(feed).restore(past);
      const rate = state.rates?.[pastKey(plan)];
      if (rate !== undefined) this.redemptions.absorb({ feed, ...rate });
      if (state.halts.includes(plan.id)) this.halted.add(feed);
    });
    this.liquidity.restore(state.liquidity, state.at);
    this.sources.restore(state.sources);
    this.lastCut = state.cut;
    this.lastCutAt = state.at;
  }
}

function pastKey({ id, asset }: FeedPlan): string {
  return `${id} v${asset.version}`;
}

function saysTheSameLeg(a: LegValue | undefined, b: LegValue | undefined): boolean {
  return a?.price === b?.price && a?.relativeHalfWidth === b?.relativeHalfWidth && a?.isDegraded === b?.isDegraded;
}
