import type { HaircutPolicy } from '../plan';
import type { EpochMs } from '../units/time';
import type { Haircut, HorizonRisk } from './figures';
import { HaircutPast, rawHaircut } from './haircut';
import type { Memory } from './memory';

/** What one feed's holder may lose in a sale, as of the last step of the risk grid at which the feed had a price. */
export class FeedHaircut {
  private readonly past: HaircutPast;
  /** half the width of the band, relative to the price; and the raw haircut as of the step */
  private readonly sale: Float64Array;

  constructor(
    memory: Memory,
    private readonly policy: HaircutPolicy,
  ) {
    this.past = new HaircutPast(memory, policy);
    this.sale = memory.take(2).fill(NaN);
  }

  /** Half the band's width from now on, relative to the price; NaN while nothing is published. */
  hold(halfBand: number): void {
    this.sale[0] = halfBand;
  }

  /** Nobody sells what has no price: a haircut stands until it has one again. */
  take(at: EpochMs, horizons: readonly HorizonRisk[]): void {
    const [halfBand = NaN] = this.sale;
    // Assets that redeem for another count the lower of market and redemption already, hence no gap here.
    const costs = { halfSpread: halfBand, pegGap: 0 };
    const raw = Number.isNaN(halfBand) ? undefined : rawHaircut(horizons, this.policy.liquidationHorizonMs, costs);
    this.past.observe(at, raw);
    if (raw !== undefined) this.sale[1] = raw;
  }

  /** Undefined before the tail that it follows from is known. */
  get known(): Haircut | undefined {
    const { smoothed } = this.past;
    return smoothed === undefined ? undefined : { raw: this.sale[1] ?? NaN, smoothed };
  }
}
