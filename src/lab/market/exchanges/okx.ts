import { isObject, readObject, type Conversation, type Exchange, type Line } from '../exchange';
import type { Listing, VenueQuote } from '../venue-quotes';

/*
 * OKX v5 public channels, from https://www.okx.com/docs-v5/en/ (WebSocket; Order book channel; Error codes): a
 * connection without traffic for 30 s is closed with 4004, text `ping` keeps it.
 */
const IDLE_S = 30;

class OkxConversation implements Conversation {
  private readonly instruments = new Set<string>();
  private readonly sequences = new Map<string, number>();
  private readonly connId: string;
  private idleS = 0;

  constructor(private readonly line: Line) {
    this.connId = (0xa4d30000 + line.number).toString(16);
  }

  heard(frame: string): void {
    this.idleS = 0;
    if (frame === 'ping') {
      this.line.send('pong');
      return;
    }
    const request = readObject(frame);
    const { op, args } = request ?? {};
    if ((op !== 'subscribe' && op !== 'unsubscribe') || !Array.isArray(args)) {
      this.refuse('60012', `Invalid request: ${frame}`);
      return;
    }
    for (const arg of args as unknown[]) {
      if (!isObject(arg)) this.refuse('60012', `Invalid request: ${frame}`);
      else this.subscribe(op, arg);
    }
  }

  moved(listing: Listing, quote: VenueQuote): void {
    if (this.instruments.has(listing.instrument)) this.sendBook(listing, quote);
  }

  second(): void {
    this.idleS += 1;
    if (this.idleS >= IDLE_S) this.line.close(4004, 'No data received in 30s');
  }

  retire(): void {
    const msg = 'The connection will soon be closed for a service upgrade. Please reconnect.';
    this.line.send(JSON.stringify({ event: 'notice', code: '64008', msg, connId: this.connId }));
  }

  private subscribe(op: 'subscribe' | 'unsubscribe', arg: Readonly<Record<string, unknown>>): void {
    const { channel, instId } = arg;
    const listing = typeof instId === 'string' ? this.line.listings.get(instId) : undefined;
    if (channel !== 'bbo-tbt' || listing === undefined) {
      const what = `${String(channel)},instId:${String(instId)}`;
      const advice = 'Please use the correct URL, channel and parameters referring to API document.';
      this.refuse('60018', `Wrong URL or channel:${what} doesn't exist. ${advice}`);
      return;
    }
    this.line.send(JSON.stringify({ event: op, arg: { channel, instId }, connId: this.connId }));
    if (op === 'unsubscribe') this.instruments.delete(listing.instrument);
    else {
      this.instruments.add(listing.instrument);
      this.sendBook(listing, this.line.quote(listing));
    }
  }

  private sendBook(listing: Listing, quote: VenueQuote): void {
    const { instrument, priceDecimals, sizeDecimals } = listing;
    this.idleS = 0;
    const seqId = (this.sequences.get(instrument) ?? listing.seed) + 1 + (Math.floor(quote.eventAt) % 5);
    this.sequences.set(instrument, seqId);
    const level = (price: number, size: number) =>
      `["${price.toFixed(priceDecimals)}","${size.toFixed(sizeDecimals)}","0","${1 + (seqId % 7)}"]`;
    this.line.sendQuote(
      `{"arg":{"channel":"bbo-tbt","instId":"${instrument}"},"data":[{"asks":[${level(quote.ask, quote.askSize)}],` +
        `"bids":[${level(quote.bid, quote.bidSize)}],"ts":"${Math.floor(quote.eventAt)}","seqId":${seqId}}]}`,
    );
  }

  private refuse(code: string, msg: string): void {
    this.line.send(JSON.stringify({ event: 'error', code, msg, connId: this.connId }));
  }
}

export const okx: Exchange = { paths: ['/ws/v5/public'], converse: (line) => new OkxConversation(line) };
