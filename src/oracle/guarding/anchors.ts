import type { OraclePlan } from '../plan';
import type { EpochMs } from '../units/time';

/**
 * Witnesses that never move a price. One that stands further away than its own limit flags the feed and widens its
 * band; by itself it can do no more, or whoever captured it could halt the market.
 */
export class Anchors {
  private readonly plan: OraclePlan;
  private readonly byFeed: readonly (readonly number[])[];
  private readonly value: Float64Array;
  private readonly updatedAt: Float64Array;

  constructor(plan: OraclePlan) {
    this.plan = plan;
    this.value = new Float64Array(plan.anchors.length).fill(NaN);
    this.updatedAt = new Float64Array(plan.anchors.length).fill(NaN);
    this.byFeed = plan.feeds.map((_, feed) =>
      plan.anchors.flatMap((anchor, index) => (anchor.feed === feed ? [index] : [])),
    );
  }

  /** Takes an anchor's answer; an older one than it gave before is ignored. Returns the feed it speaks about. */
  observe(anchor: number, value: number, updatedAt: EpochMs): number {
    const plan = this.plan.anchors[anchor];
    if (plan === undefined)
      throw new RangeError(`anchor ${anchor} is not among the ${this.plan.anchors.length} of the plan`);
    if (!(updatedAt < (this.updatedAt[anchor] ?? NaN))) {
      this.value[anchor] = value;
      this.updatedAt[anchor] = updatedAt;
    }
    return plan.feed;
  }

  /** Whether some fresh anchor of the feed stands apart from a price. */
  apart(feed: number, price: number, at: EpochMs): boolean {
    return (this.byFeed[feed] ?? []).some((anchor) => {
      const plan = this.plan.anchors[anchor];
      if (plan === undefined || !(at < this.expiryOf(anchor))) return false;
      const value = this.value[anchor] as number;
      return (Math.abs(price - value) / value) * 10_000 > plan.maxDeviationBps;
    });
  }

  /** When the first fresh anchor of the feed will be no witness any more: +Infinity if there is none. */
  expiresAt(feed: number, at: EpochMs): EpochMs {
    let expiresAt = Infinity;
    for (const anchor of this.byFeed[feed] ?? []) {
      const expiry = this.expiryOf(anchor);
      if (expiry > at && expiry < expiresAt) expiresAt = expiry;
    }
    return expiresAt;
  }

  private expiryOf(anchor: number): EpochMs {
    return (this.updatedAt[anchor] as number) + (this.plan.anchors[anchor]?.maxAgeMs ?? NaN);
  }
}
