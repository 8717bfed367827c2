/** For so long the price is held where it was pushed. */
const HOLD_SECONDS = 60;
/**
 * Half of what was taken is put back in so many seconds, and taken again: an assumption. Large (2007, "Measuring the
 * resiliency of an electronic limit order book") finds this half-life where a book of shares refills at all; one that
 * stands 1 % beside all others calls for arbitrage more loudly.
 */
const REFILL_HALF_LIFE_SECONDS = 20;
const REFILLS = HOLD_SECONDS / REFILL_HALF_LIFE_SECONDS / 2;
/** What the largest customers pay as takers, about (https://www.okx.com/fees, VIP 8). */
const FEE_BPS = 2;

/** Above so many upstreams a bound from below replaces the search through their subsets. */
const MAX_SEARCHED = 16;
/** Weights come from divisions: a sum so near to half is half, as it is to the weighted median. */
const HALF = 0.5;
const ROUNDING = 1e-12;

/** One upstream's vote, as who would move it sees it. */
export interface Target {
  /** Share of the vote, 0..1; the shares of all targets sum to one. */
  readonly share: number;
  /** Persistent depth, in the feed's quote currency per basis point; NaN where it is not known. */
  readonly depth: number;
  /** Feeds that some of its sources are converted through: who moves one of these moves the vote. */
  readonly legs: readonly number[];
}

/** What it costs to move a leg by so many basis points, in the same currency; undefined where it is not known. */
export type LegCost = (leg: number, bps: number) => number | undefined;

/**
 * What it costs at the least to move a feed's published price by `bps` and to hold it there for a minute, in its quote
 * currency: over the cheapest set of books, of its own and of its legs, that carries both medians. An even half of the
 * votes carries a median half of the way, so that it must go twice as far. What cannot be seen counts as the
 * manipulator's own already; undefined where that is enough.
 */
export function costToMove(targets: readonly Target[], bps: number, costOfLeg: LegCost): number | undefined {
  const legs = [...new Set(targets.flatMap((target) => target.legs))];
  let cheapest = Infinity;
  for (const [distance, quorum] of [
    [bps, majorityOf(targets.length)],
    [2 * bps, halfOf(targets.length)],
  ] as const) {
    for (const moved of subsets(legs)) {
      const cost = moved.reduce((sum, leg) => sum + (costOfLeg(leg, distance) ?? 0), 0);
      const left = targets.map((target) => ({
        share: target.share,
        cost: target.legs.some((leg) => moved.includes(leg)) ? 0 : costToPush(target.depth, distance),
      }));
      cheapest = Math.min(cheapest, cost + cheapestQuorum(left, quorum));
    }
  }
  return cheapest > 0 && cheapest < Infinity ? cheapest : undefined;
}

/**
 * What it costs to push one book of even density by `bps`, to take what comes back for a minute at the full distance,
 * and the fees of both. Zero where the depth is not known.
 */
function costToPush(depth: number, bps: number): number {
  if (Number.isNaN(depth)) return 0;
  const pushed = depth * bps;
  return (pushed * (bps / 2) + REFILLS * pushed * bps + (1 + REFILLS) * pushed * FEE_BPS) / 10_000;
}

/** What must be carried: at least so many votes with at least so much of the weight. */
interface Quorum {
  readonly votes: number;
  readonly weight: number;
}

function majorityOf(votes: number): Quorum {
  return { votes: Math.floor(votes / 2) + 1, weight: HALF + ROUNDING };
}

function halfOf(votes: number): Quorum {
  return { votes: Math.ceil(votes / 2), weight: HALF - ROUNDING };
}

interface Prize {
  readonly share: number;
  readonly cost: number;
}

function cheapestQuorum(prizes: readonly Prize[], quorum: Quorum): number {
  return prizes.length > MAX_SEARCHED ? boundFromBelow(prizes, quorum) : searched(prizes, quorum);
}

/** Through all subsets, cheapest first, leaving out those that cannot suffice or cannot be cheaper. */
function searched(prizes: readonly Prize[], quorum: Quorum): number {
  const inOrder = prizes.toSorted((a, b) => a.cost - b.cost || b.share - a.share);
  // What the first so many cost together, and the best price of weight among those from one on.
  const costThrough = [0];
  for (const { cost } of inOrder) costThrough.push((costThrough.at(-1) ?? 0) + cost);
  const perShareFrom = inOrder.map((_, from) =>
    Math.min(...inOrder.slice(from).map(({ cost, share }) => cost / share)),
  );
  let cheapest = Infinity;
  const visit = (index: number, votes: number, weight: number, cost: number): void => {
    const missingVotes = Math.max(0, quorum.votes - votes);
    const missingWeight = quorum.weight - weight;
    if (missingVotes === 0 && missingWeight <= 0) cheapest = Math.min(cheapest, cost);
    const prize = inOrder[index];
    const through = costThrough[index + missingVotes];
    if (prize === undefined || through === undefined) return;
    const forVotes = through - (costThrough[index] ?? 0);
    const forWeight = missingWeight * (perShareFrom[index] ?? 0);
    if (cost + Math.max(forVotes, forWeight) >= cheapest) return;
    visit(index + 1, votes + 1, weight + prize.share, cost + prize.cost);
    visit(index + 1, votes, weight, cost);
  };
  visit(0, 0, 0, 0);
  return cheapest;
}

/** The dearer of the cheapest votes that make the count, and of the cheapest weight if it could be bought in parts. */
function boundFromBelow(prizes: readonly Prize[], quorum: Quorum): number {
  const votes = prizes
    .toSorted((a, b) => a.cost - b.cost)
    .slice(0, quorum.votes)
    .reduce((sum, { cost }) => sum + cost, 0);
  let missing = quorum.weight;
  let weight = 0;
  for (const { share, cost } of prizes.toSorted((a, b) => a.cost / a.share - b.cost / b.share)) {
    const bought = Math.min(1, missing / share);
    weight += cost * bought;
    missing -= share * bought;
    if (!(missing > 0)) break;
  }
  return Math.max(votes, weight);
}

function subsets<T>(of: readonly T[]): T[][] {
  return of.reduce<T[][]>((sets, one) => [...sets, ...sets.map((set) => [...set, one])], [[]]);
}
