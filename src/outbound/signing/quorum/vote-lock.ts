import { TICK_MS } from '../../../oracle/units/time';
import type { Observation, Statements, Vote } from './statements';
import type { QuorumTerms } from './terms';

const NOTHING = new Uint8Array(32);
/** Stated by one who does not know what its earlier process signed. No header has this digest. */
const FORGOTTEN = new Uint8Array(32).fill(0xff);

/** What an observation says of its signer's last vote. */
type Stated = Pick<Observation, 'votedCut' | 'voted'>;

/**
 * A signature given is a cut that may have been certified somewhere, though nobody here knows it. Who gave it signs
 * nothing upon an older past until the cut is certified, or enough signers state that they did not sign it and so never
 * will, or it has run out and is worth nothing to anyone. So a late message splits no quorum.
 */
export class VoteLock {
  private last: Vote | undefined;

  constructor(
    private readonly statements: Statements,
    private readonly terms: QuorumTerms,
    /** The highest cut of which an earlier process of this signer spoke. */
    private readonly forgottenThrough: number,
    /** How long after its instant a cut runs out. */
    private readonly validForMs: number,
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
    if (vote !== undefined) return { votedCut: vote.header.cut, voted: this.statements.header(vote.header) };
    const { forgottenThrough } = this;
    const mayBind = forgottenThrough > certified && now <= forgottenThrough * TICK_MS + this.validForMs;
    return mayBind ? { votedCut: forgottenThrough, voted: FORGOTTEN } : { votedCut: 0, voted: NOTHING };
  }

  /** Whether a cut may be signed that these observations are listed for and that does not build upon the last vote's. */
  allows(observations: readonly Stated[], certified: number, now: number): boolean {
    const vote = this.pending(certified, now);
    if (vote === undefined) return true;
    const digest = Buffer.from(this.statements.header(vote.header));
    const others = observations.filter(({ voted }) => !digest.equals(voted) && Buffer.compare(voted, FORGOTTEN) !== 0);
    return others.length >= enoughOthers(this.terms);
  }
}

/** So many who did not sign leave too few who could have; where all can be had, even if as many lie as may be absent. */
function enoughOthers({ signers, threshold }: QuorumTerms): number {
  return Math.min(threshold, 2 * (signers.length - threshold) + 1);
}
