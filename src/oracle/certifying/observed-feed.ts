import { halts, reasonBit, type ReasonSet } from '../guarding/reasons';
import type { Report, ReportPrices } from '../report';
import type { EpochMs } from '../units/time';

const WARMING_UP = reasonBit('warmingUp');
const RESUMING = reasonBit('resuming');
const PATHLESS_JUMP = reasonBit('pathlessJump');

/** How one signer finds a feed at a cut. Status and permits follow from the reasons once these are combined. */
export interface ObservedFeed {
  readonly reasons: ReasonSet;
  /** Present exactly when `prices` is. */
  readonly observedAt: EpochMs | undefined;
  /** Whole numbers of 10^-decimals, as in a report. */
  readonly prices: ReportPrices | undefined;
  readonly sources: { readonly used: number; readonly upstreams: number };
  readonly dispersionBps: number;
}

/** What a signer's own oracle reports, as an observation. */
export function observedFeed({ reasons, observedAt, prices, sources, dispersionBps }: Report): ObservedFeed {
  const set = reasons.reduce((bits, reason) => bits | reasonBit(reason), 0);
  return { reasons: set & ~ofThePast(set), observedAt: prices && observedAt, prices, sources, dispersionBps };
}

/** What contradicts itself, in words, or undefined: such an observation is not counted, whoever signed it. */
export function observationFault({ reasons, observedAt, prices }: ObservedFeed): string | undefined {
  if (reasons & ofThePast(reasons)) return 'warming and resuming are not for a signer to say';
  if ((observedAt === undefined) !== (prices === undefined)) return 'a price and its time come together';
  if (prices === undefined) return undefined;
  if (halts(reasons)) return 'a reason that halts goes with no price';
  const { price, low, high, collateral, liability } = prices;
  if (!(price > 0 && low >= 0 && low <= price && high >= price)) return `band ${low}..${high} does not hold ${price}`;
  if ((collateral === undefined) !== (liability === undefined)) return 'collateral and liability come together';
  if (collateral !== undefined && !(collateral >= 0 && collateral <= low))
    return `collateral ${collateral} is above low`;
  return liability !== undefined && liability < high ? `liability ${liability} is below high` : undefined;
}

/** What follows from the past of the certified prices and not from what a signer sees: but that its breaker lets go soon. */
function ofThePast(reasons: ReasonSet): ReasonSet {
  return reasons & PATHLESS_JUMP ? WARMING_UP : WARMING_UP | RESUMING;
}
