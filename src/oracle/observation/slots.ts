import type { Quote } from '../input';
import type { FeedPlan, OraclePlan, SourcePlan } from '../plan';
import type { EpochMs } from '../units/time';
import { verdictCode, type Verdict } from '../verdict';
import { judgeQuote, spreadBps, type QuoteLimits } from './judge-quote';
import { microPrice } from './micro-price';
import { visibleDepth } from './visible-depth';

const USABLE = verdictCode('used');

/**
 * The last word of every source, in columns indexed by source. Observing overwrites a slot and touches nothing else,
 * so the order in which different sources speak within one instant cannot matter.
 */
export class Slots {
  /** Price of one unit of the asset in the source's quote currency. */
  readonly price: Float64Array;
  readonly spreadBps: Float64Array;
  /** In the source's quote currency per basis point; NaN where it is not known. */
  readonly depth: Float64Array;
  readonly receivedAt: Float64Array;
  /** NaN where the venue gives no event time. */
  readonly eventAt: Float64Array;
  /**
   * When the book (prices and sizes) last became another, as far as the venue says: a word that repeats it makes the
   * price no younger.
   */
  readonly changedAt: Float64Array;
  /** `used` where the slot holds a quote, otherwise why it holds none. */
  readonly code: Uint8Array;
  readonly measured: Float64Array;
  readonly limit: Float64Array;
  private readonly sequence: Float64Array;
  /** Bid, ask and their sizes, four numbers a source. */
  private readonly book: Float64Array;
  private readonly limits: readonly QuoteLimits[];
  private readonly multiplier: Float64Array;

  constructor(plan: OraclePlan) {
    const count = plan.sources.length;
    this.price = new Float64Array(count);
    this.spreadBps = new Float64Array(count);
    this.depth = new Float64Array(count);
    this.receivedAt = new Float64Array(count);
    this.eventAt = new Float64Array(count);
    this.changedAt = new Float64Array(count);
    this.book = new Float64Array(4 * count);
    this.code = new Uint8Array(count);
    this.measured = new Float64Array(count);
    this.limit = new Float64Array(count);
    this.sequence = new Float64Array(count);
    this.multiplier = Float64Array.from(plan.sources, (source) => source.multiplier);
    this.limits = plan.sources.map((source) => quoteLimits(source, plan.feeds));
    for (let source = 0; source < count; source++) this.forget(source);
  }

  /**
   * Takes a source's new word. A quote that refuses itself still displaces the one before: the source no longer
   * stands by that. A repeated or backward sequence is an echo and is ignored, unless the venue says the same again
   * at a later time of its own, which confirms it. Returns whether the slot changed.
   */
  observe(source: number, quote: Quote, at: EpochMs): boolean {
    const limits = this.limits[source];
    if (limits === undefined)
      throw new RangeError(`source ${source} is not among the ${this.limits.length} of the plan`);
    if (quote.sequence !== undefined) {
      const last = this.sequence[source] as number;
      const confirms = quote.sequence === last && (quote.eventAt ?? NaN) > (this.eventAt[source] as number);
      if (quote.sequence <= last && !confirms) return false;
      this.sequence[source] = quote.sequence;
    }
    this.receivedAt[source] = at;
    this.eventAt[source] = quote.eventAt ?? NaN;
    if (this.turnsPage(source, quote)) this.changedAt[source] = Math.min(at, quote.eventAt ?? at);
    const refusal = judgeQuote(quote, limits, at);
    if (refusal !== undefined) {
      this.refuse(source, verdictCode(refusal.verdict), refusal.measured, refusal.limit);
      return true;
    }
    const bid = quote.bid as number;
    const ask = quote.ask as number;
    this.code[source] = USABLE;
    this.price[source] = microPrice(bid, ask, quote.bidSize, quote.askSize) / (this.multiplier[source] as number);
    const spread = spreadBps(bid, ask);
    this.spreadBps[source] = spread;
    this.depth[source] = visibleDepth(bid, ask, quote.bidSize, quote.askSize, spread);
    return true;
  }

  /** Its connection opened or closed: what the source said is no evidence any more, and its sequence starts anew. */
  forget(source: number, verdict: Verdict = 'silent'): void {
    this.sequence[source] = NaN;
    this.receivedAt[source] = NaN;
    this.eventAt[source] = NaN;
    this.changedAt[source] = NaN;
    this.book.fill(NaN, 4 * source, 4 * source + 4);
    this.refuse(source, verdictCode(verdict), NaN, NaN);
  }

  /** Keeps the book; returns whether it is another than the one before. */
  private turnsPage(source: number, { bid, ask, bidSize, askSize }: Quote): boolean {
    const page = 4 * source;
    let isNew = Number.isNaN(this.changedAt[source]);
    if (this.write(page, bid)) isNew = true;
    if (this.write(page + 1, ask)) isNew = true;
    if (this.write(page + 2, bidSize)) isNew = true;
    if (this.write(page + 3, askSize)) isNew = true;
    return isNew;
  }

  private write(place: number, said = NaN): boolean {
    const isNew = !Object.is(this.book[place], said);
    this.book[place] = said;
    return isNew;
  }

  private refuse(source: number, code: number, measured: number, limit: number): void {
    this.code[source] = code;
    this.price[source] = NaN;
    this.spreadBps[source] = NaN;
    this.depth[source] = NaN;
    this.measured[source] = measured;
    this.limit[source] = limit;
  }
}

function quoteLimits(source: SourcePlan, feeds: readonly FeedPlan[]): QuoteLimits {
  const feed = feeds[source.feed];
  if (feed === undefined)
    throw new RangeError(`source ${source.id} names feed ${source.feed}, which is not in the plan`);
  return {
    maxSpreadBps: feed.policy.maxSpreadBps,
    maxFutureMs: source.maxFutureMs,
  };
}
