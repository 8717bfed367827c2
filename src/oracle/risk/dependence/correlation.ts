import type { Dependence } from '../figures';
import { pairAt } from './feed-arrays';
import { membersOf } from './members';
import { CORRELATION_DECAY, type PairMoments } from './pair-moments';
import { PositiveRows } from './positive-rows';
import { stressed } from './stress';

/** The least by which is shrunk, and so the least eigenvalue. */
const MIN_SHRINKAGE = 0.001;
/** What a pair costs that is looked up, in multiply-adds, roughly. */
const PAIR_COST = 16;

/**
 * What the moments say of all feeds that have a basis; undefined where none has. Each correlation is shrunk towards none,
 * by the intensity that Ledoit and Wolf (2003) and, for correlations, Schäfer and Strimmer (2005) found best: the sampling
 * variance of all pairs over the sum of their squares. Then `PositiveRows` makes the whole consistent, the best observed
 * first. Yields what each piece of the work cost. `groups` is by feed: see `fallingTogether`.
 */
export function* dependenceOf(
  moments: PairMoments,
  groups: readonly number[],
): Generator<number, Dependence | undefined, undefined> {
  const members = membersOf(moments, groups.length);
  yield groups.length * groups.length;
  if (members.length === 0) return undefined;
  const measured = yield* measure(moments, members);
  return yield* matrices(members, measured, groups);
}

interface Measured {
  /** By `pairAt` of the members. */
  readonly correlations: Float64Array;
  readonly shrinkage: number;
  readonly observations: number;
}

function* measure(moments: PairMoments, members: readonly number[]): Generator<number, Measured, undefined> {
  const size = members.length;
  const scales = members.map((feed) => Math.sqrt(moments.covariance(feed, feed)));
  const correlations = new Float64Array(pairAt(size, 0));
  let [squares, variances, fewest] = [0, 0, Infinity];
  for (const [row, feed] of members.entries()) {
    fewest = Math.min(fewest, moments.weight(feed, feed));
    for (let column = 0; column < row; column++) {
      const other = members[column] as number;
      const weight = moments.weight(feed, other);
      fewest = Math.min(fewest, weight);
      const scale = (scales[row] as number) * (scales[column] as number);
      const correlation = Math.min(1, Math.max(-1, moments.covariance(feed, other) / scale));
      correlations[pairAt(row, column)] = correlation;
      const square = correlation * correlation;
      squares += square;
      variances += ((1 - square) * (1 - square)) / independent(weight);
    }
    yield PAIR_COST * row;
  }
  const level = scales.reduce((sum, scale) => sum + scale * scale, 0) / size;
  const gaussian = level * level * (1 + (2 * squares) / pairAt(size - 1, 0));
  const tails = Math.max(1, moments.meanSquare / gaussian);
  const shrinkage = size === 1 ? 1 : Math.min(1, Math.max(MIN_SHRINKAGE, (tails * variances) / squares));
  return { correlations, shrinkage, observations: Math.floor(fewest) };
}

function* matrices(
  members: readonly number[],
  { correlations, shrinkage, observations }: Measured,
  groups: readonly number[],
): Generator<number, Dependence, undefined> {
  const feeds = [...members].sort((a, b) => a - b);
  const size = feeds.length;
  const placeOf = new Map(feeds.map((feed, place) => [feed, place]));
  const places = members.map((feed) => placeOf.get(feed) ?? NaN);
  const [correlation, stress] = [new Float64Array(size * size), new Float64Array(size * size)];
  const rows = new PositiveRows(size, MIN_SHRINKAGE);
  for (const [row, feed] of members.entries()) {
    const values = correlations.subarray(pairAt(row, 0), pairAt(row, row)).map((value) => (1 - shrinkage) * value);
    rows.add(values);
    const place = places[row] as number;
    for (let column = 0; column < row; column++) {
      const value = values[column] as number;
      const isTogether = groups[feed] === groups[members[column] as number];
      for (const at of [place * size + (places[column] as number), (places[column] as number) * size + place]) {
        correlation[at] = value;
        stress[at] = stressed(value, isTogether);
      }
    }
    correlation[place * size + place] = 1;
    stress[place * size + place] = 1;
    yield pairAt(row, row) + PAIR_COST * row;
  }
  return { feeds, correlation, stress, observations };
}

/** An exponential average whose weights sum to this knows as much as how many observations of equal weight. */
function independent(weight: number): number {
  return (weight * (1 + CORRELATION_DECAY)) / (2 - (1 - CORRELATION_DECAY) * weight);
}
