import type { EpochMs } from '../units/time';
import { verdictCode } from '../verdict';
import type { SourceRecord } from './source-record';

const USED = verdictCode('used');
const OUTLIER = verdictCode('outlier');
const LAGGING = verdictCode('lagging');
const LEADING = verdictCode('leading');
const QUARANTINED = verdictCode('quarantined');

/**
 * Votes this many standard deviations from the rest stand apart. A median does not need them gone: what is nearer moves
 * it by less than honest noise does. So the limit is set where an honest vote hardly ever comes.
 */
const APART = 5;
/** What a price may have done since a vote was cast: 99 in 100 normal moves. */
const DRIFT = 2.58;
/** Half of the weight and a minority of the votes is less than the rest has. Shares come from divisions. */
const HALF = 0.5 + 1e-12;
/** No market moves by more than this before most of its venues have spoken: a mistaken unit does. */
const MOST_NEWS_BPS = 1_000;
/** A quarter of the votes, by count or by weight, may be one venue's. */
const QUARTER = 0.25 + 1e-12;

/** The votes of one feed, a row each. */
export interface Voices {
  readonly count: number;
  readonly value: Float64Array;
  readonly share: Float64Array;
  readonly spreadBps: Float64Array;
  /** When the voter last said something new. */
  readonly saidAt: Float64Array;
}

/** Who cast a vote. */
interface Voter {
  readonly record: SourceRecord;
}

/** Where the votes agree, and how far from there one may stand. */
export interface Centre {
  readonly price: number;
  /** Standard deviation of the votes. */
  readonly scatterBps: number;
  /** However quiet the votes are, this far is never too far. */
  readonly floorBps: number;
  readonly sigmaPerRootSecond: number;
  /** So many votes must be left, or none is taken away: a liar cannot halt a feed by being one. */
  readonly minLeft: number;
}

/** News of one side that is not contradicted yet. */
export interface Lead {
  /** The furthest vote; NaN where there is none. */
  price: number;
  count: number;
  share: number;
}

/** What became of each vote of one feed. Scratch, reused from feed to feed. */
export class Screen {
  /** `used`, `leading`, or why the row lost its vote. */
  readonly code: Uint8Array;
  /** Distance from the rest, in basis points. */
  readonly measured: Float64Array;
  readonly limit: Float64Array;
  readonly below: Lead = { price: NaN, count: 0, share: 0 };
  readonly above: Lead = { price: NaN, count: 0, share: 0 };
  /** Rows that lost their vote. */
  dropped = 0;
  /** Whether a vote that no market explains is counted, because too few would be left without it. */
  hasDissent = false;
  private count = 0;

  constructor(capacity: number) {
    this.code = new Uint8Array(capacity);
    this.measured = new Float64Array(capacity);
    this.limit = new Float64Array(capacity);
  }

  clear(): void {
    this.dropped = 0;
    this.hasDissent = false;
    forget(this.below);
    forget(this.above);
  }

  /**
   * Finds the votes that stand apart from where the rest agree (Hampel 1974, with a floor), and why: their word is older
   * than that of the rest (`lagging`), newer and not yet contradicted (`leading`: the vote stays), or false (`outlier`).
   * Those whose votes are taken are a minority by count and by weight: where they would be more, the nearest keep theirs.
   */
  judge(voices: Voices, centre: Centre, voters: readonly Voter[], at: EpochMs): void {
    this.clear();
    const { count } = voices;
    this.count = count;
    let apart = 0;
    for (let row = 0; row < count; row++) {
      const distance = Math.abs((voices.value[row] as number) / centre.price - 1) * 10_000;
      const limit = limitBps(voices, row, centre, at);
      this.measured[row] = distance;
      this.limit[row] = limit;
      const isOut = distance > limit || (voters[row] as Voter).record.isQuarantined(at);
      this.code[row] = isOut ? OUTLIER : USED;
      if (isOut) apart++;
    }
    if (apart > 0) this.nameReasons(voices, centre.price, voters, at);
    while (this.dropped > 0 && !this.isMinority(voices, centre.minLeft)) this.readmitNearest(count);
  }

  /** Whether the news of a side comes from more than could be one venue. */
  isShared({ count, share }: Lead): boolean {
    return count > QUARTER * this.count || share > QUARTER;
  }

  private nameReasons(voices: Voices, price: number, voters: readonly Voter[], at: EpochMs): void {
    for (let row = 0; row < voices.count; row++) {
      if (this.code[row] !== OUTLIER) continue;
      const { record } = voters[row] as Voter;
      this.code[row] = this.reason(voices, row, record, at);
      if (this.code[row] !== LEADING) {
        this.dropped++;
        continue;
      }
      const value = voices.value[row] as number;
      const side = value < price ? this.below : this.above;
      const isFurthest = side.count === 0 || Math.abs(value - price) > Math.abs(side.price - price);
      if (isFurthest) side.price = value;
      side.count++;
      side.share += voices.share[row] as number;
    }
  }

  private reason(voices: Voices, row: number, record: SourceRecord, at: EpochMs): number {
    if (record.isQuarantined(at)) return QUARANTINED;
    const saidAt = voices.saidAt[row] as number;
    const isNew = Number.isNaN(record.departedAt);
    const isContradicted = this.haveMostSpoken(voices, isNew ? saidAt : record.departedAt);
    const isCredible = (this.measured[row] as number) <= MOST_NEWS_BPS && record.isTrusted(at);
    if (!isContradicted) return isCredible ? LEADING : OUTLIER;
    return isNew ? LAGGING : OUTLIER;
  }

  /** Whether most of those who stand together have said something new since. */
  private haveMostSpoken(voices: Voices, since: EpochMs): boolean {
    let together = 0;
    let spoken = 0;
    for (let row = 0; row < voices.count; row++) {
      if ((this.measured[row] as number) > (this.limit[row] as number)) continue;
      together++;
      if ((voices.saidAt[row] as number) > since) spoken++;
    }
    return spoken * 2 > together;
  }

  private isMinority({ count, share }: Voices, minLeft: number): boolean {
    let weight = 0;
    for (let row = 0; row < count; row++) if (isDropped(this.code[row] as number)) weight += share[row] as number;
    return this.dropped * 2 < count && weight <= HALF && count - this.dropped >= minLeft;
  }

  /** Gives their votes back to those who stand least far beyond their limits. */
  private readmitNearest(count: number): void {
    let nearest = Infinity;
    for (let row = 0; row < count; row++) nearest = Math.min(nearest, this.excess(row));
    for (let row = 0; row < count; row++) {
      if (this.excess(row) > nearest) continue;
      this.code[row] = USED;
      this.dropped--;
      if ((this.measured[row] as number) > MOST_NEWS_BPS) this.hasDissent = true;
    }
  }

  /** How many times its limit a dropped row is away; +Infinity for all others. */
  private excess(row: number): number {
    return isDropped(this.code[row] as number)
      ? (this.measured[row] as number) / (this.limit[row] as number)
      : Infinity;
  }
}

/** Whether a verdict of the screen takes the vote away. */
export function isDropped(code: number): boolean {
  return code !== USED && code !== LEADING;
}

function limitBps({ spreadBps, saidAt }: Voices, row: number, centre: Centre, at: EpochMs): number {
  const ageMs = Math.max(0, at - (saidAt[row] as number));
  const drift = DRIFT * centre.sigmaPerRootSecond * Math.sqrt(ageMs / 1_000) * 10_000;
  return Math.max(APART * centre.scatterBps, centre.floorBps, spreadBps[row] as number, drift);
}

function forget(side: Lead): void {
  side.price = NaN;
  side.count = 0;
  side.share = 0;
}
