import type { EpochMs } from '../../oracle/units/time';
import type { Asset } from '../run/listings';
import type { Arrival, MarketQuote } from '../run/market-quote';
import { HeardBooks } from './heard-books';
import type { Answer, Rule } from './rule';

/** Where no document says how old a quote may be. As old as Assay's. */
export const UNDOCUMENTED_MAX_AGE_MS = 10_000;

/** A rule of others: what it hears is kept by `books`, what it makes of that is its own. */
export abstract class HeardRule implements Rule {
  abstract readonly name: string;
  protected readonly books: HeardBooks;

  constructor(base: Asset) {
    this.books = new HeardBooks(base);
  }

  observe({ quote }: Arrival): void {
    if (quote !== undefined) this.take(quote);
  }

  abstract price(at: EpochMs): Answer;

  /** Called with every quote that is one, of the asset that is judged. */
  protected heard?(quote: MarketQuote): void;
  /** Called before the state changes, with the instant of the change. */
  protected before?(at: EpochMs): void;

  protected take(quote: MarketQuote): void {
    this.before?.(quote.at);
    if (this.books.hear(quote)) this.heard?.(quote);
  }
}
