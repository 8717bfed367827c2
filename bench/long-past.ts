import { FeedRiskPast, type FeedRiskState } from '../src/oracle/risk/feed-risk-past';
import { HOUR_MS, MINUTE_MS, SECOND_MS, type EpochMs } from '../src/oracle/units/time';
import { policyOf } from '../test/support/plans';

/** The tails of 1d and 10d are full, and those of 5m. */
const WARM_HOURS = 4_320;
const WARM_MINUTES = 10_080;
/** Of a price, a second. */
const SIGMA = 0.000_15;

/** Prices that go nowhere in particular, by uniform steps of the right variance. */
export class Walk {
  private seed = 1;

  /** Between −½ and ½. */
  draw(): number {
    this.seed = (Math.imul(this.seed, 1_664_525) + 1_013_904_223) >>> 0;
    return this.seed / 2 ** 32 - 0.5;
  }

  /** A second on, or with a step `scale` times as large. */
  move(price: number, scale = 1): number {
    return price * (1 + SIGMA * scale * Math.sqrt(12) * this.draw());
  }
}

/** What a feed remembers of half a year of hours and a week of minutes up to a whole hour, and its price then. */
export function longPast(walk: Walk, until: EpochMs, decimals: number): Required<FeedRiskState> & { price: number } {
  const one = new FeedRiskPast(0, decimals, policyOf().haircut);
  let price = 100;
  const hours = Array.from({ length: WARM_HOURS }, () => {
    const open = price;
    const path = Array.from({ length: 20 }, () => (price = walk.move(price, 13)));
    return { open, high: Math.max(open, ...path), low: Math.min(open, ...path), close: price };
  });
  const minutesFrom = until - WARM_MINUTES * MINUTE_MS;
  one.warmUp(minutesFrom / HOUR_MS - WARM_HOURS, hours);
  for (let at = minutesFrom; at <= until; at += SECOND_MS) {
    price = walk.move(price);
    one.hold(price, SIGMA);
    one.elapse(at);
  }
  const model = one.model();
  if (model === undefined) throw new Error('the feed that was warmed up has no past');
  return { recent: one.recent(), model, price };
}
