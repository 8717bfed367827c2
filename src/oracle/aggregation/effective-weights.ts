/** No measurement makes a weight more than so many times what is configured, nor less than that part of it. */
const MAX_FACTOR = 3;
/** Halvings of the interval in which the scale is sought, in its logarithm: as many as a float64 has bits. */
const HALVINGS = 53;

/** What is known of one voter's liquidity. */
export interface Measured {
  /** Persistent depth, in one unit for all voters; NaN where it is not known. */
  readonly depth: number;
  /** How far it is believed, 0..1. */
  readonly trust: number;
}

interface Voter extends Measured {
  /** The configured weight. */
  readonly prior: number;
}

/**
 * Weights between what is configured and what is measured: each is the prior times a factor that follows the depth, at
 * least a third and at most three, as far as the measurement is trusted. Depths mean something only against each other,
 * so one scale turns them all into factors: that with which the weights sum to what the priors do. An unknown depth
 * leaves its prior; a voter's own depth never lowers its weight, nor raises another's; and since the sum stands, no
 * share of the vote leaves a third to three times its configured one, before the cap.
 */
export function effectiveWeights(voters: readonly Voter[]): number[] {
  const measured = voters.filter(isMeasured);
  const scale = balancingScale(measured);
  return voters.map((voter) => (isMeasured(voter) ? voter.prior * trusted(voter, scale) : voter.prior));
}

function isMeasured({ depth, trust }: Voter): boolean {
  return depth > 0 && depth < Infinity && trust > 0;
}

/** How many units of weight a unit of depth is worth, by bisection between where all factors are least and greatest. */
function balancingScale(voters: readonly Voter[]): number {
  const perDepth = voters.map(({ prior, depth }) => prior / depth);
  let low = Math.min(...perDepth) / MAX_FACTOR;
  let high = Math.max(...perDepth) * MAX_FACTOR;
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = Math.sqrt(low) * Math.sqrt(high);
    const surplus = voters.reduce((sum, voter) => sum + voter.prior * (trusted(voter, middle) - 1), 0);
    if (surplus > 0) high = middle;
    else low = middle;
  }
  return low;
}

function trusted({ prior, depth, trust }: Voter, scale: number): number {
  const factor = Math.min(Math.max((scale * depth) / prior, 1 / MAX_FACTOR), MAX_FACTOR);
  return 1 + trust * (factor - 1);
}
