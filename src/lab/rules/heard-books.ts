import type { EpochMs } from '../../oracle/units/time';
import type { Asset } from '../run/listings';
import type { MarketQuote } from '../run/market-quote';
import type { VenueName } from '../run/venues';
import { median } from './statistics';

/** A venue's last word about the feed that is judged, in USD. */
export interface Voice {
  readonly venue: VenueName;
  readonly at: EpochMs;
  readonly middle: number;
  readonly bid: number;
  readonly ask: number;
  readonly last: number;
}

/** A stable coin's book is quiet: older than this its word about the rate no longer counts. */
const RATE_MAX_AGE_MS = 60_000;
/** No price in 64 bits is larger. */
const MAX_PRICE = 2 ** 63;

/**
 * What the rules of others have in common, so that they are compared by their rule alone: a quote that cannot be one
 * (not positive, beyond 64 bits, one-sided, crossed) is not heard, and what is quoted in USDT becomes USD by the plain
 * median of USDT's own books. No document of theirs says as much; it does them no harm.
 */
export class HeardBooks {
  private readonly latest = new Map<VenueName, MarketQuote & { readonly bid: number; readonly ask: number }>();
  private readonly rates = new Map<VenueName, { readonly at: EpochMs; readonly middle: number }>();

  constructor(private readonly base: Asset) {}

  /** Returns whether the quote was one, and of the asset that is judged. */
  hear(quote: MarketQuote): boolean {
    const { venue, base, bid, ask, at } = quote;
    if (!(bid !== undefined && ask !== undefined && bid > 0 && ask >= bid && ask < MAX_PRICE)) return false;
    if (base === 'USDT') this.rates.set(venue, { at, middle: (bid + ask) / 2 });
    if (base !== this.base) return false;
    this.latest.set(venue, { ...quote, bid, ask });
    return true;
  }

  /** Those who spoke less than `maxAgeMs` ago. */
  voices(at: EpochMs, maxAgeMs: number): Voice[] {
    const fresh = [...this.latest.values()].filter((quote) => at - quote.at < maxAgeMs);
    const rate = this.usdPerUsdt(at);
    return fresh.flatMap(({ venue, at: heardAt, quote, bid, ask, last }) => {
      const usd = quote === 'USDT' ? rate : quote === 'USD' ? 1 : undefined;
      if (usd === undefined) return [];
      return [
        { venue, at: heardAt, middle: ((bid + ask) / 2) * usd, bid: bid * usd, ask: ask * usd, last: last * usd },
      ];
    });
  }

  /** USD for one unit of what the quote is in. */
  rateOf({ quote }: Pick<MarketQuote, 'quote'>, at: EpochMs): number | undefined {
    if (quote === 'USDT') return this.usdPerUsdt(at);
    return quote === 'USD' ? 1 : undefined;
  }

  private usdPerUsdt(at: EpochMs): number | undefined {
    const fresh: number[] = [];
    for (const rate of this.rates.values()) if (at - rate.at < RATE_MAX_AGE_MS) fresh.push(rate.middle);
    return median(fresh);
  }
}
