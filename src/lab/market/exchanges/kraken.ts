import { isObject, isoTime, readObject, readStrings, type Conversation, type Exchange, type Line } from '../exchange';
import type { Listing, VenueQuote } from '../venue-quotes';

/*
 * Kraken spot websocket v2, from https://docs.kraken.com/exchange/api-reference/spot-websocket-v2/ticker and its
 * neighbours status, heartbeat and ping. Prices are JSON numbers. A heartbeat comes only in a second without any other
 * frame, and only once something is subscribed.
 */
interface Subscription {
  readonly trigger: 'bbo' | 'trades';
  bid: number;
  ask: number;
}

class KrakenConversation implements Conversation {
  private readonly subscriptions = new Map<string, Subscription>();
  private spokeThisSecond = false;

  constructor(private readonly line: Line) {
    line.send(
      `{"channel":"status","type":"update","data":[{"version":"2.0.11","system":"online","api_version":"v2",` +
        `"connection_id":${1_000_000 + line.number}}]}`,
    );
  }

  heard(frame: string): void {
    const heardAt = this.line.now();
    const request = readObject(frame);
    const { method, req_id: id, params } = request ?? {};
    const tag = Number.isSafeInteger(id) ? { req_id: id } : {};
    if (method === 'ping') this.answer(heardAt, { method: 'pong', ...tag });
    else if ((method !== 'subscribe' && method !== 'unsubscribe') || !isObject(params)) {
      this.answer(heardAt, { error: 'Malformed request', method: method ?? null, success: false, ...tag });
    } else this.subscribe(heardAt, method, params, tag);
  }

  moved(listing: Listing, quote: VenueQuote): void {
    const subscription = this.subscriptions.get(listing.instrument);
    if (subscription === undefined) return;
    const isNews = subscription.bid !== quote.bid || subscription.ask !== quote.ask;
    if (subscription.trigger === 'bbo' ? isNews : quote.traded) this.sendTicker('update', listing, quote, subscription);
  }

  second(): void {
    if (!this.spokeThisSecond && this.subscriptions.size > 0) this.line.send('{"channel":"heartbeat"}');
    this.spokeThisSecond = false;
  }

  retire(): void {
    this.line.send(
      `{"channel":"status","type":"update","data":[{"version":"2.0.11","system":"maintenance","api_version":"v2",` +
        `"connection_id":${1_000_000 + this.line.number}}]}`,
    );
    this.line.close(1001, 'going away');
  }

  private subscribe(heardAt: number, method: string, params: Readonly<Record<string, unknown>>, tag: object): void {
    const { channel, symbol, snapshot = true, event_trigger: trigger = 'trades' } = params;
    const symbols = readStrings(symbol);
    const refuse = (error: string, about: object = {}) => {
      this.answer(heardAt, { error, method, success: false, ...about, ...tag });
    };
    if (channel !== 'ticker') refuse(`Subscription name invalid`);
    else if (symbols === undefined) refuse('Symbol(s) not found');
    else if (trigger !== 'bbo' && trigger !== 'trades') refuse('Event trigger not supported');
    else {
      for (const name of symbols) {
        const listing = this.line.listings.get(name);
        if (listing === undefined) refuse(`Currency pair not supported ${name}`, { symbol: name });
        else if (method === 'unsubscribe') this.leave(heardAt, name, tag);
        else if (this.subscriptions.has(name)) refuse('Already subscribed', { symbol: name });
        else {
          const subscription: Subscription = { trigger, bid: NaN, ask: NaN };
          this.subscriptions.set(name, subscription);
          const result = { channel, event_trigger: trigger, snapshot, symbol: name };
          this.answer(heardAt, { method, result, success: true, ...tag });
          if (snapshot === true) this.sendTicker('snapshot', listing, this.line.quote(listing), subscription);
        }
      }
    }
  }

  private leave(heardAt: number, symbol: string, tag: object): void {
    this.subscriptions.delete(symbol);
    this.answer(heardAt, { method: 'unsubscribe', result: { channel: 'ticker', symbol }, success: true, ...tag });
  }

  private answer(heardAt: number, body: object): void {
    this.line.send(JSON.stringify({ ...body, time_in: isoTime(heardAt, 6), time_out: isoTime(this.line.now(), 6) }));
  }

  private sendTicker(kind: 'snapshot' | 'update', listing: Listing, quote: VenueQuote, told: Subscription): void {
    told.bid = quote.bid;
    told.ask = quote.ask;
    this.spokeThisSecond = true;
    const price = (value: number) => value.toFixed(listing.priceDecimals);
    const size = (value: number) => value.toFixed(8);
    const last = price(quote.last);
    this.line.sendQuote(
      `{"channel":"ticker","type":"${kind}","data":[{"symbol":"${listing.instrument}","bid":${price(quote.bid)},` +
        `"bid_qty":${size(quote.bidSize)},"ask":${price(quote.ask)},"ask_qty":${size(quote.askSize)},"last":${last},` +
        `"volume":997038.98383185,"vwap":${last},"low":${last},"high":${last},"change":0.0,"change_pct":0.00,` +
        `"timestamp":"${isoTime(quote.eventAt, 6)}"}]}`,
    );
  }
}

export const kraken: Exchange = { paths: ['/v2'], converse: (line) => new KrakenConversation(line) };
