import type { Expectation } from './aggregation/votes';
import type { Remembered } from './guarding/guards';
import { RATE_SECONDS } from './guarding/rate';
import type { FeedPlan } from './plan';
import { FeedMemory, type FeedMemoryState } from './pricing/feed-memory';
import { PriceHistory, type PriceHistoryState } from './pricing/price-history';
import { RecentPrices, type RecentPricesState } from './pricing/recent-prices';
import { Scatter, type ScatterState } from './pricing/scatter';
import type { Figures, Report } from './report';
import { EwmaVolatility, type VolatilityState } from './risk/ewma-volatility';
import { fromMantissa, toMantissa } from './units/decimal';
import type { EpochMs } from './units/time';

export interface FeedPastState {
  readonly memory: FeedMemoryState;
  readonly history: PriceHistoryState;
  readonly recent: RecentPricesState;
  readonly volatility: VolatilityState;
  readonly scatter: ScatterState;
}

/**
 * All that one feed's earlier reports leave behind: status memory, price history, volatility. It is a fold over the
 * published reports and nothing else, so the ledger alone can rebuild it, exactly.
 */
export class FeedPast {
  readonly memory = new FeedMemory();
  private readonly history = new PriceHistory();
  private readonly recent = new RecentPrices(RATE_SECONDS);
  private readonly volatility: EwmaVolatility;
  private readonly scatter = new Scatter();

  constructor(private readonly feed: FeedPlan) {
    this.volatility = new EwmaVolatility(feed.policy.nominalVolatility);
  }

  /** Lets time pass with the report that stands. Returns whether a second ended on the way, so that figures are due. */
  elapse(at: EpochMs): boolean {
    const closed = this.history.elapse(at);
    for (let second = 0; second < closed; second++) {
      this.volatility.observe(this.history.heldPrice);
      this.recent.observe(this.history.heldPrice);
      this.scatter.observe();
    }
    return closed > 0;
  }

  absorb(report: Report, at: EpochMs): void {
    const price = report.prices === undefined ? NaN : fromMantissa(report.prices.price, this.feed.decimals);
    this.memory.absorb(report, price, at);
    this.history.hold(price);
    this.scatter.hold(report.prices === undefined ? NaN : report.dispersionBps / 10_000);
  }

  /** From now on there is no price. */
  release(): void {
    this.history.hold(NaN);
    this.scatter.hold(NaN);
  }

  /** Whoever publishes next begins anew: see `FeedMemory.resume`. */
  resume(): void {
    this.memory.resume();
  }

  /** Whether it has had a price for long enough, at the least for the second that a stable price begins with. */
  isWarm(): boolean {
    return this.history.coveredTotalMs >= this.feed.policy.warmUpMs && !Number.isNaN(this.history.stable);
  }

  private get sigmaPerRootSecond(): number {
    return this.volatility.perRootSecond;
  }

  /** What its votes are held against. */
  expectation(): Expectation {
    const { memory, sigmaPerRootSecond, scatter } = this;
    return { sigmaPerRootSecond, scatter: scatter.deviation, lastAgreed: memory.lastAgreed };
  }

  /** What guards compare the present with. */
  remembered(): Remembered {
    const { memory, sigmaPerRootSecond } = this;
    const { lowest, highest } = this.recent;
    const { stable } = this.history;
    return { memory, lowest, highest, twap5m: this.history.twap('5m').price, stable, sigmaPerRootSecond };
  }

  /** The stable price as it is published, once the feed is warm. */
  stable(): number | undefined {
    return this.isWarm() ? toMantissa(this.history.stable, this.feed.decimals) : undefined;
  }

  /** Between which bounds the stable price will be as the second under way ends, as it is published. */
  stableBounds(): { readonly low: number; readonly high: number } {
    const { low, high } = this.history.stableBounds;
    return { low: toMantissa(low, this.feed.decimals), high: toMantissa(high, this.feed.decimals) };
  }

  figures(feed: number, cut: number): Figures {
    const { decimals } = this.feed;
    const twaps = this.history.twaps().map(({ price, coverageBps }) => ({
      price: price === undefined ? undefined : toMantissa(price, decimals),
      coverageBps,
    }));
    const { annualPpm: volatilityPpm, observations } = this.volatility;
    return { feed, cut, twaps, stable: this.stable(), volatilityPpm, observations };
  }

  state(): FeedPastState {
    return {
      memory: this.memory.state(),
      history: this.history.state(),
      recent: this.recent.state(),
      volatility: this.volatility.state(),
      scatter: this.scatter.state(),
    };
  }

  /** Becomes the same as another of this feed. */
  follow(other: FeedPast): void {
    this.memory.restore(other.memory.state());
    this.history.follow(other.history);
    this.recent.restore(other.recent.state());
    this.volatility.restore(other.volatility.state());
    this.scatter.restore(other.scatter.state());
  }

  restore(state: FeedPastState): void {
    this.memory.restore(state.memory);
    this.history.restore(state.history);
    this.recent.restore(state.recent);
    this.volatility.restore(state.volatility);
    this.scatter.restore(state.scatter);
  }
}
