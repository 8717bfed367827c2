import type { Ground } from './ground';
import type { NodeParts } from './node-parts';
import type { Certificate, Vote } from './statements';
import { slotTicks } from './terms';

/** Hears votes, puts certificates together by them, and continues the chain. */
export class Certifying {
  constructor(
    private readonly parts: NodeParts,
    private readonly ground: Ground,
    /** The chain has grown. */
    private readonly continued: () => void,
  ) {}

  /** What is wrong with a vote, in words. */
  hear(vote: Vote): string | undefined {
    const { statements, chain } = this.parts;
    const { ground } = this;
    const { cut } = vote.header;
    if (cut <= chain.tip.cut && cut < ground.currentCut() - slotTicks(ground.termsOf(cut))) return undefined;
    if (!ground.isRecent(cut)) return `about cut ${cut}, which is not now`;
    const signer = statements.signerOf(statements.header(vote.header), vote.signature);
    if (signer === undefined || !ground.isOfSet(signer, cut)) return `signed by ${signer ?? 'nobody'}`;
    if (!ground.isNew({ kind: 'vote', vote }, signer)) return undefined;
    ground.slots.of(cut).votes.set(signer, vote);
    this.certify(cut);
    this.confront(signer, vote);
    return undefined;
  }

  /** Continues by a cut that enough have signed. */
  certify(cut: number): void {
    const { chain, statements } = this.parts;
    const { threshold } = this.ground.termsOf(cut);
    const { proposal, votes } = this.ground.slots.of(cut);
    if (cut <= chain.tip.cut || proposal === undefined || votes.size < threshold) return;
    const header = chain.draft(proposal);
    if (typeof header === 'string') return;
    const digest = statements.header(header);
    const agreeing = [...votes].filter(([, vote]) => Buffer.compare(statements.header(vote.header), digest) === 0);
    if (agreeing.length < threshold) return;
    const chosen = agreeing.slice(0, threshold).sort(([a], [b]) => (a < b ? -1 : 1));
    this.append({ proposal, header, signatures: chosen.map(([, vote]) => vote.signature) });
  }

  /** Continues by what another put together; why not, in words. What is known already is passed over. */
  take(certificates: readonly Certificate[]): string | undefined {
    for (const certificate of certificates) {
      if (certificate.proposal.cut <= this.parts.chain.tip.cut) continue;
      const fault = this.append(certificate);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  private append(certificate: Certificate): string | undefined {
    const { chain, outlets } = this.parts;
    const before = chain.tip.cut;
    const cut = chain.append(certificate);
    if (typeof cut === 'string') return cut;
    for (const gap of this.ground.slots.gaps(before, cut.number, chain.eras)) outlets.gap(gap);
    outlets.certified(certificate, cut);
    this.continued();
    return undefined;
  }

  /** Shows one who signed something else what was proposed here: a publisher who proposed both is so found out. */
  private confront(signer: string, vote: Vote): void {
    const { statements, network } = this.parts;
    const { proposal, votes } = this.ground.slots.of(vote.header.cut);
    const own = votes.get(this.ground.self ?? '');
    if (proposal === undefined || own === undefined) return;
    if (Buffer.compare(statements.header(own.header), statements.header(vote.header)) === 0) return;
    network.send(signer, { kind: 'proposal', proposal });
  }
}
