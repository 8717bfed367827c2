import { readObject, readStrings, type Conversation, type Exchange, type Line } from '../exchange';
import type { Listing, VenueQuote } from '../venue-quotes';

/*
 * Bybit v5 public spot, from https://bybit-exchange.github.io/docs/v5/ws/connect and
 * https://bybit-exchange.github.io/docs/v5/websocket/public/orderbook, answers by frames of August 2026: level 1 is
 * always a snapshot, sent again with the same `u` after three seconds without a change; a spot request takes ten
 * topics at most and fails as a whole.
 */
const MAX_ARGS = 10;
const REPEAT_AFTER_S = 3;
/** A client that sends nothing for ten minutes is disconnected by default; a ping each 20 s is advised. */
const IDLE_S = 600;

interface Book {
  readonly listing: Listing;
  last: VenueQuote;
  updateId: number;
  quietS: number;
}

class BybitConversation implements Conversation {
  private readonly books = new Map<string, Book>();
  private readonly connId: string;
  private idleS = 0;

  constructor(private readonly line: Line) {
    this.connId = `d9avt8shteepr00gfc1g-${line.number.toString(36).padStart(5, '0')}`;
  }

  heard(frame: string): void {
    this.idleS = 0;
    const request = readObject(frame);
    const { op, args, req_id: id } = request ?? {};
    const tag = typeof id === 'string' ? id : undefined;
    if (op === 'ping') this.answer(true, 'pong', 'ping', tag);
    else if (op !== 'subscribe' && op !== 'unsubscribe') this.answer(false, 'Invalid op', String(op), tag);
    else {
      const topics = readStrings(args) ?? [];
      const refusal = this.refusalOf(topics);
      this.answer(refusal === undefined, refusal ?? op, op, tag);
      if (refusal === undefined) for (const topic of topics) this.follow(op, topic);
    }
  }

  moved(listing: Listing, quote: VenueQuote): void {
    const book = this.books.get(topicOf(listing.instrument));
    if (book === undefined) return;
    book.updateId += 1;
    book.last = quote;
    this.sendBook(book);
  }

  second(): void {
    this.idleS += 1;
    if (this.idleS >= IDLE_S) this.line.close(1000, 'idle');
    for (const book of this.books.values()) {
      book.quietS += 1;
      if (book.quietS > REPEAT_AFTER_S) this.sendBook(book);
    }
  }

  /** Bybit announces nothing on a market's own connection. */
  retire(): void {
    this.line.close(1001, 'going away');
  }

  private refusalOf(topics: readonly string[]): string | undefined {
    if (topics.length === 0) return 'Params Error';
    if (topics.length > MAX_ARGS) return `args size >${MAX_ARGS}`;
    for (const topic of topics) {
      const symbol = /^orderbook\.1\.([^.]+)$/.exec(topic)?.[1];
      if (symbol === undefined) return `error:handler not found,topic:${topic}`;
      if (!this.line.listings.has(symbol)) return `Invalid symbol :[${topic}]`;
    }
    return undefined;
  }

  private follow(op: 'subscribe' | 'unsubscribe', topic: string): void {
    const listing = this.line.listings.get(topic.slice(topicOf('').length));
    if (listing === undefined) return;
    if (op === 'unsubscribe') this.books.delete(topic);
    else {
      const updateId = (listing.seed % 100_000_000) + 2;
      const book: Book = { listing, last: this.line.quote(listing), updateId, quietS: 0 };
      this.books.set(topic, book);
      this.sendBook(book);
    }
  }

  private sendBook(book: Book): void {
    const { last: quote, listing } = book;
    const { instrument, priceDecimals, sizeDecimals } = listing;
    book.quietS = 0;
    const level = (price: number, size: number) =>
      `[["${price.toFixed(priceDecimals)}","${size.toFixed(sizeDecimals)}"]]`;
    const eventAt = Math.floor(quote.eventAt);
    this.line.sendQuote(
      `{"topic":"${topicOf(instrument)}","ts":${eventAt + 4},"type":"snapshot","data":{"s":"${instrument}",` +
        `"b":${level(quote.bid, quote.bidSize)},"a":${level(quote.ask, quote.askSize)},"u":${book.updateId},` +
        `"seq":${112_488_000_000 + book.updateId}},"cts":${eventAt}}`,
    );
  }

  private answer(success: boolean, message: string, op: string, id: string | undefined): void {
    const tag = id === undefined ? {} : { req_id: id };
    this.line.send(JSON.stringify({ success, ret_msg: message, conn_id: this.connId, ...tag, op }));
  }
}

function topicOf(symbol: string): string {
  return `orderbook.1.${symbol}`;
}

export const bybit: Exchange = { paths: ['/v5/public/spot'], converse: (line) => new BybitConversation(line) };
