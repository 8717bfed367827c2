import type { CancelTimer } from '../../../platform/clock/clock';
import { CatchUp } from './catch-up';
import { Certifying } from './certifying';
import { Ground } from './ground';
import type { NodeParts } from './node-parts';
import { Observing } from './observing';
import type { Certificate } from './statements';
import { VoteLock } from './vote-lock';
import { Voting } from './voting';
import type { PeerMessage } from './wire';

/**
 * One signer of a quorum (docs/quorum.md): at each slot it signs what it sees and tells everyone; the publisher whose
 * turn it is lists what it heard; who finds that the cut follows signs it and tells everyone, so that each puts the
 * certificate together by itself. It says one thing of a kind about a cut, and nothing new about one at or below that of
 * an earlier process.
 */
export class QuorumNode {
  private readonly ground: Ground;
  private readonly observing: Observing;
  private readonly voting: Voting;
  private readonly certifying: Certifying;
  private readonly catchUp: CatchUp;
  private cancelSlot: CancelTimer | undefined;

  constructor(private readonly parts: NodeParts) {
    const { statements, chain, journal } = parts;
    const lock = new VoteLock(statements, chain.eras, journal.before.vote);
    this.ground = new Ground(parts);
    this.certifying = new Certifying(parts, this.ground, () => {
      this.voting.reconsider();
    });
    this.voting = new Voting(parts, this.ground, lock, {
      voted: (vote) => this.certifying.hear(vote),
      judged: (cut) => this.certifying.certify(cut),
    });
    this.observing = new Observing(parts, this.ground, lock, (proposal) => this.voting.hear(proposal));
    this.catchUp = new CatchUp(parts);
  }

  start(): void {
    this.awaitSlot();
  }

  stop(): void {
    this.ground.stopped = true;
    this.cancelSlot?.();
    this.observing.stop();
    this.catchUp.stop();
  }

  /** Takes what a peer sent; `from` is who it is, which statements do not depend on. */
  receive(from: string, message: PeerMessage): void {
    const fault = this.take(from, message);
    if (fault !== undefined) this.parts.outlets.refused(from, message.kind, fault);
  }

  private take(from: string, message: PeerMessage): string | undefined {
    switch (message.kind) {
      case 'observation':
        this.catchUp.hint(from, message.observation.previousCut);
        return this.observing.hear(message.observation);
      case 'proposal':
        this.catchUp.hint(from, message.proposal.previousCut);
        return this.voting.hear(message.proposal);
      case 'vote':
        return this.certifying.hear(message.vote);
      case 'wants':
        this.catchUp.asked(from, message);
        return undefined;
      case 'certificates':
        return this.hearCertificates(from, message.certificates);
      case 'unknownPast':
        this.catchUp.unknown(from, message.cut);
        return undefined;
    }
  }

  private hearCertificates(from: string, certificates: readonly Certificate[]): string | undefined {
    const { chain } = this.parts;
    const before = chain.tip.cut;
    const fault = this.certifying.take(certificates);
    if (fault === undefined) this.catchUp.arrived(from, chain.tip.cut > before);
    return fault;
  }

  private awaitSlot(): void {
    this.cancelSlot = this.parts.timers.arm(this.ground.untilNextMs(), () => {
      this.beginSlot();
      this.awaitSlot();
    });
  }

  private beginSlot(): void {
    const { ground } = this;
    const cut = ground.currentCut();
    const signer = ground.voiceIn(cut);
    ground.slots.of(cut);
    if (signer === undefined || cut <= ground.begun) return;
    this.voting.repeat();
    if (!this.parts.journal.claim(cut)) return;
    ground.begun = cut;
    this.observing.begin(cut, signer);
  }
}
