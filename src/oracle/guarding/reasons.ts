import { REASONS, type Reason } from '../report';

/** Reasons as the bits that are signed: bit i stands for REASONS[i]. */
export type ReasonSet = number;

export const NO_REASONS: ReasonSet = 0;

const BITS = new Map<Reason, number>(REASONS.map((reason, index) => [reason, 1 << index]));

export function reasonBit(reason: Reason): ReasonSet {
  const bit = BITS.get(reason);
  if (bit === undefined) throw new Error(`reason ${reason} has no bit; add it to REASONS`);
  return bit;
}

const LISTS = new Map<ReasonSet, readonly Reason[]>();

/** The names in the order of REASONS. Each set is spelled out once and then shared. */
export function reasonList(set: ReasonSet): readonly Reason[] {
  const known = LISTS.get(set);
  if (known !== undefined) return known;
  const list = REASONS.filter((reason) => (set & reasonBit(reason)) !== 0);
  LISTS.set(set, list);
  return list;
}

function union(...reasons: readonly Reason[]): ReasonSet {
  return reasons.reduce((set, reason) => set | reasonBit(reason), NO_REASONS);
}

/** Each of these alone: no price is published. */
const HALTING = union(
  'tooFewUpstreams',
  'weightLost',
  'tooOld',
  'disagreementLasts',
  'anchorsAgainst',
  'pathlessJump',
  'clockApart',
  'operatorHalt',
  'observersApart',
);
/** A price is published, and nobody may be liquidated by it: it may be wrong, not merely imprecise. */
export const DISPUTED = union(
  'mediansDisagree',
  'dissent',
  'anchorsDisagree',
  'tooFewNative',
  'nativeGap',
  'rateOutOfBounds',
  'marketClosed',
  'redemptionOutOfBounds',
);
/** The price is sound but imprecise: it opens nothing, and liquidates at the account-favourable edge. */
export const IMPRECISE = union('thinUpstreams', 'thinWeight', 'wideBand', 'redemptionUnknown');

/** A move that no market makes, while the anchors that the feed asks for are missing: nobody is left who could tell. */
const BLIND = union('rateOutOfBounds', 'unwitnessed');

/** Whether no price is published. The rate guard never halts alone, nor does a want of anchors; together they do. */
export function halts(reasons: ReasonSet): boolean {
  return (reasons & HALTING) !== 0 || (reasons & BLIND) === BLIND;
}
