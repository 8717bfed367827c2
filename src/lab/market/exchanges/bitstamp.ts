import { isObject, readObject, type Conversation, type Exchange, type Line } from '../exchange';
import { uniformAt } from '../random';
import type { Listing, VenueQuote } from '../venue-quotes';

/*
 * Bitstamp websocket v2, from https://www.bitstamp.net/websocket/v2/ and frames of 2022: each order book frame is the
 * whole book (in reality up to 100 levels a side, here 20), prices and sizes are strings, times microseconds.
 */
const CHANNEL = 'order_book_';
const LEVELS = 20;
/** Levels stand so far apart on average. */
const LEVEL_GAP_BPS = 0.8;

class BitstampConversation implements Conversation {
  private readonly pairs = new Set<string>();

  constructor(private readonly line: Line) {}

  heard(frame: string): void {
    const request = readObject(frame);
    if (request === undefined) {
      this.refuse('Incorrect JSON format.');
      return;
    }
    const { event, data } = request;
    const channel = isObject(data) ? data['channel'] : undefined;
    const listing = typeof channel === 'string' ? this.listingOf(channel) : undefined;
    if (event === 'bts:heartbeat') this.line.send('{"event":"bts:heartbeat","channel":"","data":{"status":"success"}}');
    else if ((event !== 'bts:subscribe' && event !== 'bts:unsubscribe') || listing === undefined) {
      this.refuse('Bad subscription string.');
    } else {
      const isNew = event === 'bts:subscribe';
      const done = isNew ? 'bts:subscription_succeeded' : 'bts:unsubscription_succeeded';
      this.line.send(`{"event":"${done}","channel":"${String(channel)}","data":{}}`);
      if (!isNew) this.pairs.delete(listing.instrument);
      else {
        this.pairs.add(listing.instrument);
        this.moved(listing, this.line.quote(listing));
      }
    }
  }

  moved(listing: Listing, quote: VenueQuote): void {
    if (!this.pairs.has(listing.instrument)) return;
    const micro = Math.floor(quote.eventAt * 1_000);
    this.line.sendQuote(
      `{"data":{"timestamp":"${Math.floor(micro / 1_000_000)}","microtimestamp":"${micro}",` +
        `"bids":${sideOf(listing, quote.bid, quote.bidSize, -1)},"asks":${sideOf(listing, quote.ask, quote.askSize, 1)}},` +
        `"channel":"${CHANNEL}${listing.instrument}","event":"data"}`,
    );
  }

  retire(): void {
    this.line.send('{"event":"bts:request_reconnect","channel":"","data":""}');
  }

  private listingOf(channel: string): Listing | undefined {
    return channel.startsWith(CHANNEL) ? this.line.listings.get(channel.slice(CHANNEL.length)) : undefined;
  }

  private refuse(message: string): void {
    this.line.send(JSON.stringify({ event: 'bts:error', channel: '', data: { code: null, message } }));
  }
}

/** The best level as it is, the others ever further away and larger. */
function sideOf(listing: Listing, best: number, bestSize: number, direction: 1 | -1): string {
  const levels = Array.from({ length: LEVELS }, (_, depth) => {
    const away = depth === 0 ? 0 : (depth + uniformAt(listing.seed, depth)) * LEVEL_GAP_BPS;
    const price = best * (1 + (direction * away) / 10_000);
    const tick = direction * depth * 10 ** -listing.priceDecimals;
    return `["${(price + tick).toFixed(listing.priceDecimals)}","${(bestSize * (1 + depth / 4)).toFixed(8)}"]`;
  });
  return `[${levels.join(',')}]`;
}

export const bitstamp: Exchange = { paths: ['/'], converse: (line) => new BitstampConversation(line) };
