import type { EpochMs } from '../../oracle/units/time';
import type { MarketQuote } from '../run/market-quote';
import type { VenueName } from '../run/venues';
import { HeardRule, UNDOCUMENTED_MAX_AGE_MS } from './heard-rule';
import { plainAnswer, type Answer } from './rule';
import { median } from './statistics';

const WINDOW_MS = 1_000;
/** As in BingX's index (https://support.bingx.com, article 4412259589401). */
const DROP_SHARE = 0.03;

/**
 * The median over venues of each venue's own median over the last second; a venue further than 3 % from it is dropped
 * and the median taken again. A venue silent for that second stands by its last quote.
 */
export class VenueMedians extends HeardRule {
  readonly name = 'venueMedians';
  private readonly middles = new Map<VenueName, { readonly at: EpochMs; readonly middle: number }[]>();

  protected override heard({ venue, at, bid, ask }: MarketQuote): void {
    const heard = this.middles.get(venue) ?? [];
    if (heard.length === 0) this.middles.set(venue, heard);
    heard.push({ at, middle: ((bid ?? NaN) + (ask ?? NaN)) / 2 });
  }

  price(at: EpochMs): Answer {
    const ofVenues = this.books.voices(at, UNDOCUMENTED_MAX_AGE_MS).map(({ venue, middle }) => {
      const heard = this.middles.get(venue) ?? [];
      while (heard.length > 1 && at - (heard[0]?.at ?? at) >= WINDOW_MS) heard.shift();
      const own = median(heard.map((quote) => quote.middle)) ?? NaN;
      // Converted at the rate of now, as the last middle was.
      return (own / (heard.at(-1)?.middle ?? NaN)) * middle;
    });
    const all = median(ofVenues);
    if (all === undefined) return plainAnswer(undefined);
    const near = ofVenues.filter((value) => Math.abs(value - all) <= DROP_SHARE * all);
    const answer = plainAnswer(median(near));
    return near.length < ofVenues.length ? { ...answer, isFlagged: true } : answer;
  }
}
