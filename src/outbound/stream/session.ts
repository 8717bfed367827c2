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
import {
  EXTRA_CHANNELS,
  subscriptionTo,
  type ExtraChannel,
  type PackedChoice,
  type Subscription,
} from './subscription';

/** What can be subscribed to, by name: one for all sessions. */
export interface Names {
  readonly feeds: ReadonlyMap<string, number>;
  readonly groups: ReadonlyMap<string, PackedChoice>;
}

export function namesOf({ feeds, groups }: Pick<OraclePlan, 'feeds' | 'groups'>): Names {
  return {
    feeds: new Map(feeds.map(({ id }, index) => [id, index])),
    groups: new Map(groups.map(({ name, feeds: members }, group) => [name, { group, feeds: members }])),
  };
}

/** What one client asks for, and what it is answered. */
export class Session {
  private errors = 0;
  private requests = 0;
  private countedSince = -Infinity;

  constructor(
    private readonly subscriber: Subscriber,
    private readonly groups: Groups,
    private readonly names: Names,
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

  private subscribe({ id, feeds, groups, channels }: Extract<Request, { op: 'subscribe' }>): void {
    const named = this.named(feeds, groups, id);
    if (named === undefined) return;
    const before = this.subscriber.subscribed;
    const wanted = channels?.filter((channel) => channel !== 'price') ?? channelsOf(before);
    this.move([...(before?.feeds ?? []), ...named.feeds], wanted, [...(before?.packed ?? []), ...named.packed]);
    this.confirm('subscribed', id);
    this.subscriber.show();
  }

  private unsubscribe({ id, feeds, groups }: Extract<Request, { op: 'unsubscribe' }>): void {
    const named = this.named(feeds, groups, id);
    if (named === undefined) return;
    const before = this.subscriber.subscribed;
    const gone = new Set(named.feeds);
    const kept = before?.feeds.filter((feed) => !gone.has(feed)) ?? [];
    this.move(kept, channelsOf(before), before?.packed.filter((choice) => !named.packed.includes(choice)) ?? []);
    this.confirm('unsubscribed', id);
  }

  private move(feeds: readonly number[], channels: readonly ExtraChannel[], packed: readonly PackedChoice[]): void {
    const before = this.subscriber.subscribed;
    const next = feeds.length + packed.length === 0 ? undefined : subscriptionTo(feeds, channels, packed);
    if (before !== undefined) this.groups.leave(this.subscriber, before);
    if (next !== undefined) this.groups.join(this.subscriber, next);
    this.subscriber.follow(next);
  }

  /** What is subscribed to now, by name; groups only where there are some. */
  private confirm(type: 'subscribed' | 'unsubscribed', id: RequestId | undefined): void {
    const { feeds = [], packed = [] } = this.subscriber.subscribed ?? {};
    const feedNames = [...this.names.feeds.keys()];
    const groupNames = [...this.names.groups.keys()];
    const groups = packed.length === 0 ? undefined : packed.map(({ group }) => groupNames[group]);
    this.subscriber.say(JSON.stringify({ type, id, feeds: feeds.map((feed) => feedNames[feed]), groups }));
  }

  /** What a request names; if some of it is unknown the whole request is refused. */
  private named(
    feeds: FeedNames = [],
    groups: readonly string[] = [],
    id: RequestId | undefined,
  ): { readonly feeds: readonly number[]; readonly packed: readonly PackedChoice[] } | undefined {
    const fault = this.faultOf(feeds, groups);
    if (fault !== undefined) {
      this.refuse({ ...fault, id });
      return undefined;
    }
    const { names } = this;
    const wanted = feeds === '*' ? [...names.feeds.values()] : feeds.map((feed) => names.feeds.get(feed) ?? -1);
    const packed = groups.map((group) => names.groups.get(group)).filter((choice) => choice !== undefined);
    return { feeds: wanted, packed };
  }

  private faultOf(feeds: FeedNames, groups: readonly string[]): RequestError | undefined {
    const { limits, names } = this;
    if (feeds !== '*' && feeds.length > limits.maxFeeds) {
      const message = `${feeds.length} feeds in one request, more than ${limits.maxFeeds}; send several, or "*"`;
      return { code: 'tooMany', message };
    }
    const feed = feeds === '*' ? undefined : feeds.find((each) => !names.feeds.has(each));
    if (feed !== undefined) {
      return { code: 'unknownFeed', message: `no feed is called ${quoted(feed)}; see GET /v1/feeds` };
    }
    const group = groups.find((each) => !names.groups.has(each));
    return group === undefined
      ? undefined
      : { code: 'unknownGroup', message: `no group is called ${quoted(group)}; see GET /v1/groups` };
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

function channelsOf(subscription: Subscription | undefined): readonly ExtraChannel[] {
  return EXTRA_CHANNELS.filter((channel) => subscription?.[channel]);
}
