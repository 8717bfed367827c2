import type { CertifiedCut, Certifier, CertifierState } from '../../../oracle/certifying/certifier';
import type { ObservedFeed } from '../../../oracle/certifying/observed-feed';
import type { Header } from '../../../oracle/cut';
import { eraOf, mayBegin, type Era, type Eras } from './eras';
import { decodeObserved } from './observed-bytes';
import type { Certificate, Observation, Proposal, Statements } from './statements';
import { publisherOf, slotTicks } from './terms';

const NOTHING = new Uint8Array(32);

/** Where a chain of certified cuts ends. */
export interface ChainTip {
  readonly cut: number;
  /** Digest of the cut's header; zeros before the first. */
  readonly digest: Uint8Array;
  /** Who was heard in it. */
  readonly observers: readonly string[];
}

/** What a chain goes on from. */
export interface ChainPast {
  readonly tip: ChainTip;
  /** As of the tip. */
  readonly certified: CertifierState;
}

export interface ChainParts {
  readonly statements: Statements;
  readonly eras: Eras;
  /** After a restart. */
  readonly past?: ChainPast;
}

/** The certified cuts, each of which names the one before; and the judgement of what may follow. */
export class Chain {
  private end: ChainTip;
  /** Of the era of the tip. */
  private current: Certifier;
  /** Of the next era, as of the tip, once a cut of that was drafted. */
  private next: Certifier | undefined;
  private drafted: { readonly proposal: Proposal; readonly cut: CertifiedCut } | undefined;

  constructor(private readonly parts: ChainParts) {
    this.end = parts.past?.tip ?? { cut: 0, digest: NOTHING, observers: [] };
    this.current = this.eraOf(this.end.cut).certifier(parts.past?.certified);
  }

  get eras(): Eras {
    return this.parts.eras;
  }

  /** What holds for a cut. */
  eraOf(cut: number): Era {
    return eraOf(this.parts.eras, cut);
  }

  /** That of the tip's era, as of the tip. */
  get certifier(): Certifier {
    return this.current;
  }

  get tip(): ChainTip {
    return this.end;
  }

  publisherOf(cut: number): string {
    return publisherOf(this.eraOf(cut).terms, cut, this.end);
  }

  /** What is wrong with an observation, in words, or who made it and of what. */
  observer(observation: Observation): { readonly signer: string; readonly feeds: readonly ObservedFeed[] } | string {
    const { terms, digest, feeds } = this.eraOf(observation.cut);
    if (!same(observation.terms, digest)) return 'made under other terms';
    const signer = this.parts.statements.observer(observation);
    if (signer === undefined || !terms.signers.includes(signer)) return `signed by ${signer ?? 'nobody'}`;
    const observed = decodeObserved(observation.feeds, feeds);
    return typeof observed === 'string' ? observed : { signer, feeds: observed };
  }

  /** The header that follows from a proposal, or in words why none does. Changes nothing. */
  draft(proposal: Proposal): Header | string {
    if (this.drafted?.proposal === proposal) return this.drafted.cut.header;
    const { statements } = this.parts;
    const era = this.eraOf(proposal.cut);
    if (!same(proposal.terms, era.digest)) return 'made under other terms';
    if (proposal.previousCut !== this.end.cut || !same(proposal.previous, this.end.digest)) return 'upon another past';
    if (proposal.cut <= this.end.cut || proposal.cut % slotTicks(era.terms) !== 0) {
      return `cut ${proposal.cut} is no slot`;
    }
    const fault = this.entryFault(era, proposal.cut);
    if (fault !== undefined) return fault;
    const publisher = statements.signerOf(statements.proposal(proposal), proposal.signature);
    if (publisher !== this.publisherOf(proposal.cut)) return `it is not the turn of ${publisher ?? 'nobody'}`;
    const listed = this.listed(proposal, era);
    if (typeof listed === 'string') return listed;
    this.drafted = { proposal, cut: this.certifierOf(era).draft(proposal.cut, listed) };
    return this.drafted.cut.header;
  }

  /** Continues by a certified cut, which is returned; or in words why it does not follow. */
  append(certificate: Certificate): CertifiedCut | string {
    const { statements } = this.parts;
    const header = this.draft(certificate.proposal);
    if (typeof header === 'string') return header;
    const { terms } = this.eraOf(header.cut);
    const digest = statements.header(header);
    const signers = certificate.signatures.map((signature) => statements.signerOf(digest, signature));
    const isQuorum = signers.length === terms.threshold && isAscending(signers);
    if (!isQuorum || signers.some((signer) => signer === undefined || !terms.signers.includes(signer))) {
      return 'its signatures are not those of a quorum under what follows from its observations';
    }
    const observers = certificate.proposal.observations.map((one) => statements.observer(one) ?? '');
    this.current = this.certifierOf(this.eraOf(header.cut));
    const cut = this.current.commit();
    this.drafted = undefined;
    this.next = undefined;
    this.end = { cut: cut.number, digest, observers };
    return cut;
  }

  /** Why an era cannot begin, or be begun, by a cut upon the tip. */
  private entryFault(era: Era, cut: number): string | undefined {
    if (this.end.cut === 0) return era.terms.from > 0 ? 'what its terms go on from is not known here' : undefined;
    const before = this.eraOf(this.end.cut);
    if (before === era || mayBegin(era, cut, before, this.end.cut)) return undefined;
    return 'a cut of the era before may still be certified';
  }

  private certifierOf(era: Era): Certifier {
    if (era === this.eraOf(this.end.cut)) return this.current;
    this.next ??= era.certifier(this.current.state());
    return this.next;
  }

  private listed(
    { cut, previousCut, observations }: Proposal,
    { terms }: Era,
  ): readonly (readonly ObservedFeed[])[] | string {
    if (observations.length < terms.threshold) return `${observations.length} observations are no quorum`;
    const listed: (readonly ObservedFeed[])[] = [];
    const signers: string[] = [];
    for (const observation of observations) {
      const seen = this.observer(observation);
      if (typeof seen === 'string') return `an observation in it is no good: ${seen}`;
      if (observation.cut !== cut) return `an observation in it is of cut ${observation.cut}`;
      if (observation.previousCut > previousCut) return `an observer knows of cut ${observation.previousCut}`;
      listed.push(seen.feeds);
      signers.push(seen.signer);
    }
    return isAscending(signers) ? listed : 'its observations are not in ascending order of their signers';
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function isAscending(names: readonly (string | undefined)[]): boolean {
  return names.every((name, index) => index === 0 || (name ?? '') > (names[index - 1] ?? ''));
}
