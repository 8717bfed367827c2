import type { Cut } from './cut';
import { pastKey } from './past-key';
import type { FeedPlan } from './plan';
import type { Bar } from './risk/bar';
import { DependencePast, type DependenceState } from './risk/dependence/dependence-past';
import { FeedRiskPast, type FeedRiskState, RISK_STEP_MS } from './risk/feed-risk-past';
import type { Risk } from './risk/figures';
import type { ImpliedFinding } from './risk/implied-slots';
import type { Report } from './report';
import { fromMantissa } from './units/decimal';
import { cutNumberAt, MINUTE_MS, type EpochMs } from './units/time';

/** Rises whenever the same prices would give other figures. */
const MODEL_VERSION = 2;

export interface RiskState {
  /** How far time has passed; NaN before it began to. */
  readonly reachedAt: EpochMs;
  /** See `RiskPast`. */
  readonly dueSince: number;
  /** By `pastKey`. */
  readonly feeds: Readonly<Record<string, FeedRiskState>>;
  /** Absent in a state from before it was measured. */
  readonly dependence?: DependenceState;
}

/** Of some feeds, by the same keys as a state: what the bars so far amount to. Perhaps of all their pairs, too. */
export type RiskModels = ReadonlyMap<string, Float64Array>;

/** A model is saved again after so many minutes, in its turn, and at once after `OLD_MINUTES`. */
const SAVED_MINUTES = 30;
const OLD_MINUTES = 75;
const SAVED_STEPS = (SAVED_MINUTES * MINUTE_MS) / RISK_STEP_MS;
/** Among models, no feed's key. */
const DEPENDENCE = 'dependence';

/**
 * What earlier cuts leave behind about risk, and what is published of it: by the cut after that with which a step of the
 * risk grid ended or a price was seen to have jumped. A fold over the reports of published cuts and nothing else; what a
 * cut carries follows from those before it, so that it may be drafted and dropped.
 */
export class RiskPast {
  private readonly feeds: readonly FeedRiskPast[];
  private readonly dependence: DependencePast;
  private reachedAt: EpochMs = NaN;
  /** The newest cut with which figures fell due; -Infinity while those that are published say it all. */
  private dueSince = -Infinity;
  /** Whether figures fall due with the cut that time has passed to, which cannot know it yet. */
  private willBeDue = false;

  constructor(private readonly plans: readonly FeedPlan[]) {
    this.feeds = plans.map(({ decimals, policy }, feed) => new FeedRiskPast(feed, decimals, policy.haircut));
    this.dependence = new DependencePast(plans);
  }

  /** Whether figures are to be taken for the next cut, or for the one after those that are on their way. */
  get isDue(): boolean {
    return this.dueSince > -Infinity;
  }

  /** Lets time pass with the reports that stand. */
  elapse(at: EpochMs): void {
    if (Math.floor(at / RISK_STEP_MS) > Math.floor(this.reachedAt / RISK_STEP_MS)) this.willBeDue = true;
    for (const feed of this.feeds) if (feed.elapse(at)) this.willBeDue = true;
    this.dependence.elapse(at);
    this.reachedAt = at;
  }

  /** What a cut with this number would say of risk, and by feed what is found of implied volatility; changes nothing. */
  figures(cut: number, implied: ReadonlyMap<number, ImpliedFinding> = new Map()): Risk {
    return {
      asOf: cut,
      modelVersion: MODEL_VERSION,
      feeds: this.feeds.map((feed, index) => feed.figures(implied.get(index))),
      dependence: this.dependence.figures(),
    };
  }

  /** Takes a cut, up to whose instant time has passed. */
  absorb({ at, reports, risk, fits = [] }: Pick<Cut, 'at' | 'reports' | 'risk' | 'fits'>): void {
    for (const report of reports) {
      const price = this.priceOf(report);
      this.feeds[report.feed]?.hold(price, halfBandOf(report));
      this.dependence.hold(report.feed, price, at);
    }
    for (const { feed, parameters } of fits) this.feeds[feed]?.adopt(parameters);
    for (const { feed, implied } of risk?.feeds ?? []) this.feeds[feed]?.imply(implied?.volatility ?? NaN);
    if (this.willBeDue) this.dueSince = cutNumberAt(at);
    else if (risk !== undefined && risk.asOf > this.dueSince) this.dueSince = -Infinity;
    this.willBeDue = false;
  }

  /** From now on there is no price. */
  release(): void {
    for (const feed of this.feeds) {
      feed.hold(NaN, NaN);
      feed.imply(NaN);
    }
    this.dependence.release();
  }

  /** What a feed's parameters are fitted to: see `FeedModel.hourlyReturns`. */
  hourlyReturns(feed: number): Float64Array {
    return this.feeds[feed]?.hourlyReturns() ?? new Float64Array(0);
  }

  /** Gives a feed hours of a past that it did not see: see `FeedModel.warmUp`. */
  warmUp(feed: number, firstHour: number, bars: readonly (Bar | undefined)[]): void {
    this.feeds[feed]?.warmUp(firstHour, bars);
  }

  /** Exact; without the models, for whoever keeps those apart, small. */
  state(withModels: boolean): RiskState {
    const feeds = this.feeds.map((feed, index): [string, FeedRiskState] => {
      const model = withModels ? feed.model() : undefined;
      return [this.key(index), { recent: feed.recent(), ...(model === undefined ? {} : { model }) }];
    });
    const { reachedAt, dueSince } = this;
    return { reachedAt, dueSince, feeds: Object.fromEntries(feeds), dependence: this.dependence.state(withModels) };
  }

  /**
   * Models that were saved longest ago, as they are now. A state without models rests on those that were saved: asked with
   * each state, at least once in ten minutes, these are enough.
   */
  saveModels(): RiskModels {
    const ages = this.feeds.map((feed, index) => ({ index, age: feed.unsavedMinutes }));
    const due = ages.filter(({ age }) => age >= SAVED_MINUTES).sort((a, b) => b.age - a.age || a.index - b.index);
    const turn = Math.ceil(this.feeds.length / SAVED_MINUTES);
    const saved = due.filter(({ age }, place) => place < turn || age >= OLD_MINUTES);
    const models = new Map(saved.flatMap(({ index }) => this.saved(index)));
    if (this.dependence.unsavedSteps >= SAVED_STEPS) models.set(DEPENDENCE, this.dependence.saveModel());
    return models;
  }

  /** Models that a state holds count as not saved yet; those beside it as saved. */
  restore({ reachedAt, dueSince, feeds, dependence }: RiskState, models?: RiskModels): void {
    this.reachedAt = reachedAt;
    this.dueSince = dueSince;
    for (const [index, feed] of this.feeds.entries()) {
      const state = feeds[this.key(index)];
      if (state !== undefined) feed.restore(state, models?.get(this.key(index)));
    }
    if (dependence !== undefined) this.dependence.restore(dependence, models?.get(DEPENDENCE));
  }

  private saved(index: number): [string, Float64Array][] {
    const model = this.feeds[index]?.saveModel();
    return model === undefined ? [] : [[this.key(index), model]];
  }

  private priceOf({ feed, prices }: Report): number {
    return prices === undefined ? NaN : fromMantissa(prices.price, this.plans[feed]?.decimals ?? 0);
  }

  private key(feed: number): string {
    return pastKey(this.plans[feed] as FeedPlan);
  }
}

/** Half the band's width relative to the price: half the spread is a part of it, and what else is uncertain. */
function halfBandOf({ prices }: Report): number {
  return prices === undefined ? NaN : (prices.high - prices.low) / 2 / prices.price;
}
