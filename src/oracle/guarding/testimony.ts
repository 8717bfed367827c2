import type { FeedPolicy } from '../plan';
import type { EpochMs } from '../units/time';
import { NO_REASONS, reasonBit, type ReasonSet } from './reasons';

const UNWITNESSED = reasonBit('unwitnessed');
const ANCHOR_APART = reasonBit('anchorApart');
const ANCHORS_DISAGREE = reasonBit('anchorsDisagree');
const ANCHORS_AGAINST = reasonBit('anchorsAgainst');

/** A price that left its anchors has so long to be followed: the slowest perpetual is some hundred milliseconds late. */
const FOLLOW_MS = 300;

/** What one fresh anchor says. */
export interface Witness {
  readonly upstream: number;
  readonly value: number;
  readonly maxDeviationBps: number;
}

/** What the anchors of one feed say of its price. Whoever could be wrong alone has one voice among them. */
export interface Testimony {
  /** Upstreams that have a fresh anchor. */
  readonly fresh: number;
  /** Those of them that hold the price for right. */
  readonly agreeing: number;
  /** Those that stand apart from it on one side, the one on which more do. */
  readonly against: number;
  /** How far the nearest of those is; Infinity where there is none. */
  readonly againstBps: number;
}

/** Weighs what witnesses say of a price; NaN, where there is none, nobody can agree with nor stand apart from. */
export function weighTestimony(witnesses: readonly Witness[], price: number): Testimony {
  const fresh = upstreams(witnesses);
  const apart = witnesses.filter((witness) => deviationBps(witness, price) > witness.maxDeviationBps);
  if (apart.length === 0) return { fresh, agreeing: Number.isNaN(price) ? 0 : fresh, against: 0, againstBps: Infinity };
  const above = apart.filter(({ value }) => value > price);
  const below = apart.filter(({ value }) => value < price);
  const against = upstreams(above) > upstreams(below) ? above : below;
  return {
    fresh,
    agreeing: fresh - upstreams(apart),
    against: upstreams(against),
    againstBps: Math.min(...against.map((witness) => deviationBps(witness, price))),
  };
}

export function deviationBps({ value }: Pick<Witness, 'value'>, price: number): number {
  return (Math.abs(price - value) / value) * 10_000;
}

/**
 * Whether the anchors hold the price for right by their own quorum: enough of them, and half of those that speak. Half
 * is enough, for in a real move the slow ones, a pool's mean or a feed with a threshold, are always behind.
 */
export function confirms({ agreeing, fresh }: Testimony, policy: FeedPolicy): boolean {
  return agreeing >= policy.minAnchorsToHalt && agreeing * 2 >= fresh;
}

/** Whether some anchor, were it the only one, went with the price, and none stands against it. */
export function isCorroborated({ agreeing, against }: Testimony): boolean {
  return agreeing > 0 && against === 0;
}

/** What the guard compares the testimony with. */
export interface Since {
  readonly price: number;
  /** The last price that no quorum of anchors contradicted; NaN before there was one. */
  readonly lastWitnessed: number;
  /** When a contradiction that is seen now began. */
  readonly since: EpochMs;
}

/**
 * One anchor apart flags. A quorum of them on one side disputes for as long as it stands there. Where the price left
 * them it may be captured, and halts once they had time to follow. Where they left the price, whoever captured them
 * would only have to move them to halt an honest market: then nobody is liquidated, and the price stays.
 */
export function guardAnchors(testimony: Testimony, of: Since, at: EpochMs, policy: FeedPolicy): ReasonSet {
  let reasons = testimony.fresh < policy.minAnchors ? UNWITNESSED : NO_REASONS;
  if (testimony.against > 0) reasons |= ANCHOR_APART;
  if (!isQuorum(testimony.against, testimony.fresh, policy)) return reasons;
  reasons |= ANCHORS_DISAGREE;
  return at >= anchorsHaltAt(testimony, of, policy) ? reasons | ANCHORS_AGAINST : reasons;
}

/** When a quorum against the price will halt the feed; Infinity where there is none. */
export function anchorsHaltAt(testimony: Testimony, of: Since, policy: FeedPolicy): EpochMs {
  if (!isQuorum(testimony.against, testimony.fresh, policy)) return Infinity;
  const movedBps = deviationBps({ value: of.lastWitnessed }, of.price);
  // A price that no anchor ever went with has left them too.
  const stayed = movedBps <= testimony.againstBps / 2;
  return !stayed ? of.since + Math.min(FOLLOW_MS, policy.disagreementHaltMs) : Infinity;
}

function isQuorum(count: number, fresh: number, policy: FeedPolicy): boolean {
  return count >= policy.minAnchorsToHalt && count * 2 > fresh;
}

/** They are a handful: to look for each among those before it is cheaper than a set. */
function upstreams(witnesses: readonly Witness[]): number {
  let count = 0;
  witnesses.forEach(({ upstream }, index) => {
    if (witnesses.findIndex((other) => other.upstream === upstream) === index) count++;
  });
  return count;
}
