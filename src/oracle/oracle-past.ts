import type { Cut } from './cut';
import type { FeedPast, FeedPastState } from './feed-past';
import type { RateStanding } from './guarding/rate-standing';
import type { Redemptions } from './guarding/redemption';
import type { LiquidityPast, LiquidityState, MinutesEnded } from './liquidity-past';
import { pastKey } from './past-key';
import type { FeedPlan, OraclePlan } from './plan';
import type { RiskModels, RiskPast, RiskState } from './risk-past';
import { passSilence } from './silence';
import type { SourcePast, SourcePastState } from './source-past';
import { validUntil, type EpochMs } from './units/time';

/** What an oracle starts from instead of nothing: exact, and a function of the cuts that were published. */
export interface OracleState {
  readonly cut: number;
  readonly at: EpochMs;
  /** Ids of the feeds that operators hold halted. */
  readonly halts: readonly string[];
  /** By `pastKey`. */
  readonly feeds: Readonly<Record<string, FeedPastState>>;
  readonly sources: SourcePastState;
  readonly liquidity: LiquidityState;
  /** As `feeds`, where a feed has a redemption rate. */
  readonly rates?: Readonly<Record<string, Omit<RateStanding, 'feed'>>>;
  /** Absent in a state from before risk was folded. */
  readonly risk?: RiskState;
}

/** Who remembers what. */
interface Parts {
  readonly feeds: readonly FeedPast[];
  readonly sources: SourcePast;
  readonly liquidity: LiquidityPast;
  readonly redemptions: Redemptions;
  readonly risk: RiskPast;
}

/** All that published cuts leave behind: a fold over them and nothing else, so the ledger alone can rebuild it, exactly. */
export class OraclePast {
  /** The newest cut, and its instant; -Infinity before the first. */
  cut = -Infinity;
  at: EpochMs = -Infinity;
  /** Feeds that operators hold halted; what an operator says now is past with the next cut. */
  readonly halted = new Set<number>();

  constructor(
    private readonly plan: OraclePlan,
    private readonly parts: Parts,
  ) {}

  get halts(): readonly number[] {
    return [...this.halted].sort((a, b) => a - b);
  }

  /** After a restart, before the first cut: see `passSilence`. Status begins anew. */
  resume(at: EpochMs): void {
    const { feeds, liquidity, risk } = this.parts;
    passSilence([...feeds, liquidity, risk], validUntil(this.at, this.plan.cuts), at);
    for (const feed of feeds) feed.resume();
  }

  /** Lets time pass. Returns whether a second ended, so that figures are due, and whose minutes did. */
  elapse(at: EpochMs): MinutesEnded & { readonly isSecond: boolean } {
    let isSecond = false;
    for (const feed of this.parts.feeds) if (feed.elapse(at)) isSecond = true;
    this.parts.risk.elapse(at);
    return { isSecond, ...this.parts.liquidity.elapse(at) };
  }

  /** Takes a cut as it was published. */
  absorb(cut: Cut): void {
    const { number, at, reports, verdicts, halts, rates = [] } = cut;
    for (const report of reports) this.parts.feeds[report.feed]?.absorb(report, at);
    this.parts.liquidity.absorb(verdicts);
    this.parts.sources.absorb(verdicts, at);
    this.parts.risk.absorb(cut);
    this.halted.clear();
    for (const feed of halts) this.halted.add(feed);
    for (const standing of rates) this.parts.redemptions.absorb(standing);
    this.cut = number;
    this.at = at;
  }

  /** `withModels`: see `RiskPast.state`. */
  state(withModels: boolean): OracleState {
    const { feeds, sources, liquidity, redemptions, risk } = this.parts;
    const rates = this.plan.feeds.flatMap((plan, feed) => {
      const standing = redemptions.standing(feed);
      if (standing === undefined) return [];
      const { accepted, refused } = standing;
      return [[pastKey(plan), { accepted, refused }] as const];
    });
    return {
      cut: this.cut,
      at: this.at,
      halts: this.halts.map((feed) => this.plan.feeds[feed]?.id ?? ''),
      feeds: Object.fromEntries(
        feeds.map((past, feed) => [pastKey(this.plan.feeds[feed] as FeedPlan), past.state()] as const),
      ),
      sources: sources.state(),
      liquidity: liquidity.state(),
      ...(rates.length === 0 ? {} : { rates: Object.fromEntries(rates) }),
      risk: risk.state(withModels),
    };
  }

  restore(state: OracleState, models?: RiskModels): void {
    const { feeds, sources, liquidity, redemptions, risk } = this.parts;
    this.plan.feeds.forEach((plan, feed) => {
      const past = state.feeds[pastKey(plan)];
      if (past !== undefined) feeds[feed]?.restore(past);
      const rate = state.rates?.[pastKey(plan)];
      if (rate !== undefined) redemptions.absorb({ feed, ...rate });
      if (state.halts.includes(plan.id)) this.halted.add(feed);
    });
    liquidity.restore(state.liquidity, state.at);
    sources.restore(state.sources);
    if (state.risk !== undefined) risk.restore(state.risk, models);
    this.cut = state.cut;
    this.at = state.at;
  }
}
