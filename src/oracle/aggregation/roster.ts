import type { OraclePlan } from '../plan';
import { cappedWeights } from './capped-weights';
import { effectiveWeights, type Measured } from './effective-weights';

/** The sources of one feed that share an upstream: together they have one vote. */
export interface Constituent {
  readonly upstream: number;
  readonly sources: readonly number[];
  readonly native: boolean;
}

/** Sets of constituents are bit masks, so that the weights of each set are computed once. */
const MAX_CONSTITUENTS = 31;

/** Who may vote on one feed, and with what share. */
export class Roster {
  readonly constituents: readonly Constituent[];
  /** Capped shares of all that are configured: fresh weight is counted against these, not against what is left. */
  private readonly configured: readonly number[];
  /** Configured weights, and those in force: the latter follow measured liquidity. */
  private readonly priors: readonly number[];
  private weights: readonly number[];
  private readonly sharesOf = new Map<number, readonly number[]>();

  constructor(plan: OraclePlan, feed: number) {
    const groups = new Map<number, number[]>();
    plan.sources.forEach((source, index) => {
      const isVoter = source.feed === feed && source.anchor === undefined;
      if (isVoter) groups.set(source.upstream, [...(groups.get(source.upstream) ?? []), index]);
    });
    if (groups.size > MAX_CONSTITUENTS) {
      throw new RangeError(
        `feed ${plan.feeds[feed]?.id} has ${groups.size} upstreams; at most ${MAX_CONSTITUENTS} can vote`,
      );
    }
    this.constituents = [...groups].map(([upstream, sources]) => ({
      upstream,
      sources,
      native: sources.every((source) => plan.sources[source]?.leg === undefined),
    }));
    this.priors = this.constituents.map(({ sources }) =>
      Math.max(...sources.map((source) => plan.sources[source]?.weight ?? 0)),
    );
    this.weights = this.priors;
    this.configured = cappedWeights(this.priors);
  }

  /**
   * Puts the weights of measured liquidity in force, which a slow grid does: shares stay computed in between. Measured is
   * by constituent. Returns whether any weight changed.
   */
  weigh(measured: readonly Measured[]): boolean {
    const voters = measured.map((each, index) => ({ ...each, prior: this.priors[index] ?? 0 }));
    const weights = effectiveWeights(voters);
    if (weights.every((weight, index) => weight === this.weights[index])) return false;
    this.weights = weights;
    this.sharesOf.clear();
    return true;
  }

  /** Shares among the constituents whose bits are set, by constituent; zero for the others. They sum to one. */
  shares(voters: number): readonly number[] {
    const known = this.sharesOf.get(voters);
    if (known !== undefined) return known;
    const present = this.constituents.map((_, index) => index).filter((index) => (voters >> index) & 1);
    const capped = cappedWeights(present.map((index) => this.weights[index] ?? 0));
    const shares = this.constituents.map((_, index) => capped[present.indexOf(index)] ?? 0);
    this.sharesOf.set(voters, shares);
    return shares;
  }

  /** How much of the configured weight has a fresh vote, 0..1. */
  freshShare(voters: number): number {
    let fresh = 0;
    for (let index = 0; index < this.configured.length; index++) {
      if ((voters >> index) & 1) fresh += this.configured[index] ?? 0;
    }
    return fresh;
  }
}
