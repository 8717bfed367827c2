import type { VenueName } from '../run/venues';

/** The books that a scenario can touch: the coin that is judged, and the stable coin that half of its books quote in. */
export type Asset = 'BTC' | 'USDT';

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
  | { readonly kind: 'echo'; readonly twice: number; readonly swapped: number };

/** Who, what, when and how hard. Injections of one scenario compose in the order in which they stand. */
export interface Injection {
  /** Venues, or the one anchor there is. */
  readonly who: readonly (VenueName | 'chainlink')[];
  /** Which of their books; BTC unless told. */
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
  /** The feed that is judged; BTC/USD unless told. */
  readonly judged?: 'USDT/USD';
  /** Moving the books is a trade that costs money, and what it earns is worth comparing. */
  readonly isTraded?: true;
}
