import type { EpochMs } from '../../oracle/units/time';
import type { RecordedEvent } from '../../recording/event';
import type { Asset, Currency } from './listings';
import type { VenueName } from './venues';

/** A top of a book as it arrives, garbage included: what every rule hears. */
export interface MarketQuote {
  readonly at: EpochMs;
  readonly venue: VenueName;
  readonly base: Asset;
  readonly quote: Currency;
  readonly bid: number | undefined;
  readonly ask: number | undefined;
  readonly bidSize: number;
  readonly askSize: number;
  /** Price of the last trade. */
  readonly last: number;
  /** Traded since this book's last quote, in USD. */
  readonly volumeUsd: number;
  /** When it held at the venue, by the venue's clock. */
  readonly eventAt: EpochMs;
  readonly sequence: number;
}

/** What arrives: the event as it would be recorded, and for a vote what it says: rules of others hear votes alone. */
export interface Arrival {
  readonly at: EpochMs;
  readonly event: RecordedEvent;
  readonly quote?: MarketQuote;
  /** The instant of the truth that an honest quote shows; absent where the quote is not honest. */
  readonly shows?: EpochMs;
}
