import type { Reason } from '../../oracle/report';
import type { Asset } from '../run/listings';
import type { PerpName, ReaderName, VenueName } from '../run/venues';

/** What goes wrong. Shares are of one, `bps` of the true price; a ramp grows in a straight line and then stays. */
export type Effect =
  /** The same book again and again, with a clock that runs on. */
  | { readonly kind: 'freeze' }
  /** Every quote shows, and is dated, some time ago. */
  | { readonly kind: 'late'; readonly ms: number; readonly rampMs?: number }
  /** The whole book stands away from the truth; with `pulseMs` on and off in turns of that length. */
  | { readonly kind: 'shift'; readonly bps: number; readonly rampMs?: number; readonly pulseMs?: number }
  /** Prices times each of these in turn. */
  | { readonly kind: 'times'; readonly factors: readonly number[] }
  /** Each quote stands somewhere within this distance of the truth. */
  | { readonly kind: 'garbage'; readonly bps: number }
  /** Bid and ask are each of these in turn. */
  | { readonly kind: 'says'; readonly values: readonly number[] }
  | { readonly kind: 'spread'; readonly bps: number }
  | { readonly kind: 'crossed' }
  | { readonly kind: 'oneSided' }
  /** Sizes at the top of the book times these. */
  | { readonly kind: 'size'; readonly bid: number; readonly ask: number }
  /** Traded volume times this. */
  | { readonly kind: 'volume'; readonly by: number }
  /** Trades print at this multiple of the middle, and the book stays where it is. */
  | { readonly kind: 'print'; readonly by: number }
  /** The venue's clock is wrong by this much. */
  | { readonly kind: 'clock'; readonly ms: number }
  /** The connection is gone; it opens again at the end. */
  | { readonly kind: 'silent' }
  /** These shares of the quotes come twice, and change places with the next. */
  | { readonly kind: 'echo'; readonly twice: number; readonly swapped: number }
  /** The answer stands at a bound of its aggregator, and its reader refuses it. */
  | { readonly kind: 'atBound' };

/** Whoever says something in the market: venues vote, perpetuals and readers of chains bear witness. */
export type Speaker = VenueName | PerpName | ReaderName | 'sequencer';

/** Who, what, when and how hard. Injections of one scenario compose in the order in which they stand. */
export interface Injection {
  readonly who: readonly Speaker[];
  /** Which of their books; that of the asset which is judged unless told. */
  readonly asset?: Asset;
  readonly what: Effect;
  /** Milliseconds after the start. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** The true price itself moves, in a straight line, and stays. */
export interface Move {
  readonly asset: Asset;
  readonly bps: number;
  readonly fromMs: number;
  readonly overMs: number;
}

/** What a rule must do, as far as a run can see it. What stands here is judged; the catalogue has the words. */
export interface Requirement {
  /** Furthest from the truth while not halted. */
  readonly errorBps?: number;
  /** Furthest from the same rule's answer in the same market without the fault. */
  readonly cleanBps?: number;
  readonly haltWithinMs?: number;
  readonly neverHalted?: true;
  /** Flagged in any way: a reason, a status, a refusal to be liquidated by. */
  readonly flagWithinMs?: number;
  /** From then on nobody may be liquidated by it. */
  readonly noLiquidationWithinMs?: number;
  /** The band at its widest against its usual width. */
  readonly widenAtMost?: number;
  /** Behind the truth as most of the weight shows it. */
  readonly lagP50Ms?: number;
  readonly lagP99Ms?: number;
  /** The same for jumps, until half of one is made. */
  readonly jumpLagP50Ms?: number;
  readonly jumpLagP99Ms?: number;
  readonly wrongful?: number;
  /** From then on, while the fault lasts, never ok. */
  readonly notOkWithinMs?: number;
  /** This reason stands in a report so soon after the fault. */
  readonly says?: { readonly reason: Reason; readonly withinMs: number };
  readonly neverSays?: Reason;
  /** What it counts as collateral at most, above the truth. */
  readonly collateralBps?: number;
  /** What the fault, as a trade, earns at most. */
  readonly profitUsd?: number;
}

/** What of the market the fault has taken: it decides which target of the lab applies. */
export type Captured = 'nothing' | 'minority' | 'count' | 'weight' | 'both';

export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly captured: Captured;
  readonly required: Requirement;
  readonly durationMs: number;
  readonly injections: readonly Injection[];
  readonly moves: readonly Move[];
  /** Jumps of 50 bp, one a minute or `everyMs` on average. */
  readonly jumpsEveryMs?: number;
  /** Instead of the venues' usual lags while the market moves. */
  readonly lagsMs?: Readonly<Partial<Record<VenueName, number>>>;
  /** Whose price in USD is judged; BTC's unless told. */
  readonly judged?: Asset;
  /** Witnesses without whom the scenario proves nothing of Assay: where its configuration has none, it has not met it. */
  readonly needs?: readonly Speaker[];
  /** Moving the books is a trade that costs money, and what it earns is worth comparing. */
  readonly isTraded?: true;
}
