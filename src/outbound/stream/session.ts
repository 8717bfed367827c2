import type { OraclePlan } from '../../oracle/plan';
import type { Clock } from '../../platform/clock/clock';
import { SECOND_MS } from '../../oracle/units/time';
import type { Groups } from './groups';
import type { StreamLimits } from './limits';
import {
  errorText,
  type FeedNames,
  parseRequest,
  quoted,
  type Request,
  type RequestError,
  type RequestId,
} from './request';
import type { Subscriber } from './subscriber';
import { subscriptionTo } from './subscription';

/** The feeds by name: one for all sessions. */
export type FeedIndex = ReadonlyMap<string, number>;

export function feedIndexOf({ feeds }: Pick<OraclePlan, 'feeds'>): FeedIndex {
  return new Map(feeds.map(({ id }, index) => [id, index]));
}

/** What one client asks for, and what it is answered. */
export class Session {
  private errors = 0;
  private requests = 0;
  private countedSince = -Infinity;

  constructor(
    private readonly subscriber: Subscriber,
    private readonly groups: Groups,
    private readonly feeds: FeedIndex,
    private readonly limits: StreamLimits,
    private readonly clock: Clock,
  ) {}

  receive(data: Buffer, isBinary: boolean): void {
    if (this.isTooFast()) {
      this.refuse({ code: 'tooMany', message: `more than ${this.limits.maxRequestsPerSecond} requests in a second` });
      return;
    }
    const request = parseRequest(data, isBinary);
    if ('error' in request) this.refuse(request.error);
    else this.answer(request);
  }

  /** The connection is gone. */
  leave(): void {
    const { subscribed } = this.subscriber;
    if (subscribed !== undefined) this.groups.leave(this.subscriber, subscribed);
    this.subscriber.forget();
  }

  private answer(request: Request): void {
    switch (request.op) {
      case 'subscribe':
        return this.subscribe(request);
      case 'unsubscribe':
        return this.unsubscribe(request);
      case 'ping':
        this.subscriber.say(JSON.stringify({ type: 'pong', id: request.id }));
    }
  }

  private subscribe({ id, feeds, channels }: Extract<Request, { op: 'subscribe' }>): void {
    const named = this.named(feeds, id);
    if (named === undefined) return;
    const before = this.subscriber.subscribed;
    const figures = channels === undefined ? (before?.figures ?? false) : channels.includes('figures');
    this.move([...(before?.feeds ?? []), ...named], figures);
    this.confirm('subscribed', id);
    this.subscriber.show();
  }

  private unsubscribe({ id, feeds }: Extract<Request, { op: 'unsubscribe' }>): void {
    const named = this.named(feeds, id);
    if (named === undefined) return;
    const before = this.subscriber.subscribed;
    const gone = new Set(named);
    this.move(before?.feeds.filter((feed) => !gone.has(feed)) ?? [], before?.figures ?? false);
    this.confirm('unsubscribed', id);
  }

  private move(feeds: readonly number[], figures: boolean): void {
    const before = this.subscriber.subscribed;
    const next = feeds.length === 0 ? undefined : subscriptionTo(feeds, figures);
    if (before !== undefined) this.groups.leave(this.subscriber, before);
    if (next !== undefined) this.groups.join(this.subscriber, next);
    this.subscriber.follow(next);
  }

  /** What is subscribed to now, by name. */
  private confirm(type: 'subscribed' | 'unsubscribed', id: RequestId | undefined): void {
    const names = [...this.feeds.keys()];
    const feeds = this.subscriber.subscribed?.feeds.map((feed) => names[feed]) ?? [];
    this.subscriber.say(JSON.stringify({ type, id, feeds }));
  }

  /** Indices of the feeds that a request names; if one is unknown the whole request is refused. */
  private named(feeds: FeedNames, id: RequestId | undefined): readonly number[] | undefined {
    if (feeds === '*') return [...this.feeds.values()];
    if (feeds.length > this.limits.maxFeeds) {
      const message = `${feeds.length} feeds in one request, more than ${this.limits.maxFeeds}; send several, or "*"`;
      this.refuse({ code: 'tooMany', message, id });
      return undefined;
    }
    const unknown = feeds.find((feed) => !this.feeds.has(feed));
    if (unknown !== undefined) {
      this.refuse({ code: 'unknownFeed', message: `no feed is called ${quoted(unknown)}; see GET /v1/feeds`, id });
      return undefined;
    }
    return feeds.map((feed) => this.feeds.get(feed) ?? -1);
  }

  private refuse({ code, message, id }: RequestError): void {
    this.errors += 1;
    this.subscriber.say(errorText({ code, message, id }));
    if (this.errors >= this.limits.maxErrors) this.subscriber.end(1008, 'tooManyErrors');
  }

  private isTooFast(): boolean {
    const now = this.clock.now();
    if (now - this.countedSince >= SECOND_MS) {
      this.countedSince = now;
      this.requests = 0;
    }
    this.requests += 1;
    return this.requests > this.limits.maxRequestsPerSecond;
  }
}
