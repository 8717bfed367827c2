import { isoTime, readObject, readStrings, type Conversation, type Exchange, type Line } from '../exchange';
import type { Listing, VenueQuote } from '../venue-quotes';

/*
 * Coinbase Advanced Trade market data, from https://docs.cdp.coinbase.com/coinbase-app/advanced-trade-apis/websocket and
 * frames of August 2026: snapshots come before the acknowledgement, one sequence runs through all frames of a
 * connection. The wording of errors is not documented; their shape (`type`, `message`) is.
 */
const SUBSCRIBE_WITHIN_S = 5;

class CoinbaseConversation implements Conversation {
  private readonly tickers = new Set<string>();
  private heartbeats = false;
  private sequence = 0;
  private ageS = 0;
  private hasSubscribed = false;

  constructor(private readonly line: Line) {}

  heard(frame: string): void {
    const request = readObject(frame);
    const { type, channel } = request ?? {};
    const products = readStrings(request?.['product_ids'] ?? []);
    if (type !== 'subscribe' && type !== 'unsubscribe') this.refuse('type must be subscribe or unsubscribe');
    else if (channel !== 'ticker' && channel !== 'heartbeats')
      this.refuse(`channel ${String(channel)} is not supported`);
    else if (products === undefined) this.refuse('product_ids must be an array of strings');
    else if (channel === 'heartbeats') this.listen(type, () => (this.heartbeats = type === 'subscribe'));
    else if (products.length === 0) this.refuse('product_ids must name a product');
    else this.tick(type, products);
  }

  moved(listing: Listing, quote: VenueQuote): void {
    if (this.tickers.has(listing.instrument)) this.sendTicker('update', listing, quote);
  }

  second(): void {
    this.ageS += 1;
    if (!this.hasSubscribed && this.ageS >= SUBSCRIBE_WITHIN_S) this.line.close(1008, 'no subscription in 5 seconds');
    if (!this.heartbeats) return;
    const now = this.line.now();
    const told = isoTime(now, 9).replace('T', ' ').replace('Z', ' +0000 UTC');
    const event = `{"current_time":"${told} m=+${this.ageS}.000000000","heartbeat_counter":${this.ageS}}`;
    this.line.send(this.envelope('heartbeats', now, event));
  }

  /** Coinbase announces nothing. */
  retire(): void {
    this.line.close(1001, 'going away');
  }

  private tick(type: 'subscribe' | 'unsubscribe', products: readonly string[]): void {
    const listings = products.map((product) => this.listingOf(product));
    const unknown = products.filter((_, index) => listings[index] === undefined);
    if (unknown.length > 0) {
      this.refuse(`${unknown.join(', ')} is not a valid product`);
      return;
    }
    this.listen(type, () => {
      for (const listing of listings) {
        if (listing === undefined) continue;
        if (type === 'unsubscribe') this.tickers.delete(listing.instrument);
        else {
          this.tickers.add(listing.instrument);
          this.sendTicker('snapshot', listing, this.line.quote(listing));
        }
      }
    });
  }

  /** A `-USDC` product gives the data of the `-USD` one: the documents say so of all channels but the user's. */
  private listingOf(product: string): Listing | undefined {
    return this.line.listings.get(product) ?? this.line.listings.get(product.replace(/-USDC$/, '-USD'));
  }

  private listen(type: 'subscribe' | 'unsubscribe', change: () => void): void {
    if (type === 'subscribe') this.hasSubscribed = true;
    change();
    const subscriptions = {
      ...(this.heartbeats && { heartbeats: ['heartbeats'] }),
      ...(this.tickers.size > 0 && { ticker: [...this.tickers] }),
    };
    this.line.send(this.envelope('subscriptions', this.line.now(), JSON.stringify({ subscriptions })));
  }

  private sendTicker(type: 'snapshot' | 'update', listing: Listing, quote: VenueQuote): void {
    const price = (value: number) => value.toFixed(listing.priceDecimals);
    const last = price(quote.last);
    const ticker =
      `{"type":"ticker","product_id":"${listing.instrument}","price":"${last}","volume_24_h":"2867.54532609",` +
      `"low_24_h":"${last}","high_24_h":"${last}","low_52_w":"${last}","high_52_w":"${last}",` +
      `"price_percent_chg_24_h":"0.09601107287722","best_bid":"${price(quote.bid)}","best_ask":"${price(quote.ask)}",` +
      `"best_bid_quantity":"${String(quote.bidSize)}","best_ask_quantity":"${String(quote.askSize)}"}`;
    this.line.sendQuote(this.envelope('ticker', quote.eventAt, `{"type":"${type}","tickers":[${ticker}]}`));
  }

  private envelope(channel: string, at: number, event: string): string {
    const sequence = this.sequence++;
    return `{"channel":"${channel}","timestamp":"${isoTime(at, 9)}","sequence_num":${sequence},"events":[${event}]}`;
  }

  private refuse(message: string): void {
    this.line.send(JSON.stringify({ type: 'error', message }));
  }
}

export const coinbase: Exchange = { paths: ['/'], converse: (line) => new CoinbaseConversation(line) };
