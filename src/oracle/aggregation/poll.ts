import type { LegValue } from '../conversion/leg-value';
import { priceRange, type PriceRange } from '../conversion/price-range';
import type { Slots } from '../observation/slots';
import type { OraclePlan } from '../plan';
import { expiry, freshness, spokenAt } from '../screening/freshness';
import type { SourceRecord } from '../screening/source-record';
import type { EpochMs } from '../units/time';
import { verdictCode } from '../verdict';
import { medianOfSorted, sort } from './median';
import type { Constituent, Roster } from './roster';
import type { VerdictRows } from './verdict-rows';
import { Votes } from './votes';

const USED = verdictCode('used');
const LEG_HALTED = verdictCode('legHalted');
const OUT_OF_RANGE = verdictCode('outOfRange');
const FROZEN = verdictCode('frozen');

/** Who cast a vote: the constituent, what its past says of it, and the rows of its sources among the verdicts. */
export interface Voter {
  constituent: number;
  record: SourceRecord;
  readonly verdicts: number[];
}

/** Asks every source of a feed, converts what it says, and collects one vote per upstream. Reused from feed to feed. */
export class Poll {
  readonly votes: Votes;
  /** By row of the votes. */
  readonly voters: Voter[];
  /** The legs through which votes came. */
  readonly legs = new Set<number>();
  /** Whether some source lost its vote because its leg is halted. */
  legHalted = false;
  /** Whether some source lost its vote because its book stands still. */
  hasFrozen = false;
  /** When the first of the votes will be too old: +Infinity if there is none. */
  expiresAt: EpochMs = Infinity;
  private readonly values: Float64Array;
  /** By feed. */
  private readonly ranges: readonly PriceRange[];

  constructor(
    private readonly plan: OraclePlan,
    private readonly slots: Slots,
    private readonly legValues: readonly (LegValue | undefined)[],
    private readonly records: readonly SourceRecord[],
    private readonly verdicts: VerdictRows,
  ) {
    this.votes = new Votes(plan.sources.length);
    this.values = new Float64Array(plan.sources.length);
    this.voters = records.map((record) => ({ constituent: 0, record, verdicts: [] }));
    this.ranges = plan.feeds.map(({ decimals }) => priceRange(decimals));
  }

  take(roster: Roster, at: EpochMs): void {
    this.votes.clear();
    this.legs.clear();
    this.legHalted = false;
    this.hasFrozen = false;
    this.expiresAt = Infinity;
    roster.constituents.forEach((constituent, index) => {
      this.askAll(constituent, index, at);
    });
  }

  /** Takes the vote of a row away; the rows after it keep their order. */
  keepOnly(isKept: (row: number) => boolean): void {
    const { votes, voters } = this;
    let kept = 0;
    for (let row = 0; row < votes.count; row++) {
      if (!isKept(row)) continue;
      if (kept < row) {
        votes.move(row, kept);
        const gone = voters[kept] as Voter;
        voters[kept] = voters[row] as Voter;
        voters[row] = gone;
      }
      kept++;
    }
    votes.count = kept;
  }

  /** One vote per upstream: the median of what its sources say, as old as the newest of them. */
  private askAll(constituent: Constituent, index: number, at: EpochMs): void {
    const { slots, votes } = this;
    const voter = this.voters[votes.count] as Voter;
    voter.verdicts.length = 0;
    let spread = 0;
    let spoken = -Infinity;
    let said = -Infinity;
    for (const source of constituent.sources) {
      const row = this.ask(source, at, voter.verdicts.length);
      if (row === undefined) continue;
      if (voter.verdicts.length === 0) voter.record = this.records[source] as SourceRecord;
      voter.verdicts.push(row);
      spread = Math.max(spread, slots.spreadBps[source] as number);
      spoken = Math.max(spoken, spokenAt(slots.receivedAt[source] as number, slots.eventAt[source] as number));
      said = Math.max(said, slots.changedAt[source] as number);
    }
    const count = voter.verdicts.length;
    if (count === 0) return;
    voter.constituent = index;
    sort(this.values, count);
    votes.add(medianOfSorted(this.values, count), spread, spoken, said, constituent.native);
  }

  /** The row of a source that may vote, its converted price left in `values[position]`; else undefined. */
  private ask(source: number, at: EpochMs, position: number): number | undefined {
    const { slots, verdicts } = this;
    const code = slots.code[source] as number;
    if (code !== USED) {
      verdicts.add(source, code, slots.measured[source] as number, slots.limit[source] as number);
      return undefined;
    }
    const { feed, leg, maxAgeMs, maxQuietMs = Infinity } = this.plan.sources[source] as OraclePlan['sources'][number];
    const legValue = leg === undefined ? undefined : this.legValues[leg];
    if (leg !== undefined && legValue === undefined) {
      this.legHalted = true;
      verdicts.add(source, LEG_HALTED, slots.price[source] as number, NaN);
      return undefined;
    }
    const price = (slots.price[source] as number) * (legValue?.price ?? 1);
    const { min, max } = this.ranges[feed] as PriceRange;
    if (!(price >= min && price < max)) {
      verdicts.add(source, OUT_OF_RANGE, price, price < min ? min : max);
      return undefined;
    }
    const receivedAt = slots.receivedAt[source] as number;
    const eventAt = slots.eventAt[source] as number;
    const fresh = freshness(at, receivedAt, eventAt, maxAgeMs);
    if (fresh !== USED) {
      verdicts.add(source, fresh, at - spokenAt(receivedAt, eventAt), maxAgeMs);
      return undefined;
    }
    const changedAt = slots.changedAt[source] as number;
    if (at - changedAt >= maxQuietMs) {
      this.hasFrozen = true;
      verdicts.add(source, FROZEN, at - changedAt, maxQuietMs);
      return undefined;
    }
    if (leg !== undefined) this.legs.add(leg);
    this.values[position] = price;
    this.expiresAt = Math.min(this.expiresAt, expiry(receivedAt, eventAt, maxAgeMs), changedAt + maxQuietMs);
    return verdicts.add(source, USED, price, NaN);
  }
}
