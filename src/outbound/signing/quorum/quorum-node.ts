import { cutInstant, TICK_MS } from '../../../oracle/units/time';
import type { CancelTimer } from '../../../platform/clock/clock';
import type { StatementSigner } from '../statement-signer';
import { CatchUp } from './catch-up';
import type { NodeParts } from './node-parts';
import { signedBy, Witness, type Statement } from './equivocation';
import { encodeObserved } from './observed-bytes';
import { Slots } from './slots';
import type { Certificate, Observation, Proposal, Vote } from './statements';
import { slotTicks } from './terms';
import { VoteLock } from './vote-lock';
import type { PeerMessage } from './wire';

/** A publisher who does not hear everyone whom it expects proposes after this share of a slot. */
const COLLECT_SHARE = 0.3;

/**
 * One signer of a quorum (docs/quorum.md): at each slot it signs what it sees and tells everyone; the publisher whose
 * turn it is lists what it heard; who finds that the cut follows signs it and tells everyone, so that each puts the
 * certificate together by itself. It says one thing of a kind about a cut, and nothing about one at or below that of an
 * earlier process.
 */
export class QuorumNode {
  private readonly self: string | undefined;
  private readonly slots = new Slots();
  private readonly witness = new Witness();
  private readonly catchUp: CatchUp;
  private readonly lock: VoteLock;
  private observed = -Infinity;
  private voted = -Infinity;
  private proposed = -Infinity;
  /** The cut for which there is no more waiting for observations. */
  private collected = -Infinity;
  private stopped = false;
  private cancelSlot: CancelTimer | undefined;
  private cancelCollect: CancelTimer | undefined;

  constructor(private readonly parts: NodeParts) {
    this.self = parts.signer?.address.toLowerCase();
    this.catchUp = new CatchUp(parts);
    const { statements, terms, journal, validForMs } = parts;
    this.lock = new VoteLock(statements, terms, journal.before, validForMs);
  }

  start(): void {
    this.awaitSlot();
  }

  stop(): void {
    this.stopped = true;
    this.catchUp.stop();
    this.cancelSlot?.();
    this.cancelCollect?.();
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
        return this.hearObservation(message.observation);
      case 'proposal':
        this.catchUp.hint(from, message.proposal.previousCut);
        return this.hearProposal(message.proposal);
      case 'vote':
        return this.hearVote(message.vote);
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

  private awaitSlot(): void {
    const { clock, timers, terms } = this.parts;
    const now = clock.now();
    const next = (Math.floor(now / terms.cutEveryMs) + 1) * terms.cutEveryMs;
    this.cancelSlot = timers.arm(next - now, () => {
      this.beginSlot();
      this.awaitSlot();
    });
  }

  private beginSlot(): void {
    const { signer, terms, timers, journal } = this.parts;
    const cut = this.currentCut();
    this.slots.of(cut);
    if (signer === undefined || cut <= this.observed || !journal.claim(cut)) return;
    const pending = this.lock.pending(this.parts.chain.tip.cut, this.parts.clock.now());
    if (pending !== undefined) this.parts.network.broadcast({ kind: 'vote', vote: pending });
    this.observed = cut;
    this.observe(cut, signer);
    this.cancelCollect?.();
    this.cancelCollect = timers.arm(terms.cutEveryMs * COLLECT_SHARE, () => {
      this.collected = cut;
      this.propose(cut);
    });
  }

  /** What takes so long to sign that the slot has passed is not said. */
  private observe(cut: number, signer: StatementSigner): void {
    const { chain, statements, network, clock, observe } = this.parts;
    const { cut: previousCut, digest: previous } = chain.tip;
    const stated = this.lock.stated(previousCut, clock.now());
    const unsigned = { cut, terms: chain.terms, previousCut, previous, ...stated, feeds: encodeObserved(observe()) };
    signer.signThen(statements.observationMessage(unsigned), (signature) => {
      if (this.stopped || cut !== this.observed) return;
      const observation = { ...unsigned, signature };
      network.broadcast({ kind: 'observation', observation });
      this.hearObservation(observation);
    });
  }

  private hearObservation(observation: Observation): string | undefined {
    const { chain } = this.parts;
    const { cut } = observation;
    if (!this.isNear(cut)) return `about cut ${cut}, which is not now`;
    const seen = chain.observer(observation);
    if (typeof seen === 'string') return seen;
    if (!this.isNew({ kind: 'observation', observation }, seen.signer)) return undefined;
    this.slots.of(cut).observations.set(seen.signer, observation);
    this.propose(cut);
    return undefined;
  }

  /** Lists what was heard, where it is this signer's turn, and everyone was heard who is awaited, or the time is up. */
  private propose(cut: number): void {
    const { signer, chain, statements, terms } = this.parts;
    const { observations } = this.slots.of(cut);
    if (signer === undefined || cut !== this.observed || cut <= this.proposed) return;
    if (observations.size < terms.threshold || chain.tip.cut >= cut || chain.publisherOf(cut) !== this.self) return;
    if (cut !== this.collected && !this.awaited(cut).every((one) => observations.has(one))) return;
    // One who knows of a later cut is asked for it, and shows that nothing may be built upon this past.
    const listed = [...observations]
      .filter(([, { previousCut }]) => previousCut <= chain.tip.cut)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, observation]) => observation);
    if (listed.length < terms.threshold) return;
    this.proposed = cut;
    const { cut: previousCut, digest: previous } = chain.tip;
    const unsigned = { cut, terms: chain.terms, previousCut, previous, observations: listed };
    signer.signThen(statements.proposalMessage(unsigned), (signature) => {
      if (this.stopped || cut !== this.observed) return;
      const proposal = { ...unsigned, signature };
      this.parts.network.broadcast({ kind: 'proposal', proposal });
      this.hearProposal(proposal);
    });
  }

  /** Who was heard in the slot before. */
  private awaited(cut: number): readonly string[] {
    const before = this.slots.of(cut - slotTicks(this.parts.terms)).observations;
    return before.size === 0 ? this.parts.terms.signers : [...before.keys()];
  }

  private hearProposal(proposal: Proposal): string | undefined {
    const { statements, chain, terms } = this.parts;
    const { cut } = proposal;
    if (!this.isNear(cut)) return `about cut ${cut}, which is not now`;
    const publisher = statements.signerOf(statements.proposal(proposal), proposal.signature);
    if (publisher === undefined || !terms.signers.includes(publisher)) return `proposed by ${publisher ?? 'nobody'}`;
    const isNew = this.isNew({ kind: 'proposal', proposal }, publisher);
    if (!isNew || publisher !== chain.publisherOf(cut)) return isNew ? `it is not the turn of ${publisher}` : undefined;
    this.slots.of(cut).proposal ??= proposal;
    return this.vote(proposal);
  }

  /** Signs what follows from a proposal, once a cut, and none of a slot before that of the last observation. */
  private vote(proposal: Proposal): string | undefined {
    const { signer, chain, statements, journal, clock } = this.parts;
    const header = chain.draft(proposal);
    if (typeof header === 'string') return header;
    const { cut } = header;
    if (signer !== undefined && cut > this.voted && cut >= this.observed) {
      if (!this.lock.allows(proposal.observations, chain.tip.cut, clock.now())) return 'the last vote may have counted';
      if (!journal.claim(cut)) return 'an earlier process spoke of it';
      this.voted = cut;
      signer.signThen(statements.headerMessage(header), (signature) => {
        this.cast({ header, signature }, proposal);
      });
    }
    this.certify(cut);
    return undefined;
  }

  /** A signature binds once it is told. Where signing took time, all that allowed the vote is asked again. */
  private cast(vote: Vote, proposal: Proposal): void {
    const { chain, clock, network } = this.parts;
    const { cut } = vote.header;
    if (this.stopped || cut !== this.voted || cut < this.observed || typeof chain.draft(proposal) === 'string') return;
    if (!this.isRecent(cut) || !this.lock.allows(proposal.observations, chain.tip.cut, clock.now())) return;
    this.lock.voted(vote);
    network.broadcast({ kind: 'vote', vote });
    this.hearVote(vote);
  }

  private hearVote(vote: Vote): string | undefined {
    const { statements, terms, chain } = this.parts;
    const { cut } = vote.header;
    if (cut <= chain.tip.cut && cut < this.currentCut() - slotTicks(terms)) return undefined;
    if (!this.isRecent(cut)) return `about cut ${cut}, which is not now`;
    const signer = statements.signerOf(statements.header(vote.header), vote.signature);
    if (signer === undefined || !terms.signers.includes(signer)) return `signed by ${signer ?? 'nobody'}`;
    if (!this.isNew({ kind: 'vote', vote }, signer)) return undefined;
    this.slots.of(cut).votes.set(signer, vote);
    this.certify(cut);
    this.confront(signer, vote);
    return undefined;
  }

  /** Shows one who signed something else what was proposed here: a publisher who proposed both is so found out. */
  private confront(signer: string, vote: Vote): void {
    const { statements, network } = this.parts;
    const { proposal, votes } = this.slots.of(vote.header.cut);
    const own = votes.get(this.self ?? '');
    if (proposal === undefined || own === undefined) return;
    if (Buffer.compare(statements.header(own.header), statements.header(vote.header)) === 0) return;
    network.send(signer, { kind: 'proposal', proposal });
  }

  private certify(cut: number): void {
    const { chain, statements, terms } = this.parts;
    const { proposal, votes } = this.slots.of(cut);
    if (cut <= chain.tip.cut || proposal === undefined || votes.size < terms.threshold) return;
    const header = chain.draft(proposal);
    if (typeof header === 'string') return;
    const digest = statements.header(header);
    const agreeing = [...votes].filter(([, vote]) => Buffer.compare(statements.header(vote.header), digest) === 0);
    if (agreeing.length < terms.threshold) return;
    const chosen = agreeing.slice(0, terms.threshold).sort(([a], [b]) => (a < b ? -1 : 1));
    this.append({ proposal, header, signatures: chosen.map(([, vote]) => vote.signature) });
  }

  private append(certificate: Certificate): string | undefined {
    const { chain, outlets, terms } = this.parts;
    const before = chain.tip.cut;
    const cut = chain.append(certificate);
    if (typeof cut === 'string') return cut;
    for (const gap of this.slots.gaps(before, cut.number, terms)) outlets.gap(gap);
    outlets.certified(certificate, cut);
    const next = this.slots.of(this.currentCut()).proposal;
    if (next !== undefined && next.cut > cut.number) this.vote(next);
    return undefined;
  }

  private hearCertificates(from: string, certificates: readonly Certificate[]): string | undefined {
    const before = this.parts.chain.tip.cut;
    for (const certificate of certificates) {
      if (certificate.proposal.cut <= this.parts.chain.tip.cut) continue;
      const fault = this.append(certificate);
      if (fault !== undefined) return fault;
    }
    this.catchUp.arrived(from, this.parts.chain.tip.cut > before);
    return undefined;
  }

  /** Whether a statement is the first of its signer; a second that differs is proof of a lie. */
  private isNew(statement: Statement, signer: string): boolean {
    const { statements, outlets } = this.parts;
    const { digest } = signedBy(statement, statements);
    const { isNew, proof } = this.witness.hear(statement, signer, digest);
    if (proof !== undefined) outlets.equivocated(proof);
    return isNew;
  }

  /** The slot that now is, by this machine's clock. */
  private currentCut(): number {
    const { clock, terms } = this.parts;
    return (Math.floor(clock.now() / terms.cutEveryMs) * terms.cutEveryMs) / TICK_MS;
  }

  /**
   * A signature that was long on its way still counts, but not for so long that what it certifies could no longer
   * reach the others before their own signatures stop binding them.
   */
  private isRecent(cut: number): boolean {
    const { clock, terms, validForMs } = this.parts;
    const awayMs = clock.now() - cutInstant(cut);
    return awayMs > -terms.cutEveryMs && awayMs < validForMs / 2 && cut % slotTicks(terms) === 0;
  }

  /** Less than a slot away: clocks differ a little. */
  private isNear(cut: number): boolean {
    const { clock, terms } = this.parts;
    const awayMs = clock.now() - cutInstant(cut);
    return awayMs > -terms.cutEveryMs && awayMs < terms.cutEveryMs && cut % slotTicks(terms) === 0;
  }
}
