import { Agenda } from './agenda';
import { Appraiser } from './appraiser';
import { Ballot } from './aggregation/ballot';
import { VerdictRows } from './aggregation/verdict-rows';
import type { Cut } from './cut';
import { FeedPast } from './feed-past';
import { Anchors } from './guarding/anchors';
import { Redemptions } from './guarding/redemption';
import type { OracleInput } from './input';
import { LiquidityPast } from './liquidity-past';
import { nextReport } from './next-report';
import { Slots } from './observation/slots';
import { OraclePast, type OracleState } from './oracle-past';
import type { OraclePlan } from './plan';
import type { Report } from './report';
import { PublishedRisk } from './published-risk';
import type { Bar } from './risk/bar';
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
  private readonly verdicts: VerdictRows;
  private readonly pasts: readonly FeedPast[];
  private readonly past: OraclePast;
  private readonly appraisers: readonly Appraiser[];
  private readonly liquidity: LiquidityPast;
  private readonly risk: RiskPast;
  private readonly published: PublishedRisk;
  private readonly publisher: Publisher;
  private readonly agenda: Agenda;
  /** By an operator, since the last look at each. */
  private readonly resumed = new Set<number>();
  private isFirstCut = true;
  private lastAt: EpochMs = -Infinity;

  constructor(
    private readonly plan: OraclePlan,
    options: PublisherOptions,
    state?: OracleState,
    models?: RiskModels,
  ) {
    this.agenda = new Agenda(plan);
    this.slots = new Slots(plan);
    this.verdicts = new VerdictRows(plan.sources.length);
    const { slots, verdicts } = this;
    const { legValues } = this.agenda;
    this.anchors = new Anchors(plan, { slots, verdicts, legValues });
    this.pasts = plan.feeds.map((feed) => new FeedPast(feed));
    this.redemptions = new Redemptions(plan, legValues);
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
    this.published = new PublishedRisk(plan, { risk, liquidity, publisher: this.publisher });
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
    if (this.agenda.isPending) return earliest;
    const gridAt = (Math.floor(this.cutAt / SECOND_MS) + 1) * SECOND_MS;
    return Math.max(earliest, Math.min(gridAt, this.cutAt + this.plan.cuts.maxIntervalMs, this.agenda.dueAt));
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
    const { agenda } = this;
    switch (input.kind) {
      case 'quote':
        if (this.slots.observe(input.source, input.quote, at)) agenda.touch(this.plan.sources[input.source]?.feed);
        return;
      case 'disconnect':
        for (const source of input.sources) {
          this.slots.forget(source);
          agenda.touch(this.plan.sources[source]?.feed);
        }
        return;
      case 'anchor':
        agenda.touch(this.anchors.observe(input.anchor, input.value, input.updatedAt));
        return;
      case 'dismissSource':
        this.slots.forget(input.source, input.verdict);
        agenda.touch(this.plan.sources[input.source]?.feed);
        return;
      case 'dismissAnchor':
        agenda.touch(this.anchors.observe(input.anchor, NaN, NaN));
        return;
      case 'redemption':
        agenda.touch(this.redemptions.observe(input.redemption, input.value, input.updatedAt));
        return;
      case 'implied':
      case 'dismissImplied':
      case 'fit':
        this.published.hear(input, at);
        return;
      case 'operator':
        if (input.action === 'halt') this.past.halted.add(input.feed);
        else this.past.halted.delete(input.feed);
        if (input.action === 'resume') this.resumed.add(input.feed);
        agenda.touch(input.feed);
    }
  }

  private makeCut(at: EpochMs): Cut {
    const number = cutNumberAt(at);
    const risk = this.published.take(at, number, this.isFirstCut);
    const { isOnGrid, refreshed } = this.passTime(at);
    const rates = this.redemptions.judge();
    const reports = this.appraiseDue(at, number);
    const figures = isOnGrid ? this.pasts.map((past, feed) => past.figures(feed, number)) : [];
    const fits = this.published.takeFits(number);
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
    this.agenda.isPending = false;
    return cut;
  }

  /** Which figures are published anew: all feeds' as a second ends, of liquidity those of the feeds whose minute did; at first all. */
  private passTime(at: EpochMs): { isOnGrid: boolean; refreshed: readonly number[] } {
    const { isFirstCut } = this;
    if (isFirstCut) this.past.resume(at);
    this.isFirstCut = false;
    const { isSecond, refreshed, reweighed } = this.past.elapse(at);
    this.agenda.mark(reweighed);
    return {
      isOnGrid: isFirstCut || isSecond,
      refreshed: isFirstCut ? this.pasts.map((_, feed) => feed) : refreshed,
    };
  }

  private appraiseDue(at: EpochMs, cut: number): Report[] {
    const { agenda } = this;
    const reports: Report[] = [];
    for (const feed of agenda.order) {
      if (!agenda.isDue(feed, at)) continue;
      const appraisal = (this.appraisers[feed] as Appraiser).appraise(at, {
        isHalted: this.past.halted.has(feed),
        isResumed: this.resumed.delete(feed),
      });
      agenda.looked(feed, appraisal.legValue, appraisal.dueAt);
      const report = nextReport(appraisal, (this.pasts[feed] as FeedPast).memory, { feed, cut });
      if (report !== undefined) reports.push(report);
    }
    return reports.sort((a, b) => a.feed - b.feed);
  }
}
