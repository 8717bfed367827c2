import type { Changes } from '../ledger/latest-view';
import type { Subscriber } from './subscriber';
import { feedsConcerning, type Subscription } from './subscription';

/** All subscribers with equal subscriptions. */
export interface Group {
  readonly subscription: Subscription;
  readonly members: Set<Subscriber>;
}

/** Who is to hear of which feed. The cost of a cut is that of the groups it concerns, whoever else is connected. */
export class Groups {
  private readonly byKey = new Map<string, Group>();
  private readonly byFeed = new Map<number, Set<Group>>();

  all(): Iterable<Group> {
    return this.byKey.values();
  }

  concernedBy({ reports, figures, risk }: Pick<Changes, 'reports' | 'figures' | 'risk'>): Iterable<Group> {
    const concerned = new Set<Group>();
    for (const feed of reports) for (const group of this.of(feed)) concerned.add(group);
    for (const feed of figures) for (const group of this.of(feed)) if (wantsFigures(group, feed)) concerned.add(group);
    if (risk) for (const group of this.all()) if (wantsRisk(group)) concerned.add(group);
    return concerned;
  }

  join(subscriber: Subscriber, subscription: Subscription): void {
    const group = this.byKey.get(subscription.key) ?? this.found(subscription);
    group.members.add(subscriber);
  }

  leave(subscriber: Subscriber, subscription: Subscription): void {
    const group = this.byKey.get(subscription.key);
    group?.members.delete(subscriber);
    if (group?.members.size !== 0) return;
    this.byKey.delete(subscription.key);
    for (const feed of feedsConcerning(subscription)) {
      const groups = this.byFeed.get(feed);
      groups?.delete(group);
      if (groups?.size === 0) this.byFeed.delete(feed);
    }
  }

  private found(subscription: Subscription): Group {
    const group: Group = { subscription, members: new Set() };
    this.byKey.set(subscription.key, group);
    for (const feed of feedsConcerning(subscription)) {
      const groups = this.byFeed.get(feed) ?? new Set();
      this.byFeed.set(feed, groups.add(group));
    }
    return group;
  }

  private of(feed: number): Iterable<Group> {
    return this.byFeed.get(feed) ?? [];
  }
}

function wantsFigures({ subscription: { figures, feeds } }: Group, feed: number): boolean {
  return figures && feeds.includes(feed);
}

function wantsRisk({ subscription: { risk, dependence } }: Group): boolean {
  return risk || dependence;
}
