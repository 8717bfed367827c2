import { Appraiser } from './appraiser';
import { Ballot } from './aggregation/ballot';
import { VerdictRows } from './aggregation/verdict-rows';
import { ComingRisk } from './coming-risk';
import { legOrder, legsOfFeeds } from './conversion/leg-order';
import { saysTheSameLeg, type LegValue } from './conversion/leg-value';
import type { Cut } from './cut';
import { FeedPast } from './feed-past';
import { Anchors } from './guarding/anchors';
import { Redemptions } from './guarding/redemption';
import type { Fit, OracleInput } from './input';
import { LiquidityPast } from './liquidity-past';
import { nextReport } from './next-report';
import { Slots } from './observation/slots';
import { OraclePast, type OracleState } from './oracle-past';
import type { OraclePlan } from './plan';
import type { Report } from './report';
import type { Bar } from './risk/bar';
import { ImpliedSlots } from './risk/implied-slots';
import type { Risk } from './risk/figures';
import { RiskPast, type RiskModels } from './risk-past';
import { SourcePast } from './source-past';
import { Publisher, type PublisherOptions } from './reporting/publisher';
import { cutInstant, cutNumberAt, SECOND_MS, type EpochMs } from './units/time';

export type { OracleState } from './oracle-past';

/**
 * The core: from inputs to cuts, by the stages of `stages.json` in their order. Pure and deterministic:
 * the same inputs at the same instants give the same bytes, whoever runs it.
 */
export class Oracle {
  private readonly slots: Slots;
  private readonly anchors: Anchors;
  private readonly redemptions: Redemptions;
  private readonly implied: ImpliedSlots;
  private readonly verdicts: VerdictRows;
  private readonly pasts: readonly FeedPast[];
  private readonly past: OraclePast;
  private readonly appraisers: readonly Appraiser[];
  private readonly liquidity: LiquidityPast;
  private readonly risk: RiskPast;
  private readonly publisher: Publisher;
  private readonly legValues: (LegValue | undefined)[];
  private readonly order: readonly number[];
  /** For each feed, those that convert through it. */
  private readonly dependants: readonly (readonly number[])[];
  /** By an operator, since the last look at each. */
  private readonly resumed = new Set<number>();
  /** By feed: heard, and not in effect yet. */
  private readonly fits = new Map<number, Fit & { readonly effectiveCut: number }>();

  private comingRisk: ComingRisk | undefined;

  private readonly dirty: Uint8Array;
  private readonly feedDueAt: Float64Array;
  private pending = true;
  private isFirstCut = true;
  private lastAt: EpochMs = -Infinity;

  constructor(
    private readonly plan: OraclePlan,
    options: PublisherOptions,
    state?: OracleState,
    models?: RiskModels,
  ) {
    const feeds = plan.feeds.map((_, feed) => feed);
    this.slots = new Slots(plan);
    this.verdicts = new VerdictRows(plan.sources.length);
    this.legValues = feeds.map(() => undefined);
    const { slots, verdicts, legValues } = this;
    this.anchors = new Anchors(plan, { slots, verdicts, legValues });
    this.pasts = plan.feeds.map((feed) => new FeedPast(feed));
    this.redemptions = new Redemptions(plan, this.legValues);
    this.implied = new ImpliedSlots(plan);
    const sources = new SourcePast(plan);
    const ballot = new Ballot(plan, slots, legValues, sources.records, verdicts);
    const { anchors, redemptions, pasts } = this;
    this.appraisers = pasts.map((past, feed) => new Appraiser(plan, feed, slots, ballot, anchors, redemptions, past));
    const rosters = this.appraisers.map(({ roster }) => roster);
    this.liquidity = new LiquidityPast(plan, rosters);
    this.risk = new RiskPast(plan.feeds);
    const { liquidity, risk } = this;
    this.past = new OraclePast(plan, { feeds: pasts, sources, liquidity, redemptions, risk });
    this.publisher = new Publisher(plan, options);
    this.order = legOrder(plan);
    const legs = legsOfFeeds(plan);
    this.dependants = feeds.map((leg) => feeds.filter((feed) => legs[feed]?.includes(leg)));
    this.dirty = new Uint8Array(feeds.length).fill(1);
    this.feedDueAt = new Float64Array(feeds.length).fill(Infinity);
    if (state !== undefined) this.past.restore(state, models);
  }

  /**
   * Takes the inputs of one instant and makes a cut if one is due; between two cuts lie at least `minIntervalMs`, and
   * input that comes sooner waits for the next. Throws RangeError if `at` goes back, or repeats that of a cut.
   */
  advance(at: EpochMs, inputs: readonly OracleInput[]): Cut | undefined {
    if (!(at >= this.lastAt && at > this.cutAt)) {
      throw new RangeError(
        `time went from ${Math.max(this.lastAt, this.cutAt)} to ${at}; instants must not go back, nor repeat a cut's`,
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
    const earliest = Math.max(cutInstant(this.past.cut + 1), this.cutAt + this.plan.cuts.minIntervalMs);
    if (this.pending) return earliest;
    const gridAt = (Math.floor(this.cutAt / SECOND_MS) + 1) * SECOND_MS;
    let due = Math.min(gridAt, this.cutAt + this.plan.cuts.maxIntervalMs);
    for (const feedDueAt of this.feedDueAt) if (feedDueAt < due) due = feedDueAt;
    return Math.max(earliest, due);
  }

  /** The instant of the newest cut, this oracle's or its past self's; -Infinity before the first. */
  get cutAt(): EpochMs {
    return this.past.at;
  }

  /** What another oracle of the same plan can continue from, once it has also absorbed the cuts that followed. */
  state(): OracleState {
    return this.past.state(true);
  }

  /** As `state`, without the risk models: they are large, and those that `saveModels` gave are to be kept apart. */
  checkpoint(): OracleState {
    return this.past.state(false);
  }

  /** Gives a feed that has not lived yet hours of a past, from the `firstHour` of the epoch on; undefined is a gap. */
  warmUp(feed: number, firstHour: number, bars: readonly (Bar | undefined)[]): void {
    this.risk.warmUp(feed, firstHour, bars);
  }

  /** What a feed's parameters are to be fitted to: hourly returns, the oldest first. */
  hourlyReturns(feed: number): Float64Array {
    return this.risk.hourlyReturns(feed);
  }

  /** Risk models to keep with this checkpoint: a few each minute, so that none is ever too old to continue from. */
  saveModels(): RiskModels {
    return this.risk.saveModels();
  }

  /** Takes a cut that this oracle's past self published after the state it was made from. Call before any `advance`. */
  absorb(cut: Cut): void {
    this.past.elapse(cut.at);
    this.past.absorb(cut);
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
      case 'implied':
        this.implied.observe(input.implied, input.volatility, input.observedAt, at);
        return;
      case 'dismissImplied':
        this.implied.forget(input.implied);
        return;
      case 'fit':
        this.fits.set(input.feed, input);
        return;
      case 'operator':
        if (input.action === 'halt') this.past.halted.add(input.feed);
        else this.past.halted.delete(input.feed);
        if (input.action === 'resume') this.resumed.add(input.feed);
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
    const risk = this.takeRisk(at, number);
    const { isOnGrid, refreshed } = this.passTime(at);
    const rates = this.redemptions.judge();
    const reports = this.appraiseDirty(at, number);
    const figures = isOnGrid ? this.pasts.map((past, feed) => past.figures(feed, number)) : [];
    const fits = this.takeFits(number);
    const leaves = this.publisher.leaves(reports, figures);
    const header = this.publisher.header(number, at);
    const verdicts = this.verdicts.take();
    const cut = {
      number,
      at,
      reports,
      figures,
      verdicts,
      halts: this.past.halts,
      ...(refreshed.length === 0 ? {} : { liquidity: this.liquidity.figures(number, refreshed) }),
      ...(rates.length === 0 ? {} : { rates }),
      ...(risk === undefined ? {} : { risk }),
      ...(fits.length === 0 ? {} : { fits }),
      leaves,
      header,
    };
    this.past.absorb(cut);
    this.pending = false;
    return cut;
  }

  private takeFits(cut: number): Fit[] {
    const due = [...this.fits.values()].filter(({ effectiveCut }) => effectiveCut <= cut);
    for (const { feed } of due) this.fits.delete(feed);
    return due.map(({ feed, parameters }) => ({ feed, parameters })).sort((a, b) => a.feed - b.feed);
  }

  /** What the cut carries of risk: after a start at once, else as it is written. */
  private takeRisk(at: EpochMs, cut: number): Risk | undefined {
    const { isFirstCut } = this;
    if (isFirstCut || (this.comingRisk === undefined && this.risk.isDue)) {
      const risk = this.liquidity.withCosts(this.risk.figures(cut, this.implied.judge(at)));
      this.comingRisk = new ComingRisk(this.publisher.riskTree(risk), isFirstCut ? -Infinity : at);
    }
    const tree = this.comingRisk?.at(at);
    if (tree === undefined) return undefined;
    this.comingRisk = undefined;
    this.publisher.riskRoot = tree.root;
    return tree.risk;
  }

  /** Which figures are published anew: all feeds' as a second ends, of liquidity those of the feeds whose minute did; at first all. */
  private passTime(at: EpochMs): { isOnGrid: boolean; refreshed: readonly number[] } {
    const { isFirstCut } = this;
    if (isFirstCut) this.past.resume(at);
    this.isFirstCut = false;
    const { isSecond, refreshed, reweighed } = this.past.elapse(at);
    for (const feed of reweighed) this.dirty[feed] = 1;
    return {
      isOnGrid: isFirstCut || isSecond,
      refreshed: isFirstCut ? this.pasts.map((_, feed) => feed) : refreshed,
    };
  }

  /** Legs before what hangs on them: a leg that moved makes its dependants dirty within the same cut. */
  private appraiseDirty(at: EpochMs, cut: number): Report[] {
    const reports: Report[] = [];
    for (const feed of this.order) {
      if (this.dirty[feed] === 0 && !((this.feedDueAt[feed] as number) <= at)) continue;
      this.dirty[feed] = 0;
      const appraisal = (this.appraisers[feed] as Appraiser).appraise(at, {
        isHalted: this.past.halted.has(feed),
        isResumed: this.resumed.delete(feed),
      });
      this.feedDueAt[feed] = appraisal.dueAt;
      this.moveLeg(feed, appraisal.legValue);
      const report = nextReport(appraisal, (this.pasts[feed] as FeedPast).memory, { feed, cut });
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
}
