import { MINUTE_MS, SECOND_MS, type EpochMs } from '../units/time';
import { verdictCode, type VerdictColumns } from '../verdict';

const SECONDS_PER_MINUTE = MINUTE_MS / SECOND_MS;
/** Time constant of the average over minutes. */
const MEMORY_MINUTES = 60;
/** What the average keeps of its past over one minute. */
const KEPT = Math.exp(-1 / MEMORY_MINUTES);
/** The evidence of half a minute: less is no figure. */
const MIN_EVIDENCE = (1 - KEPT) / 2;
/** The evidence of a whole hour: with it the figure is trusted in full. */
const FULL_EVIDENCE = 1 - Math.exp(-1);

/** These say nothing of the book: of such a second the part that was heard is what is known. */
const UNHEARD: ReadonlySet<number> = new Set([verdictCode('silent'), verdictCode('legHalted')]);

const NONE: readonly number[] = [];

/** All that is kept of one source. Depths are in the feed's quote currency per basis point; NaN where there is none. */
export interface SourceDepthState {
  readonly votes: boolean;
  readonly standing: number;
  readonly least: number;
  readonly logSum: number;
  readonly seconds: number;
  readonly logDepth: number;
  readonly evidence: number;
}

/**
 * How much of each source's depth stands for long, out of the verdicts of published cuts alone: per second the least
 * that was seen in it, per minute the mean of those logarithms, and of the minutes an exponential average with τ = 1 h.
 * A wall that stands for less than a second is never seen, one of fifty times the book that stands for a minute lifts
 * the figure by 7 %, and only one that stays is believed. A second in which a source had no vote, or said no size,
 * is no evidence in either direction; of one in which its connection, or its leg, was lost and came back, what was heard is.
 */
export class PersistentDepth {
  /** Whether the newest verdict gave the source a vote. */
  private readonly voting: Uint8Array;
  private readonly standing: Float64Array;
  /** The least of the second that is not over yet. */
  private readonly least: Float64Array;
  private readonly logSum: Float64Array;
  private readonly seconds: Float64Array;
  private readonly logDepth: Float64Array;
  private readonly evidence: Float64Array;
  private second = NaN;

  /** By the second of the minute at which theirs ends. */
  private readonly ending: readonly (readonly number[])[];

  /** `minuteEnds`: by source, the second with which its minutes end. */
  constructor(
    private readonly sources: number,
    minuteEnds: readonly number[] = [],
  ) {
    const ending = Array.from({ length: SECONDS_PER_MINUTE }, (): number[] => []);
    for (let source = 0; source < sources; source++) ending[minuteEnds[source] ?? 0]?.push(source);
    this.ending = ending;
    this.voting = new Uint8Array(sources);
    this.standing = new Float64Array(sources).fill(NaN);
    this.least = new Float64Array(sources).fill(NaN);
    this.logSum = new Float64Array(sources);
    this.seconds = new Float64Array(sources);
    this.logDepth = new Float64Array(sources);
    this.evidence = new Float64Array(sources);
  }

  /** Lets time pass with what stands. Returns the sources whose minute ended: only then do `of` and `trust` change. */
  elapse(at: EpochMs): readonly number[] {
    const last = Math.floor(at / SECOND_MS);
    if (!Number.isFinite(this.second)) this.second = last;
    if (this.second === last) return NONE;
    const ended = new Set<number>();
    while (this.second < last) {
      this.second++;
      this.closeSecond();
      for (const source of this.ending[this.second % SECONDS_PER_MINUTE] ?? []) {
        this.closeMinute(source);
        ended.add(source);
      }
    }
    return [...ended];
  }

  /** Takes the verdicts of the cut that was published at the instant to which time has passed. */
  absorb({ source: sources, code, weight, depth }: VerdictColumns): void {
    for (let row = 0; row < sources.length; row++) {
      const source = sources[row] as number;
      const seen = depth[row] as number;
      this.voting[source] = (weight[row] as number) > 0 ? 1 : 0;
      this.standing[source] = seen;
      if (!UNHEARD.has(code[row] as number)) this.least[source] = Math.min(this.least[source] as number, seen);
    }
  }

  /** From now on no source has a word that stands. */
  release(): void {
    this.voting.fill(0);
    this.standing.fill(NaN);
  }

  isVoting(source: number): boolean {
    return this.voting[source] === 1;
  }

  /** In the feed's quote currency per basis point; NaN before there is half a minute of evidence. */
  of(source: number): number {
    const evidence = this.evidence[source] as number;
    return evidence >= MIN_EVIDENCE ? Math.exp((this.logDepth[source] as number) / evidence) : NaN;
  }

  /** 0..1: one after an hour of evidence without a gap, fading with the hours in which there is none. */
  trust(source: number): number {
    return Math.min(1, (this.evidence[source] as number) / FULL_EVIDENCE);
  }

  state(source: number): SourceDepthState {
    return {
      votes: this.isVoting(source),
      standing: this.standing[source] as number,
      least: this.least[source] as number,
      logSum: this.logSum[source] as number,
      seconds: this.seconds[source] as number,
      logDepth: this.logDepth[source] as number,
      evidence: this.evidence[source] as number,
    };
  }

  restore(source: number, state: SourceDepthState): void {
    this.voting[source] = state.votes ? 1 : 0;
    this.standing[source] = state.standing;
    this.least[source] = state.least;
    this.logSum[source] = state.logSum;
    this.seconds[source] = state.seconds;
    this.logDepth[source] = state.logDepth;
    this.evidence[source] = state.evidence;
  }

  /** Continues as of an instant to which time had passed. */
  restoreTime(at: EpochMs): void {
    this.second = Math.floor(at / SECOND_MS);
  }

  private closeSecond(): void {
    for (let source = 0; source < this.sources; source++) {
      const least = this.least[source] as number;
      const standing = this.standing[source] as number;
      if (!Number.isNaN(least) && !Number.isNaN(standing)) {
        this.logSum[source] = (this.logSum[source] as number) + Math.log(least);
        this.seconds[source] = (this.seconds[source] as number) + 1;
      }
      this.least[source] = standing;
    }
  }

  private closeMinute(source: number): void {
    const weight = (1 - KEPT) / SECONDS_PER_MINUTE;
    this.logDepth[source] = (this.logDepth[source] as number) * KEPT + (this.logSum[source] as number) * weight;
    this.evidence[source] = (this.evidence[source] as number) * KEPT + (this.seconds[source] as number) * weight;
    this.logSum[source] = 0;
    this.seconds[source] = 0;
  }
}
