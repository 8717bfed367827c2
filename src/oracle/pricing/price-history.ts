import { HOUR_MS, SECOND_MS, type EpochMs } from '../units/time';
import type { Twap, TwapWindow } from '../report';
import { TWAP_WINDOWS } from '../report';

/** One slot a second over the longest window, and the second before it. */
const SLOTS = HOUR_MS / SECOND_MS + 1;
/** A TWAP with less of its window covered than this is absent. */
const MIN_COVERAGE = 0.9;
/** Time constant of the stable price. */
const STABLE_TAU_MS = HOUR_MS;
/** Part of the way to a second's mean that the stable price goes at its end, at the most. */
const MOST_PULL = stablePull(SECOND_MS);

const WINDOW_SECONDS: Readonly<Record<TwapWindow, number>> = { '1m': 60, '5m': 300, '30m': 1_800, '1h': 3_600 };

/** Everything the history of one feed amounts to, to be stored and restored as it is. */
export interface PriceHistoryState {
  /** ∫ price dt since the start, in price·ms, at the end of each second; slot = second mod 3,601. */
  readonly priceMs: Float64Array;
  /** Milliseconds that had a price, likewise. */
  readonly coveredMs: Float64Array;
  /** The second that ends at the newest slot. */
  readonly second: number;
  readonly stable: number;
  /** How far time had come, the totals up to there and the price then held; NaN where there was none. */
  readonly reached: EpochMs;
  readonly totalPriceMs: number;
  readonly totalCoveredMs: number;
  readonly held: number;
  /** What was held within the second under way; the infinities where nothing was. */
  readonly lowest: number;
  readonly highest: number;
}

/**
 * The past of one feed's published price, on a grid of one second: exact time-weighted averages in constant time by
 * differences of running integrals, and the stable price. It knows only rounded prices of earlier cuts, so every
 * signer and every replay has the same past. Time without a price counts for nothing.
 */
export class PriceHistory {
  private readonly priceMs = new Float64Array(SLOTS);
  private readonly coveredMs = new Float64Array(SLOTS);
  private second = NaN;
  /** Running totals up to `reached`. */
  private totalPriceMs = 0;
  private totalCoveredMs = 0;
  private reached: EpochMs = NaN;
  private held = NaN;
  private stablePrice = NaN;
  /** What was held within the second under way. */
  private lowest = Infinity;
  private highest = -Infinity;

  /** What is published from now on; NaN while nothing is. */
  hold(price: number): void {
    this.held = price;
    if (price < this.lowest) this.lowest = price;
    if (price > this.highest) this.highest = price;
  }

  get heldPrice(): number {
    return this.held;
  }

  /** Total time that ever had a price, up to the end of the newest whole second. */
  get coveredTotalMs(): number {
    return this.coveredMs[this.second % SLOTS] ?? 0;
  }

  /** The exponential average of the price with τ = 1 h; NaN before the first full second. */
  get stable(): number {
    return this.stablePrice;
  }

  /** Between which bounds the stable price will be when the second under way ends, if what is held from now on lies between them. */
  get stableBounds(): { readonly low: number; readonly high: number } {
    const { stablePrice, lowest, highest } = this;
    const [down, up] = [Math.min(0, lowest - stablePrice), Math.max(0, highest - stablePrice)];
    return { low: stablePrice + down * MOST_PULL, high: stablePrice + up * MOST_PULL };
  }

  /** Lets time pass to `at` with the held price. Returns how many whole seconds were closed on the way. */
  elapse(at: EpochMs): number {
    if (Number.isNaN(this.second)) this.begin(at);
    let closed = 0;
    for (let end = (this.second + 1) * SECOND_MS; end <= at; end = (this.second + 1) * SECOND_MS) {
      this.integrate(end);
      this.closeSecond();
      closed++;
    }
    this.integrate(at);
    return closed;
  }

  /** The average over a window that ends with the newest closed second. */
  twap(window: TwapWindow): Twap {
    const seconds = WINDOW_SECONDS[window];
    const covered = this.since(this.coveredMs, seconds);
    const coverage = covered / (seconds * SECOND_MS);
    const price = coverage >= MIN_COVERAGE ? this.since(this.priceMs, seconds) / covered : undefined;
    return { price, coverageBps: Math.floor(coverage * 10_000) };
  }

  twaps(): Twap[] {
    return TWAP_WINDOWS.map((window) => this.twap(window));
  }

  state(): PriceHistoryState {
    const lived = this.lived();
    return { ...lived, priceMs: lived.priceMs.slice(), coveredMs: lived.coveredMs.slice() };
  }

  /** Becomes the same as another, without a copy in between. */
  follow(other: PriceHistory): void {
    this.restore(other.lived());
  }

  restore(state: PriceHistoryState): void {
    this.priceMs.set(state.priceMs);
    this.coveredMs.set(state.coveredMs);
    this.second = state.second;
    this.stablePrice = state.stable;
    this.reached = state.reached;
    this.totalPriceMs = state.totalPriceMs;
    this.totalCoveredMs = state.totalCoveredMs;
    this.held = state.held;
    this.lowest = state.lowest;
    this.highest = state.highest;
  }

  /** As `state`, with the columns themselves. */
  private lived(): PriceHistoryState {
    return {
      priceMs: this.priceMs,
      coveredMs: this.coveredMs,
      second: this.second,
      stable: this.stablePrice,
      reached: this.reached,
      totalPriceMs: this.totalPriceMs,
      totalCoveredMs: this.totalCoveredMs,
      held: this.held,
      lowest: this.lowest,
      highest: this.highest,
    };
  }

  private begin(at: EpochMs): void {
    this.second = Math.floor(at / SECOND_MS) - 1;
    this.reached = at;
  }

  private integrate(to: EpochMs): void {
    const elapsed = to - this.reached;
    if (!(elapsed > 0)) return;
    this.reached = to;
    if (Number.isNaN(this.held)) return;
    this.totalPriceMs += this.held * elapsed;
    this.totalCoveredMs += elapsed;
  }

  private closeSecond(): void {
    const before = this.second % SLOTS;
    const coveredMs = this.totalCoveredMs - (this.coveredMs[before] ?? 0);
    if (coveredMs > 0) {
      const mean = (this.totalPriceMs - (this.priceMs[before] ?? 0)) / coveredMs;
      this.stablePrice = Number.isNaN(this.stablePrice)
        ? mean
        : this.stablePrice + (mean - this.stablePrice) * stablePull(coveredMs);
    }
    this.second++;
    this.priceMs[this.second % SLOTS] = this.totalPriceMs;
    this.coveredMs[this.second % SLOTS] = this.totalCoveredMs;
    this.lowest = Infinity;
    this.highest = -Infinity;
    this.hold(this.held);
  }

  private since(integral: Float64Array, seconds: number): number {
    const now = integral[this.second % SLOTS] ?? 0;
    return now - (integral[(this.second - seconds) % SLOTS] ?? 0);
  }
}

function stablePull(coveredMs: number): number {
  return -Math.expm1(-coveredMs / STABLE_TAU_MS);
}
