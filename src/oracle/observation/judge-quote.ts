import type { Quote } from '../input';
import type { EpochMs } from '../units/time';
import type { Verdict } from '../verdict';

/** What a quote is held against: the feed's and the source's own limits. */
export interface QuoteLimits {
  readonly maxSpreadBps: number;
  readonly maxFutureMs: number;
}

export interface Refusal {
  readonly verdict: Verdict;
  readonly measured: number;
  readonly limit: number;
}

/** Why this cannot be a quote, or undefined if it can. The first fault found is the one named. */
export function judgeQuote(quote: Quote, limits: QuoteLimits, at: EpochMs): Refusal | undefined {
  const { bid, ask, eventAt } = quote;
  if (bid === undefined || ask === undefined) return { verdict: 'oneSided', measured: NaN, limit: NaN };
  if (!(bid > 0)) return { verdict: 'notPositive', measured: bid, limit: 0 };
  if (!(ask > 0)) return { verdict: 'notPositive', measured: ask, limit: 0 };
  if (!(bid < Infinity)) return { verdict: 'outOfRange', measured: bid, limit: Number.MAX_VALUE };
  if (!(ask < Infinity)) return { verdict: 'outOfRange', measured: ask, limit: Number.MAX_VALUE };
  if (bid > ask) return { verdict: 'crossed', measured: bid, limit: ask };
  const spread = spreadBps(bid, ask);
  if (spread > limits.maxSpreadBps) return { verdict: 'wideSpread', measured: spread, limit: limits.maxSpreadBps };
  if (eventAt !== undefined && eventAt - at > limits.maxFutureMs) {
    return { verdict: 'future', measured: eventAt - at, limit: limits.maxFutureMs };
  }
  return undefined;
}

/** The spread relative to the middle, in basis points. */
export function spreadBps(bid: number, ask: number): number {
  return ((ask - bid) / (bid + (ask - bid) / 2)) * 10_000;
}
