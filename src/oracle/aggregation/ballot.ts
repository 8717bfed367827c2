import type { LegValue } from '../conversion/leg-value';
import type { Slots } from '../observation/slots';
import type { FeedPolicy, OraclePlan } from '../plan';
import { isDropped, Screen, type Lead } from '../screening/screen';
import type { SourceRecord } from '../screening/source-record';
import type { EpochMs } from '../units/time';
import { verdictCode } from '../verdict';
import { MAD_TO_SIGMA, medianGap, type Circumstances } from './half-width';
import { Poll, type Voter } from './poll';
import type { Roster } from './roster';
import type { VerdictRows } from './verdict-rows';
import type { Expectation, Tally } from './votes';

const USED = verdictCode('used');

/** Votes to one side that are newer than the rest and not contradicted yet. */
export interface News {
  /** The furthest of them. */
  readonly price: number;
  /** Whether they are more than one venue can make up. */
  readonly isShared: boolean;
}

/** The outcome of one feed's vote. */
export interface Outcome {
  readonly tally: Tally;
  readonly circumstances: Circumstances;
  readonly countedAt: EpochMs;
  /** Fresh voters' share of the configured weight. */
  readonly freshShare: number;
  readonly usedSources: number;
  /** Whether some source lost its vote because its leg is halted. */
  readonly legHalted: boolean;
  /** Whether some vote came through a leg that is degraded. */
  readonly legDegraded: boolean;
  /** Whether some vote was left out because it stands apart from the rest, or stands still. */
  readonly hasOutliers: boolean;
  /** Whether a vote that should be left out is counted, because too few would be left without it. */
  readonly hasDissent: boolean;
  readonly below: News | undefined;
  readonly above: News | undefined;
  /** When the first of the votes will be too old: +Infinity if there is none. */
  readonly expiresAt: EpochMs;
}

/** Holds the votes of one feed: polls its sources, screens what they say against each other, and counts. */
export class Ballot {
  private readonly poll: Poll;
  private readonly screen: Screen;

  constructor(
    plan: OraclePlan,
    slots: Slots,
    legValues: readonly (LegValue | undefined)[],
    records: readonly SourceRecord[],
    private readonly verdicts: VerdictRows,
  ) {
    this.poll = new Poll(plan, slots, legValues, records, verdicts);
    this.screen = new Screen(plan.sources.length);
  }

  hold(roster: Roster, policy: FeedPolicy, expected: Expectation, at: EpochMs): Outcome {
    const { poll, screen } = this;
    poll.take(roster, at);
    let present = this.weigh(roster);
    const { sigmaPerRootSecond, scatter } = expected;
    const circumstances: Circumstances = { sigmaPerRootSecond, scatter, legsHalfWidth: poll.legsHalfWidth };
    let tally = poll.votes.tally(at, expected);
    screen.clear();
    if (this.standTogether(tally, policy, circumstances)) {
      screen.judge(poll.votes, this.centre(tally, policy, expected), poll.voters, at);
      this.pronounce();
      if (screen.dropped > 0) {
        poll.keepOnly((row) => !isDropped(screen.code[row] as number));
        present = this.weigh(roster);
        tally = poll.votes.tally(at, expected);
      }
    }
    return {
      tally,
      circumstances,
      countedAt: at,
      freshShare: roster.freshShare(present),
      usedSources: this.recordShares(),
      legHalted: poll.legHalted,
      legDegraded: poll.legDegraded,
      hasOutliers: poll.hasFrozen || screen.dropped > 0,
      hasDissent: screen.hasDissent,
      below: this.news(screen.below),
      above: this.news(screen.above),
      expiresAt: poll.expiresAt,
    };
  }

  /** Gives every vote its share; returns the set of those who vote. */
  private weigh(roster: Roster): number {
    const { votes, voters } = this.poll;
    let present = 0;
    for (let row = 0; row < votes.count; row++) present |= 1 << (voters[row] as Voter).constituent;
    const shares = roster.shares(present);
    for (let row = 0; row < votes.count; row++) votes.weigh(row, shares[(voters[row] as Voter).constituent] ?? 0);
    return present;
  }

  /** While the two medians disagree nobody can say who stands apart. */
  private standTogether(tally: Tally, policy: FeedPolicy, by: Circumstances): boolean {
    const gap = Math.abs(tally.equalMedian - tally.weightedMedian);
    return gap <= Math.max(medianGap(tally, by), (tally.weightedMedian * policy.medianToleranceBps) / 10_000);
  }

  private centre(tally: Tally, policy: FeedPolicy, { sigmaPerRootSecond, scatter }: Expectation) {
    const now = (MAD_TO_SIGMA * tally.mad) / tally.weightedMedian;
    return {
      price: tally.weightedMedian,
      scatterBps: (scatter > now ? scatter : now) * 10_000,
      floorBps: policy.medianToleranceBps,
      sigmaPerRootSecond,
      minLeft: policy.minUpstreams,
    };
  }

  /** Tells the sources of each vote that stands apart. */
  private pronounce(): void {
    const { screen, poll } = this;
    for (let row = 0; row < poll.votes.count; row++) {
      const code = screen.code[row] as number;
      if (code === USED) continue;
      const { sources, verdicts } = poll.voters[row] as Voter;
      for (let i = 0; i < sources; i++) {
        const verdict = verdicts[i] as number;
        this.verdicts.overrule(verdict, code, screen.measured[row] as number, screen.limit[row] as number);
      }
    }
  }

  /** Returns how many sources have a vote. */
  private recordShares(): number {
    const { votes, voters } = this.poll;
    let used = 0;
    for (let row = 0; row < votes.count; row++) {
      const { sources, verdicts } = voters[row] as Voter;
      const share = (votes.share[row] as number) / sources;
      for (let i = 0; i < sources; i++) this.verdicts.weigh(verdicts[i] as number, share);
      used += sources;
    }
    return used;
  }

  private news(side: Lead): News | undefined {
    return side.count === 0 ? undefined : { price: side.price, isShared: this.screen.isShared(side) };
  }
}
