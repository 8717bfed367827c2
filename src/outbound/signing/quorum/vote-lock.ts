import { eraOf, type Eras } from './eras';
import type { Observation, Statements, Vote } from './statements';
import type { QuorumTerms } from './terms';

const NOTHING = new Uint8Array(32);

/** What an observation says of its signer's last vote. */
type Stated = Pick<Observation, 'votedCut' | 'voted'>;

/**
 * A signature given is a cut that may have been certified somewhere, though nobody here knows it. Who gave it signs
 * nothing upon an older past until the cut is certified, or enough signers state that they did not sign it and so never
 * will, or it has run out and is worth nothing to anyone. So a late message splits no quorum.
 */
export class VoteLock {
  constructor(
    private readonly statements: Statements,
    private readonly eras: Eras,
    /** Of this process, or of an earlier one of the same key. */
    private last: Vote | undefined,
  ) {}

  voted(vote: Vote): void {
    this.last = vote;
  }

  /** The vote that still binds, upon a certified cut. */
  pending(certified: number, now: number): Vote | undefined {
    const { last } = this;
    return last !== undefined && last.header.cut > certified && now <= last.header.validUntil ? last : undefined;
  }

  /** What to state in an observation. */
  stated(certified: number, now: number): Stated {
    const vote = this.pending(certified, now);
    if (vote === undefined) return { votedCut: 0, voted: NOTHING };
    return { votedCut: vote.header.cut, voted: this.statements.header(vote.header) };
  }

  /** Whether a cut may be signed that these observations are listed for and that does not build upon the last vote's. */
  allows(observations: readonly Observation[], certified: number, now: number): boolean {
    const vote = this.pending(certified, now);
    if (vote === undefined) return true;
    const digest = Buffer.from(this.statements.header(vote.header));
    const { terms } = eraOf(this.eras, vote.header.cut);
    // Who has no voice in that cut could not have signed it, and so tells nothing.
    const others = observations.filter((one) => terms.signers.includes(this.statements.observer(one) ?? ''));
    return others.filter(({ voted }) => !digest.equals(voted)).length >= enoughOthers(terms);
  }
}

/** So many who did not sign leave too few who could have; where all can be had, even if as many lie as may be absent. */
function enoughOthers({ signers, threshold }: QuorumTerms): number {
  return Math.min(threshold, 2 * (signers.length - threshold) + 1);
}
