import { legOrder, legsOfFeeds } from './conversion/leg-order';
import { saysTheSameLeg, type LegValue } from './conversion/leg-value';
import type { OraclePlan } from './plan';
import type { EpochMs } from './units/time';

/** Which feeds are to be looked at again, and when: each where it was touched, where it falls due, and where a leg of it moved. */
export class Agenda {
  /** Legs before what hangs on them: a leg that moves has its dependants looked at within the same cut. */
  readonly order: readonly number[];
  /** Of each feed, as it was last looked at. */
  readonly legValues: (LegValue | undefined)[];
  /** Input came that no cut has answered. */
  isPending = true;
  /** For each feed, those that convert through it. */
  private readonly dependants: readonly (readonly number[])[];
  private readonly dirty: Uint8Array;
  private readonly dueAts: Float64Array;

  constructor(plan: OraclePlan) {
    const feeds = plan.feeds.map((_, feed) => feed);
    const legs = legsOfFeeds(plan);
    this.order = legOrder(plan);
    this.legValues = feeds.map(() => undefined);
    this.dependants = feeds.map((leg) => feeds.filter((feed) => legs[feed]?.includes(leg)));
    this.dirty = new Uint8Array(feeds.length).fill(1);
    this.dueAts = new Float64Array(feeds.length).fill(Infinity);
  }

  /** Something was heard of a feed: it is looked at, and a cut is made for it. */
  touch(feed: number | undefined): void {
    if (feed === undefined) return;
    this.dirty[feed] = 1;
    this.isPending = true;
  }

  /** Feeds are looked at with the next cut; none is made for them. */
  mark(feeds: readonly number[]): void {
    for (const feed of feeds) this.dirty[feed] = 1;
  }

  isDue(feed: number, at: EpochMs): boolean {
    return this.dirty[feed] === 1 || (this.dueAts[feed] as number) <= at;
  }

  /** A feed was looked at: what others convert through it now, and when it may change without input. */
  looked(feed: number, legValue: LegValue | undefined, dueAt: EpochMs): void {
    this.dirty[feed] = 0;
    this.dueAts[feed] = dueAt;
    const before = this.legValues[feed];
    this.legValues[feed] = legValue;
    if (!saysTheSameLeg(before, legValue)) this.mark(this.dependants[feed] ?? []);
  }

  /** When the first feed may change without input. */
  get dueAt(): EpochMs {
    let due = Infinity;
    for (const dueAt of this.dueAts) if (dueAt < due) due = dueAt;
    return due;
  }
}
