import { readObject, readStrings, type Conversation, type Exchange, type Line } from '../exchange';
import type { Listing, VenueQuote } from '../venue-quotes';

/*
 * Binance spot market streams, from
 * https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams: its limits, pings, answers and errors.
 */
const MAX_STREAMS = 1_024;
const MAX_MESSAGES_A_SECOND = 5;
const PING_EVERY_S = 20;
const PONG_WITHIN_S = 60;
const METHODS = ['SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS', 'SET_PROPERTY', 'GET_PROPERTY'];
/** Prices and sizes carry eight decimals, more only where a price needs them. */
const DECIMALS = 8;

class BinanceConversation implements Conversation {
  private readonly streams = new Set<string>();
  private readonly updateIds = new Map<string, number>();
  private combined: boolean;
  private ageS = 0;
  private pongedAtS = 0;
  private messages = 0;

  constructor(
    private readonly line: Line,
    url: string,
  ) {
    const { pathname, searchParams } = new URL(url, 'ws://binance');
    this.combined = !pathname.startsWith('/ws');
    const raw = pathname.startsWith('/ws/') ? pathname.slice('/ws/'.length) : '';
    for (const stream of (searchParams.get('streams') ?? raw).split('/')) if (stream !== '') this.streams.add(stream);
  }

  heard(frame: string): void {
    if (this.isTooMuch()) return;
    const request = readObject(frame);
    if (request === undefined) {
      this.line.send('{"code":3,"msg":"Invalid JSON: expected value at line 1 column 1"}');
      return;
    }
    const { method, id } = request;
    if (!isRequestId(id)) this.refuse('request ID must be an unsigned integer');
    else if (method === undefined) this.refuse(`missing field \`method\` at line 1 column ${frame.length}`);
    else if (typeof method !== 'string' || !METHODS.includes(method)) {
      const expected = METHODS.map((name) => `\`${name}\``).join(', ');
      this.refuse(
        `unknown variant \`${typeof method === 'string' ? method : typeof method}\`, expected one of ${expected} at line 1 column ${frame.length}`,
      );
    } else this.answer(method, request['params'], JSON.stringify(id));
  }

  moved(listing: Listing, quote: VenueQuote): void {
    const stream = `${listing.instrument.toLowerCase()}@bookTicker`;
    if (!this.streams.has(stream)) return;
    const u = (this.updateIds.get(stream) ?? listing.seed) + 1 + (Math.floor(quote.eventAt) % 3);
    this.updateIds.set(stream, u);
    const price = (value: number) => value.toFixed(Math.max(DECIMALS, listing.priceDecimals));
    const data =
      `{"u":${u},"s":"${listing.instrument}","b":"${price(quote.bid)}","B":"${quote.bidSize.toFixed(DECIMALS)}",` +
      `"a":"${price(quote.ask)}","A":"${quote.askSize.toFixed(DECIMALS)}"}`;
    this.line.sendQuote(this.wrapped(stream, data));
  }

  second(): void {
    this.ageS += 1;
    this.messages = 0;
    if (this.ageS - this.pongedAtS > PONG_WITHIN_S + PING_EVERY_S) this.line.close(1008, 'no pong');
    else if (this.ageS % PING_EVERY_S === 0) this.line.ping();
  }

  pulsed(kind: 'ping' | 'pong'): void {
    if (kind === 'pong') this.pongedAtS = this.ageS;
    this.isTooMuch();
  }

  retire(): void {
    this.line.send(this.wrapped('!serverShutdown', `{"e":"serverShutdown","E":${Math.floor(this.line.now())}}`));
  }

  private answer(method: string, params: unknown, id: string): void {
    if (method === 'LIST_SUBSCRIPTIONS') this.reply(JSON.stringify([...this.streams]), id);
    else if (method === 'SET_PROPERTY' || method === 'GET_PROPERTY') this.property(method, params, id);
    else {
      const names = readStrings(params);
      if (names === undefined) {
        this.refuse('params must be an array of stream names');
        return;
      }
      for (const name of names) {
        if (method === 'SUBSCRIBE') this.streams.add(name);
        else this.streams.delete(name);
      }
      if (this.streams.size > MAX_STREAMS) this.line.close(1008, `more than ${MAX_STREAMS} streams`);
      else this.reply('null', id);
    }
  }

  private property(method: string, params: unknown, id: string): void {
    const [name, value] = Array.isArray(params) ? (params as unknown[]) : [];
    if (typeof name !== 'string') this.refuse('property name must be a string');
    else if (name !== 'combined') this.line.send(`{"code":0,"msg":"Unknown property","id":${id}}`);
    else if (method === 'GET_PROPERTY') this.reply(String(this.combined), id);
    else if (typeof value !== 'boolean') this.line.send('{"code":1,"msg":"Invalid value type: expected Boolean"}');
    else {
      this.combined = value;
      this.reply('null', id);
    }
  }

  private reply(result: string, id: string): void {
    this.line.send(`{"result":${result},"id":${id}}`);
  }

  private refuse(why: string): void {
    this.line.send(JSON.stringify({ code: 2, msg: `Invalid request: ${why}` }));
  }

  private wrapped(stream: string, data: string): string {
    return this.combined ? `{"stream":"${stream}","data":${data}}` : data;
  }

  private isTooMuch(): boolean {
    this.messages += 1;
    if (this.messages <= MAX_MESSAGES_A_SECOND) return false;
    this.line.close(1008, 'Too many requests');
    return true;
  }
}

function isRequestId(id: unknown): boolean {
  return id === null || Number.isSafeInteger(id) || (typeof id === 'string' && /^[0-9A-Za-z]{1,36}$/.test(id));
}

/** Unknown streams are acknowledged and stay silent, as they do in reality. A bookTicker carries no time. */
export const binance: Exchange = {
  paths: ['/stream', '/ws'],
  converse: (line, url) => new BinanceConversation(line, url),
};
