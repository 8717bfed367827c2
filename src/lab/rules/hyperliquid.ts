import type { EpochMs } from '../../oracle/units/time';
import type { VenueName } from '../run/venues';
import { HeardRule, UNDOCUMENTED_MAX_AGE_MS } from './heard-rule';
import { plainAnswer, type Answer } from './rule';
import { weightedMedian } from './statistics';

const EVERY_MS = 3_000;
/** Binance 3, OKX and Bybit 2, every other venue 1; here the three heaviest stand for them. */
const WEIGHTS: Readonly<Record<VenueName, number>> = { v1: 3, v2: 2, v3: 2, v4: 1, v5: 1, v6: 1, v7: 1 };

/**
 * Every three seconds the weighted median of spot middles
 * (https://hyperliquid.gitbook.io/hyperliquid-docs/hypercore/oracle). All validators see the same here, so their own
 * median is this one.
 */
export class Hyperliquid extends HeardRule {
  readonly name = 'hyperliquid';
  private published: Answer = plainAnswer(undefined);
  private publishedAt = -Infinity;

  protected override before(at: EpochMs): void {
    this.publish(at);
  }

  price(at: EpochMs): Answer {
    this.publish(at);
    return this.published;
  }

  /** What stood at the last multiple of three seconds is published until the next. */
  private publish(at: EpochMs): void {
    const due = Math.floor(at / EVERY_MS) * EVERY_MS;
    if (due <= this.publishedAt) return;
    this.publishedAt = due;
    const voices = this.books.voices(due, UNDOCUMENTED_MAX_AGE_MS);
    const votes = voices.map(({ venue, middle }) => ({ value: middle, weight: WEIGHTS[venue] }));
    this.published = plainAnswer(weightedMedian(votes));
  }
}
