import type { Measured } from './aggregation/effective-weights';
import type { Constituent, Roster } from './aggregation/roster';
import type { Liquidity } from './cut';
import { PersistentDepth, type SourceDepthState } from './observation/persistent-depth';
import { pastKey } from './past-key';
import type { OraclePlan } from './plan';
import { costToMove, type Target } from './pricing/cost-to-move';
import type { Risk } from './risk/figures';
import { type EpochMs, MINUTE_MS, SECOND_MS } from './units/time';
import type { VerdictColumns } from './verdict';

/** The distance that the published cost is of. */
const MOVE_BPS = 100;
const SECONDS_A_MINUTE = MINUTE_MS / SECOND_MS;
/** Published figures are rounded to so many digits: more than they know. */
const DIGITS = 6;

/** Feeds whose minute ended, and of these the ones whose weights changed. */
export interface MinutesEnded {
  readonly refreshed: readonly number[];
  readonly reweighed: readonly number[];
}

const NOTHING_ENDED: MinutesEnded = { refreshed: [], reweighed: [] };

export interface LiquidityState {
  /** By source id and asset version. */
  readonly sources: Readonly<Record<string, SourceDepthState>>;
  /** By feed id and asset version: as of its last minute that ended. Absent where it is not known. */
  readonly costs: Readonly<Record<string, number>>;
}

/**
 * What earlier cuts leave behind about the liquidity of all sources, and what follows from it once a minute: the weights
 * in force and each feed's cost to move. Each feed's minutes end with a second of its own, so that no cut carries the work
 * of all. A fold over the verdicts of published cuts and nothing else, so the ledger alone can rebuild it, exactly.
 */
export class LiquidityPast {
  private readonly depth: PersistentDepth;
  /** By feed, as of its last minute that ended. */
  private costs: (number | undefined)[];

  /** @param rosters by feed; they are given the weights in force. */
  constructor(
    private readonly plan: OraclePlan,
    private readonly rosters: readonly Roster[],
  ) {
    const minuteEnds = plan.sources.map(({ feed }) => feed % SECONDS_A_MINUTE);
    this.depth = new PersistentDepth(plan.sources.length, minuteEnds);
    this.costs = plan.feeds.map(() => undefined);
  }

  /** Lets time pass. */
  elapse(at: EpochMs): MinutesEnded {
    const ended = this.depth.elapse(at);
    if (ended.length === 0) return NOTHING_ENDED;
    const feeds = ended.map((source) => this.plan.sources[source]?.feed ?? NaN);
    const refreshed = [...new Set(feeds)].sort((a, b) => a - b);
    const reweighed = refreshed.filter((feed) => this.weigh(feed));
    // Legs are feeds, moved like any other: start-up has proved that following them comes to an end.
    const costOf = (feed: number, bps: number): number | undefined => costToMove(this.targets(feed), bps, costOf);
    for (const feed of refreshed) this.costs[feed] = costOf(feed, MOVE_BPS);
    return { refreshed, reweighed };
  }

  absorb(verdicts: VerdictColumns): void {
    this.depth.absorb(verdicts);
  }

  /** From now on no source has a word that stands. */
  release(): void {
    this.depth.release();
  }

  /** What is published about some feeds. */
  figures(cut: number, feeds: readonly number[]): Liquidity[] {
    return feeds.map((feed) => {
      const roster = this.rosters[feed] as Roster;
      const shares = roster.shares(maskOf(roster.constituents, () => true));
      return {
        feed,
        cut,
        costToMove: rounded(this.costs[feed]),
        upstreams: roster.constituents.map((constituent, index) => ({
          upstream: constituent.upstream,
          weight: rounded(shares[index]) ?? 0,
          depth: rounded(this.measured(constituent).depth),
        })),
      };
    });
  }

  /** The risk figures, each feed with its cost to move. */
  withCosts(risk: Risk): Risk {
    return { ...risk, feeds: risk.feeds.map((each) => ({ ...each, costToMove: rounded(this.costs[each.feed]) })) };
  }

  state(): LiquidityState {
    const sources = this.plan.sources.map((_, source) => [this.sourceKey(source), this.depth.state(source)] as const);
    const costs = this.costs.flatMap((cost, feed) => (cost === undefined ? [] : [[this.feedKey(feed), cost] as const]));
    return { sources: Object.fromEntries(sources), costs: Object.fromEntries(costs) };
  }

  /** Continues from what was so at an instant. */
  restore(state: LiquidityState, at: EpochMs): void {
    this.plan.sources.forEach((_, source) => {
      const known = state.sources[this.sourceKey(source)];
      if (known !== undefined) this.depth.restore(source, known);
    });
    this.depth.restoreTime(at);
    this.costs = this.plan.feeds.map((_, feed) => state.costs[this.feedKey(feed)]);
    for (const feed of this.rosters.keys()) this.weigh(feed);
  }

  private weigh(feed: number): boolean {
    const roster = this.rosters[feed] as Roster;
    return roster.weigh(roster.constituents.map((constituent) => this.measured(constituent)));
  }

  /** Of sources that share an upstream the deepest counts: they may all be the same book. */
  private measured({ sources }: Constituent): Measured {
    let deepest: Measured = { depth: NaN, trust: 0 };
    for (const source of sources) {
      const depth = this.depth.of(source);
      if (depth > deepest.depth || Number.isNaN(deepest.depth)) deepest = { depth, trust: this.depth.trust(source) };
    }
    return deepest;
  }

  /** The upstreams that vote now. Where one has several sources, moving the shallowest may move its vote. */
  private targets(feed: number): Target[] {
    const roster = this.rosters[feed] as Roster;
    const voting = (source: number): boolean => this.depth.isVoting(source);
    const mask = maskOf(roster.constituents, ({ sources }) => sources.some(voting));
    const shares = roster.shares(mask);
    return roster.constituents.flatMap(({ sources }, index) => {
      if (((mask >> index) & 1) === 0) return [];
      const voters = sources.filter(voting);
      return {
        share: shares[index] ?? 0,
        depth: Math.min(...voters.map((source) => this.depth.of(source))),
        legs: voters.flatMap((source) => this.plan.sources[source]?.leg ?? []),
      };
    });
  }

  private sourceKey(source: number): string {
    const { id, feed } = this.plan.sources[source] as OraclePlan['sources'][number];
    return `${id} v${this.plan.feeds[feed]?.asset.version}`;
  }

  private feedKey(feed: number): string {
    return pastKey(this.plan.feeds[feed] as OraclePlan['feeds'][number]);
  }
}

function maskOf(constituents: readonly Constituent[], has: (constituent: Constituent) => boolean): number {
  return constituents.reduce((mask, constituent, index) => (has(constituent) ? mask | (1 << index) : mask), 0);
}

function rounded(figure: number | undefined): number | undefined {
  return figure === undefined || !Number.isFinite(figure) ? undefined : Number(figure.toPrecision(DIGITS));
}
