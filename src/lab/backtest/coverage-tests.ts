import { binomialBelow, chiSquaredAbove } from './distributions';

export interface Likelihood {
  readonly ratio: number;
  readonly p: number;
}

/** n·ln p, where nothing of an impossible thing is possible. */
function logLikelihood(count: number, probability: number): number {
  return count === 0 ? 0 : count * Math.log(probability);
}

/** Kupiec's (1995) proportion of failures: are `breaches` of `n` what a probability of `p` gives? */
export function kupiec(breaches: number, n: number, p: number): Likelihood {
  const rate = breaches / n;
  const ratio =
    -2 *
    (logLikelihood(n - breaches, 1 - p) +
      logLikelihood(breaches, p) -
      logLikelihood(n - breaches, 1 - rate) -
      logLikelihood(breaches, rate));
  return { ratio, p: chiSquaredAbove(ratio, 1) };
}

/** Christoffersen's (1998) independence: is a breach likelier after a breach? First-order Markov against none. */
export function independence(hits: readonly boolean[]): Likelihood {
  const counts = { calm: 0, fresh: 0, over: 0, again: 0 };
  for (let index = 1; index < hits.length; index++) {
    if (hits[index - 1] === true) counts[hits[index] === true ? 'again' : 'over']++;
    else counts[hits[index] === true ? 'fresh' : 'calm']++;
  }
  const { calm, fresh, over, again } = counts;
  const rate = (fresh + again) / (hits.length - 1);
  const afterCalm = fresh / Math.max(1, calm + fresh);
  const afterHit = again / Math.max(1, over + again);
  const ratio =
    -2 *
    (logLikelihood(calm + over, 1 - rate) +
      logLikelihood(fresh + again, rate) -
      logLikelihood(calm, 1 - afterCalm) -
      logLikelihood(fresh, afterCalm) -
      logLikelihood(over, 1 - afterHit) -
      logLikelihood(again, afterHit));
  return { ratio: Math.max(0, ratio), p: chiSquaredAbove(Math.max(0, ratio), 1) };
}

/** Christoffersen's conditional coverage: the right number of breaches, and none drawing another after it. */
export function conditionalCoverage(hits: readonly boolean[], p: number): Likelihood {
  const ratio = kupiec(hits.filter(Boolean).length, hits.length, p).ratio + independence(hits).ratio;
  return { ratio, p: chiSquaredAbove(ratio, 2) };
}

export type TrafficLight = 'green' | 'yellow' | 'red';

/** Basel's zones by the cumulative binomial probability of that many breaches: to 95 %, to 99.99 %, beyond. */
export function trafficLight(breaches: number, n: number, p: number): TrafficLight {
  const below = binomialBelow(breaches, n, p);
  if (below < 0.95) return 'green';
  return below < 0.9999 ? 'yellow' : 'red';
}
