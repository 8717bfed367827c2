import type { LegValue } from '../conversion/leg-value';
import { priceRange, type PriceRange } from '../conversion/price-range';
import type { Slots } from '../observation/slots';
import type { OraclePlan } from '../plan';
import { expiry, freshness, spokenAt } from '../screening/freshness';
import type { EpochMs } from '../units/time';
import { verdictCode } from '../verdict';
import { medianOfSorted, sort } from './median';
import type { Constituent, Roster } from './roster';
import type { VerdictRows } from './verdict-rows';
import { Votes, type Tally } from './votes';

const USED = verdictCode('used');
const LEG_HALTED = verdictCode('legHalted');
const OUT_OF_RANGE = verdictCode('outOfRange');

/** The outcome of one feed's vote. */
export interface Outcome {
  readonly tally: Tally;
  /** Fresh voters' share of the configured weight. */
  readonly freshShare: number;
  readonly usedSources: number;
  /** Relative half-widths of the distinct legs in use, summed. */
  readonly legsHalfWidth: number;
  /** Whether some source lost its vote because its leg is halted. */
  readonly legHalted: boolean;
  /** Whether some vote came through a leg that is degraded. */
  readonly legDegraded: boolean;
  /** When the first of the votes will be too old: +Infinity if there is none. */
  readonly expiresAt: EpochMs;
}

/** Holds the votes: asks every source of a feed, converts and screens what it says, and gives each a verdict. */
export class Ballot {
  private readonly votes: Votes;
  private readonly values: Float64Array;
  /** By feed. */
  private readonly ranges: readonly PriceRange[];
  /** Per voter in order: its constituent, and the rows of its sources among the verdicts. */
  private voters: { readonly constituent: number; readonly rows: readonly number[] }[] = [];
  private legs = new Set<number>();
  private legHalted = false;
  private expiresAt = Infinity;

  constructor(
    private readonly plan: OraclePlan,
    private readonly slots: Slots,
    private readonly legValues: readonly (LegValue | undefined)[],
    private readonly verdicts: VerdictRows,
  ) {
    this.votes = new Votes(plan.sources.length);
    this.values = new Float64Array(plan.sources.length);
    this.ranges = plan.feeds.map(({ decimals }) => priceRange(decimals));
  }

  hold(roster: Roster, at: EpochMs): Outcome {
    this.votes.clear();
    this.voters = [];
    this.legs.clear();
    this.legHalted = false;
    this.expiresAt = Infinity;
    roster.constituents.forEach((constituent, index) => {
      this.poll(constituent, index, at);
    });

    const present = this.voters.reduce((mask, { constituent }) => mask | (1 << constituent), 0);
    const shares = roster.shares(present);
    this.voters.forEach(({ constituent, rows }, row) => {
      const share = shares[constituent] ?? 0;
      this.votes.weigh(row, share);
      for (const verdict of rows) this.verdicts.weigh(verdict, share / rows.length);
    });
    return {
      tally: this.votes.tally(),
      freshShare: roster.freshShare(present),
      usedSources: this.voters.reduce((sum, { rows }) => sum + rows.length, 0),
      legsHalfWidth: this.sumOfLegs(),
      legHalted: this.legHalted,
      legDegraded: [...this.legs].some((leg) => this.legValues[leg]?.isDegraded),
      expiresAt: this.expiresAt,
    };
  }

  /** One vote per upstream: the median of what its sources say, as old as the newest of them. */
  private poll(constituent: Constituent, index: number, at: EpochMs): void {
    const rows: number[] = [];
    let spread = 0;
    let spoken = -Infinity;
    for (const source of constituent.sources) {
      const row = this.ask(source, at, rows.length);
      if (row === undefined) continue;
      rows.push(row);
      spread = Math.max(spread, this.slots.spreadBps[source] as number);
      spoken = Math.max(
        spoken,
        spokenAt(this.slots.receivedAt[source] as number, this.slots.eventAt[source] as number),
      );
    }
    if (rows.length === 0) return;
    sort(this.values, rows.length);
    this.votes.add(medianOfSorted(this.values, rows.length), spread, spoken, constituent.native);
    this.voters.push({ constituent: index, rows });
  }

  /** The row of a source that may vote, its converted price left in `values[position]`; else undefined. */
  private ask(source: number, at: EpochMs, position: number): number | undefined {
    const { slots, verdicts } = this;
    const code = slots.code[source] as number;
    if (code !== USED) {
      verdicts.add(source, code, slots.measured[source] as number, slots.limit[source] as number);
      return undefined;
    }
    const { feed, leg, maxAgeMs } = this.plan.sources[source] as OraclePlan['sources'][number];
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
    if (leg !== undefined) this.legs.add(leg);
    this.values[position] = price;
    this.expiresAt = Math.min(this.expiresAt, expiry(receivedAt, eventAt, maxAgeMs));
    return verdicts.add(source, USED, price, NaN);
  }

  private sumOfLegs(): number {
    let sum = 0;
    for (const leg of this.legs) sum += this.legValues[leg]?.relativeHalfWidth ?? 0;
    return sum;
  }
}
