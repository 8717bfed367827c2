import type { Consensus } from '../aggregation/consensus';
import type { Tally } from '../aggregation/votes';
import type { FeedPolicy } from '../plan';
import type { EpochMs } from '../units/time';
import { NO_REASONS, reasonBit, type ReasonSet } from './reasons';

/** Shares come from divisions: what misses a half by ulps is a half. */
const ROUNDING = 1e-12;

const TOO_FEW_UPSTREAMS = reasonBit('tooFewUpstreams');
const THIN_UPSTREAMS = reasonBit('thinUpstreams');
const THIN_WEIGHT = reasonBit('thinWeight');
const TOO_FEW_NATIVE = reasonBit('tooFewNative');
const NATIVE_GAP = reasonBit('nativeGap');
const TOO_OLD = reasonBit('tooOld');
const MEDIANS_DISAGREE = reasonBit('mediansDisagree');
const DISAGREEMENT_LASTS = reasonBit('disagreementLasts');
const WEIGHT_LOST = reasonBit('weightLost');
const WIDE_BAND = reasonBit('wideBand');

/** Whether enough independent voices are left, all counted against what is configured. */
export function guardQuorum(tally: Tally, freshShare: number, policy: FeedPolicy): ReasonSet {
  let reasons = NO_REASONS;
  if (tally.count < policy.minUpstreams) reasons |= TOO_FEW_UPSTREAMS;
  else if (tally.count < policy.okUpstreams) reasons |= THIN_UPSTREAMS;
  if (isThin(freshShare)) reasons |= THIN_WEIGHT;
  if (freshShare < policy.minFreshShare - ROUNDING) reasons |= WEIGHT_LOST;
  return reasons;
}

/** Whether less than half of the configured weight is fresh. */
export function isThin(freshShare: number): boolean {
  return freshShare < 0.5 - ROUNDING;
}

/** Whether the price rests on markets in the feed's own currency, and those agree with the converted ones. */
export function guardNative(tally: Tally, policy: FeedPolicy): ReasonSet {
  let reasons = NO_REASONS;
  if (tally.native < policy.minNative) reasons |= TOO_FEW_NATIVE;
  if (tally.nativeGapBps > policy.maxNativeGapBps) reasons |= NATIVE_GAP;
  return reasons;
}

export function guardAge(tally: Tally, at: EpochMs, policy: FeedPolicy): ReasonSet {
  return at - tally.spokenAt >= policy.maxAgeMs ? TOO_OLD : NO_REASONS;
}

/** Whether the band is so wide that the price is merely a guess; `low` and `high` are not yet widened by anchors. */
export function guardWidth(
  { price, low, high }: Pick<Consensus, 'price' | 'low' | 'high'>,
  policy: FeedPolicy,
): ReasonSet {
  return ((high - low) / 2 / price) * 10_000 > policy.wideBandBps ? WIDE_BAND : NO_REASONS;
}

/** Medians apart are disputed at once and halt once that has lasted; `since` is when it began. */
export function guardAgreement(agreed: boolean, since: EpochMs, at: EpochMs, policy: FeedPolicy): ReasonSet {
  if (agreed) return NO_REASONS;
  return at - since >= policy.disagreementHaltMs ? MEDIANS_DISAGREE | DISAGREEMENT_LASTS : MEDIANS_DISAGREE;
}
