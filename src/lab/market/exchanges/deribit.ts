import { isObject, readObject, readStrings, type Conversation, type Exchange, type Line } from '../exchange';
import type { Listing, VenueQuote } from '../venue-quotes';

/*
 * Deribit's JSON-RPC, of which the volatility indices alone, from
 * https://docs.deribit.com/subscriptions/market-data/deribit_volatility_indexindex_name and, for heartbeats,
 * https://docs.deribit.com/api-reference/session-management/public-set_heartbeat. An index is told once a second, and first
 * when it is subscribed to. A client that is asked whether it is there and does not say so is disconnected.
 */
const CHANNEL = 'deribit_volatility_index.';
const LEAST_INTERVAL = 10;
/** Of the protocol: https://www.jsonrpc.org/specification, section 5.1. */
const [INVALID_REQUEST, NO_METHOD, INVALID_PARAMS] = [-32_600, -32_601, -32_602];

class DeribitConversation implements Conversation {
  private readonly subscribed = new Set<Listing>();
  /** Seconds from heartbeat to heartbeat; undefined until asked for. */
  private interval: number | undefined;
  private seconds = 0;
  private isAsked = false;

  constructor(private readonly line: Line) {}

  heard(frame: string): void {
    const { id, method, params = {} } = readObject(frame) ?? {};
    if (typeof method !== 'string' || !isObject(params)) this.refuse(id, INVALID_REQUEST, 'Invalid Request');
    else if (method === 'public/test') {
      this.isAsked = false;
      this.answer(id, { version: '1.2.26' });
    } else if (method === 'public/set_heartbeat') this.beat(id, params['interval']);
    else if (method === 'public/subscribe') this.subscribe(id, readStrings(params['channels']));
    else this.refuse(id, NO_METHOD, 'Method not found');
  }

  /** The index is told by the second, however often it changes. */
  moved(): void {
    return undefined;
  }

  second(): void {
    for (const listing of this.subscribed) this.tell(listing, this.line.quote(listing));
    if (this.interval === undefined || ++this.seconds % this.interval !== 0) return;
    if (this.isAsked) {
      this.line.close(1000, '');
      return;
    }
    // Every other time it asks.
    this.isAsked = (this.seconds / this.interval) % 2 === 0;
    this.notify('heartbeat', { type: this.isAsked ? 'test_request' : 'heartbeat' });
  }

  retire(): void {
    this.line.close(1001, 'going away');
  }

  private beat(id: unknown, interval: unknown): void {
    if (!(Number(interval) >= LEAST_INTERVAL)) this.refuse(id, INVALID_PARAMS, 'Invalid params');
    else {
      this.interval = Number(interval);
      this.answer(id, 'ok');
    }
  }

  private subscribe(id: unknown, channels: readonly string[] | undefined): void {
    if (channels === undefined) {
      this.refuse(id, INVALID_PARAMS, 'Invalid params');
      return;
    }
    const listings = channels.flatMap((channel) => {
      const listing = channel.startsWith(CHANNEL) ? this.line.listings.get(channel.slice(CHANNEL.length)) : undefined;
      return listing === undefined ? [] : [listing];
    });
    this.answer(
      id,
      listings.map(({ instrument }) => CHANNEL + instrument),
    );
    for (const listing of listings) {
      this.subscribed.add(listing);
      this.tell(listing, this.line.quote(listing));
    }
  }

  private tell({ instrument, priceDecimals }: Listing, { last, eventAt }: VenueQuote): void {
    const volatility = Number(last.toFixed(priceDecimals));
    const data = { volatility, timestamp: Math.floor(eventAt), index_name: instrument };
    this.line.sendQuote(
      JSON.stringify({ jsonrpc: '2.0', method: 'subscription', params: { channel: CHANNEL + instrument, data } }),
    );
  }

  private notify(method: string, params: object): void {
    this.line.send(JSON.stringify({ jsonrpc: '2.0', method, params }));
  }

  private answer(id: unknown, result: unknown): void {
    this.line.send(JSON.stringify({ jsonrpc: '2.0', id, result, testnet: false }));
  }

  private refuse(id: unknown, code: number, message: string): void {
    this.line.send(JSON.stringify({ jsonrpc: '2.0', id, error: { code, message }, testnet: false }));
  }
}

export const deribit: Exchange = { paths: ['/ws/api/v2'], converse: (line) => new DeribitConversation(line) };
