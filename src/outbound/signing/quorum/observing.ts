import type { CancelTimer } from '../../../platform/clock/clock';
import type { StatementSigner } from '../statement-signer';
import type { Ground } from './ground';
import type { NodeParts } from './node-parts';
import { encodeObserved } from './observed-bytes';
import type { Observation, Proposal } from './statements';
import { slotTicks } from './terms';
import type { VoteLock } from './vote-lock';

/** A publisher who does not hear everyone whom it expects proposes after this share of a slot. */
const COLLECT_SHARE = 0.3;

/** Signs what this signer sees, hears what others see, and lists it where it is this signer's turn to publish. */
export class Observing {
  private proposed = -Infinity;
  /** The cut for which there is no more waiting for observations. */
  private collected = -Infinity;
  private cancelCollect: CancelTimer | undefined;

  constructor(
    private readonly parts: NodeParts,
    private readonly ground: Ground,
    private readonly lock: VoteLock,
    private readonly made: (proposal: Proposal) => void,
  ) {}

  stop(): void {
    this.cancelCollect?.();
  }

  begin(cut: number, signer: StatementSigner): void {
    this.observe(cut, signer);
    this.cancelCollect?.();
    this.cancelCollect = this.parts.timers.arm(this.ground.termsOf(cut).cutEveryMs * COLLECT_SHARE, () => {
      this.collected = cut;
      this.propose(cut);
    });
  }

  /** What is wrong with an observation, in words. */
  hear(observation: Observation): string | undefined {
    const { chain } = this.parts;
    const { cut } = observation;
    if (!this.ground.isNear(cut)) return `about cut ${cut}, which is not now`;
    const seen = chain.observer(observation);
    if (typeof seen === 'string') return seen;
    if (!this.ground.isNew({ kind: 'observation', observation }, seen.signer)) return undefined;
    this.ground.slots.of(cut).observations.set(seen.signer, observation);
    this.propose(cut);
    return undefined;
  }

  /** What takes so long to sign that the slot has passed is not said. */
  private observe(cut: number, signer: StatementSigner): void {
    const { chain, statements, network, clock, observe } = this.parts;
    const { cut: previousCut, digest: previous } = chain.tip;
    const stated = this.lock.stated(previousCut, clock.now());
    const feeds = encodeObserved(observe(cut));
    const unsigned = { cut, terms: chain.eraOf(cut).digest, previousCut, previous, ...stated, feeds };
    signer.signThen(statements.observationMessage(unsigned), (signature) => {
      if (this.ground.stopped || cut !== this.ground.begun) return;
      const observation = { ...unsigned, signature };
      network.broadcast({ kind: 'observation', observation });
      this.hear(observation);
    });
  }

  /** Lists what was heard, where it is this signer's turn, and everyone was heard who is awaited, or the time is up. */
  private propose(cut: number): void {
    const { signer, chain, statements, network } = this.parts;
    const { ground } = this;
    const { terms, digest } = chain.eraOf(cut);
    const { observations } = ground.slots.of(cut);
    if (signer === undefined || cut !== ground.begun || cut <= this.proposed) return;
    if (observations.size < terms.threshold || chain.tip.cut >= cut || chain.publisherOf(cut) !== ground.self) return;
    if (cut !== this.collected && !this.awaited(cut).every((one) => observations.has(one))) return;
    // One who knows of a later cut is asked for it, and shows that nothing may be built upon this past.
    const listed = [...observations]
      .filter(([, { previousCut }]) => previousCut <= chain.tip.cut)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, observation]) => observation);
    if (listed.length < terms.threshold) return;
    this.proposed = cut;
    const { cut: previousCut, digest: previous } = chain.tip;
    const unsigned = { cut, terms: digest, previousCut, previous, observations: listed };
    signer.signThen(statements.proposalMessage(unsigned), (signature) => {
      if (ground.stopped || cut !== ground.begun) return;
      const proposal = { ...unsigned, signature };
      network.broadcast({ kind: 'proposal', proposal });
      this.made(proposal);
    });
  }

  /** Who was heard in the slot before. */
  private awaited(cut: number): readonly string[] {
    const terms = this.ground.termsOf(cut);
    const before = this.ground.slots.of(cut - slotTicks(terms)).observations;
    return terms.signers.filter((one) => before.size === 0 || before.has(one));
  }
}
