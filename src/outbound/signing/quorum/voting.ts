import type { Ground } from './ground';
import type { NodeParts } from './node-parts';
import type { Proposal, Vote } from './statements';
import { slotTicks } from './terms';
import type { VoteLock } from './vote-lock';

interface VotingOutlets {
  /** A signature of this signer's own. */
  voted(vote: Vote): void;
  /** What follows from the proposal of a cut is known. */
  judged(cut: number): void;
}

/** Signs what follows from a proposal, one of a cut, and none that might make two truths of the past. */
export class Voting {
  private newest = -Infinity;

  constructor(
    private readonly parts: NodeParts,
    private readonly ground: Ground,
    private readonly lock: VoteLock,
    private readonly outlets: VotingOutlets,
  ) {}

  /** What is wrong with a proposal, or keeps this signer from signing what follows from it, in words. */
  hear(proposal: Proposal): string | undefined {
    const { statements, chain } = this.parts;
    const { ground } = this;
    const { cut } = proposal;
    if (!ground.isNear(cut)) return `about cut ${cut}, which is not now`;
    const publisher = statements.signerOf(statements.proposal(proposal), proposal.signature);
    if (publisher === undefined || !ground.isOfSet(publisher, cut)) return `proposed by ${publisher ?? 'nobody'}`;
    const isNew = ground.isNew({ kind: 'proposal', proposal }, publisher);
    if (!isNew || publisher !== chain.publisherOf(cut)) return isNew ? `it is not the turn of ${publisher}` : undefined;
    ground.slots.of(cut).proposal ??= proposal;
    return this.vote(proposal);
  }

  /** The past has grown: what was proposed upon it in the meantime may now be signed. */
  reconsider(): void {
    const { proposal } = this.ground.slots.of(this.ground.currentCut());
    if (proposal !== undefined && proposal.cut > this.parts.chain.tip.cut) this.vote(proposal);
  }

  /** Tells once more of a vote that still binds. */
  repeat(): void {
    const { chain, clock, network } = this.parts;
    const vote = this.lock.pending(chain.tip.cut, clock.now());
    if (vote !== undefined) network.broadcast({ kind: 'vote', vote });
  }

  /** Once a cut, and none of a slot before that of the last observation. */
  private vote(proposal: Proposal): string | undefined {
    const { chain, statements, journal, clock } = this.parts;
    const header = chain.draft(proposal);
    if (typeof header === 'string') return header;
    const { cut } = header;
    const signer = this.ground.voiceIn(cut);
    if (signer !== undefined && cut > this.newest && cut >= this.ground.begun) {
      if (!this.lock.allows(proposal.observations, chain.tip.cut, clock.now())) return 'the last vote may have counted';
      if (!journal.claim(cut)) return 'an earlier process spoke of it';
      this.newest = cut;
      signer.signThen(statements.headerMessage(header), (signature) => {
        this.cast({ header, signature }, proposal);
      });
    }
    this.outlets.judged(cut);
    return undefined;
  }

  /** A signature binds once it is told. Where signing took time, all that allowed the vote is asked again. */
  private cast(vote: Vote, proposal: Proposal): void {
    const { chain, clock, network, journal } = this.parts;
    const { ground, lock } = this;
    const { cut } = vote.header;
    if (ground.stopped || cut !== this.newest || cut < ground.begun || typeof chain.draft(proposal) === 'string')
      return;
    if (!ground.isRecent(cut) || !lock.allows(proposal.observations, chain.tip.cut, clock.now())) return;
    journal.keep(vote, cut + slotTicks(ground.termsOf(cut)));
    lock.voted(vote);
    network.broadcast({ kind: 'vote', vote });
    this.outlets.voted(vote);
  }
}
