import type { Reason } from '../../oracle/report';
import type { EpochMs } from '../../oracle/units/time';
import type { Arrival, MarketQuote } from '../run/market-quote';

/** What a rule publishes at an instant. */
export interface Answer {
  /** Absent where the rule publishes none. */
  readonly price: number | undefined;
  /** What it says should hold the price 99 times in 100; absent where the rule states none. */
  readonly band: { readonly low: number; readonly high: number } | undefined;
  readonly status: 'ok' | 'degraded' | 'halted';
  /** Whether a consumer may liquidate by it. */
  readonly permitsLiquidation: boolean;
  /** Whether it says of itself that anything is amiss. */
  readonly isFlagged: boolean;
  /** Why, in Assay's words; rules of others give none. */
  readonly reasons?: readonly Reason[];
  /** What one unit counts as collateral, where that is not the price. */
  readonly collateral?: number;
}

/** A way to make one price out of many books. Instants never go back, and no quote comes after a price of its instant. */
export interface Rule {
  readonly name: string;
  /** Quotes of before the run, oldest first. */
  remember?(quote: MarketQuote): void;
  observe(arrival: Arrival): void;
  price(at: EpochMs): Answer;
}

export const HALTED: Answer = {
  price: undefined,
  band: undefined,
  status: 'halted',
  permitsLiquidation: false,
  isFlagged: true,
};

/** The answer of a rule that knows no states but a price and none. */
export function plainAnswer(price: number | undefined, band?: Answer['band']): Answer {
  if (price === undefined) return HALTED;
  return { price, band, status: 'ok', permitsLiquidation: true, isFlagged: false };
}
