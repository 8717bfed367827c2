import type { LegValue } from '../conversion/leg-value';
import type { Slots } from '../observation/slots';
import type { OraclePlan } from '../plan';
import { spokenAt } from '../screening/freshness';
import type { SourceRecord } from '../screening/source-record';
import { SourceWords } from '../screening/source-words';
import type { EpochMs } from '../units/time';
import { verdictCode } from '../verdict';
import { medianOfSorted, sort } from './median';
import type { Constituent, Roster } from './roster';
import type { VerdictRows } from './verdict-rows';
import { Votes } from './votes';

const USED = verdictCode('used');
const LEG_HALTED = verdictCode('legHalted');
const FROZEN = verdictCode('frozen');

/** Who cast a vote: the constituent, and what the past of the first of its sources says of it. */
export interface Voter {
  constituent: number;
  record: SourceRecord;
  /** Sources that had a say in it. Their rows among the verdicts are as many of the first elements of `verdicts`. */
  sources: number;
  readonly verdicts: Uint32Array;
}

/** Asks every source of a feed, converts what it says, and collects one vote per upstream. Reused from feed to feed. */
export class Poll {
  readonly votes: Votes;
  /** By row of the votes. */
  readonly voters: Voter[];
  /** The half-widths of the legs through which votes came, summed. */
  legsHalfWidth = 0;
  /** Whether some vote came through a leg that is degraded. */
  legDegraded = false;
  /** Whether some source lost its vote because its leg is halted. */
  legHalted = false;
  /** Whether some source lost its vote because its book stands still. */
  hasFrozen = false;
  /** When the first of the votes will be too old: +Infinity if there is none. */
  expiresAt: EpochMs = Infinity;
  private readonly legs = new Set<number>();
  /** What the sources of one upstream say. */
  private readonly values: Float64Array;
  private readonly words: SourceWords;

  constructor(
    plan: OraclePlan,
    private readonly slots: Slots,
    private readonly legValues: readonly (LegValue | undefined)[],
    private readonly records: readonly SourceRecord[],
    private readonly verdicts: VerdictRows,
  ) {
    const most = mostSources(plan);
    this.votes = new Votes(most);
    this.values = new Float64Array(most);
    this.voters = records
      .slice(0, most)
      .map((record) => ({ constituent: 0, record, sources: 0, verdicts: new Uint32Array(most) }));
    this.words = new SourceWords(plan, slots, legValues);
  }

  take(roster: Roster, at: EpochMs): void {
    this.votes.clear();
    this.legs.clear();
    this.legsHalfWidth = 0;
    this.legDegraded = false;
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
    let count = 0;
    let spread = 0;
    let spoken = -Infinity;
    let said = -Infinity;
    for (const source of constituent.sources) {
      const row = this.ask(source, at, count);
      if (row === undefined) continue;
      if (count === 0) voter.record = this.records[source] as SourceRecord;
      voter.verdicts[count++] = row;
      spread = Math.max(spread, slots.spreadBps[source] as number);
      spoken = Math.max(spoken, spokenAt(slots.receivedAt[source] as number, slots.eventAt[source] as number));
      said = Math.max(said, slots.changedAt[source] as number);
    }
    if (count === 0) return;
    voter.constituent = index;
    voter.sources = count;
    sort(this.values, count);
    votes.add(medianOfSorted(this.values, count), spread, spoken, said, constituent.native);
  }

  /** The row of a source that may vote, its converted price left in `values[position]`; else undefined. */
  private ask(source: number, at: EpochMs, position: number): number | undefined {
    const { words, verdicts } = this;
    const code = words.judge(source, at);
    if (code !== USED) {
      if (code === LEG_HALTED) this.legHalted = true;
      if (code === FROZEN) this.hasFrozen = true;
      verdicts.add(source, code, words.measured, words.limit);
      return undefined;
    }
    if (words.leg !== undefined) this.convertThrough(words.leg);
    this.values[position] = words.price;
    this.expiresAt = Math.min(this.expiresAt, words.expiresAt);
    return verdicts.use(source, words.price, (this.slots.depth[source] as number) * words.rate);
  }

  /** What a leg leaves open is common to all who convert through it, and counts once. */
  private convertThrough(leg: number): void {
    const value = this.legValues[leg];
    if (value === undefined || this.legs.has(leg)) return;
    this.legs.add(leg);
    this.legsHalfWidth += value.relativeHalfWidth;
    if (value.isDegraded) this.legDegraded = true;
  }
}

/** The number of sources of the feed that has most. */
function mostSources({ feeds, sources }: OraclePlan): number {
  const counts = feeds.map(() => 0);
  for (const { feed } of sources) counts[feed] = (counts[feed] ?? 0) + 1;
  return Math.max(0, ...counts);
}
