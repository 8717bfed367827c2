import type { CertifiedCut, Certifier } from '../../../oracle/certifying/certifier';
import type { ObservedFeed } from '../../../oracle/certifying/observed-feed';
import type { Header } from '../../../oracle/cut';
import { decodeObserved } from './observed-bytes';
import type { Certificate, Observation, Proposal, Statements } from './statements';
import { publisherOf, slotTicks, termsHash, type QuorumTerms } from './terms';

const NOTHING = new Uint8Array(32);

/** Where a chain of certified cuts ends. */
export interface ChainTip {
  readonly cut: number;
  /** Digest of the cut's header; zeros before the first. */
  readonly digest: Uint8Array;
  /** Who was heard in it. */
  readonly observers: readonly string[];
}

export interface ChainParts {
  readonly certifier: Certifier;
  readonly statements: Statements;
  readonly terms: QuorumTerms;
  /** How many feeds an observation has. */
  readonly feeds: number;
  /** Where the certifier's past ends, after a restart. */
  readonly tip?: ChainTip;
}

/** The certified cuts, each of which names the one before; and the judgement of what may follow. */
export class Chain {
  readonly terms: Uint8Array;
  private end: ChainTip;
  private drafted: { readonly proposal: Proposal; readonly cut: CertifiedCut } | undefined;

  constructor(private readonly parts: ChainParts) {
    this.terms = termsHash(parts.terms, parts.statements.keccak);
    this.end = parts.tip ?? { cut: 0, digest: NOTHING, observers: [] };
  }

  get tip(): ChainTip {
    return this.end;
  }

  publisherOf(cut: number): string {
    return publisherOf(this.parts.terms, cut, this.end);
  }

  /** What is wrong with an observation, in words, or who made it and of what. */
  observer(observation: Observation): { readonly signer: string; readonly feeds: readonly ObservedFeed[] } | string {
    const { statements, terms, feeds } = this.parts;
    if (!same(observation.terms, this.terms)) return 'made under other terms';
    const signer = statements.signerOf(statements.observation(observation), observation.signature);
    if (signer === undefined || !terms.signers.includes(signer)) return `signed by ${signer ?? 'nobody'}`;
    const observed = decodeObserved(observation.feeds, feeds);
    return typeof observed === 'string' ? observed : { signer, feeds: observed };
  }

  /** The header that follows from a proposal, or in words why none does. Changes nothing. */
  draft(proposal: Proposal): Header | string {
    if (this.drafted?.proposal === proposal) return this.drafted.cut.header;
    const { statements, certifier, terms } = this.parts;
    if (!same(proposal.terms, this.terms)) return 'made under other terms';
    if (proposal.previousCut !== this.end.cut || !same(proposal.previous, this.end.digest)) return 'upon another past';
    if (proposal.cut <= this.end.cut || proposal.cut % slotTicks(terms) !== 0) return `cut ${proposal.cut} is no slot`;
    const publisher = statements.signerOf(statements.proposal(proposal), proposal.signature);
    if (publisher !== this.publisherOf(proposal.cut)) return `it is not the turn of ${publisher ?? 'nobody'}`;
    const listed = this.listed(proposal);
    if (typeof listed === 'string') return listed;
    this.drafted = { proposal, cut: certifier.draft(proposal.cut, listed) };
    return this.drafted.cut.header;
  }

  /** Continues by a certified cut, which is returned; or in words why it does not follow. */
  append(certificate: Certificate): CertifiedCut | string {
    const { statements, terms, certifier } = this.parts;
    const header = this.draft(certificate.proposal);
    if (typeof header === 'string') return header;
    const digest = statements.header(header);
    const signers = certificate.signatures.map((signature) => statements.signerOf(digest, signature));
    const isQuorum = signers.length === terms.threshold && isAscending(signers);
    if (!isQuorum || signers.some((signer) => signer === undefined || !terms.signers.includes(signer))) {
      return 'its signatures are not those of a quorum under what follows from its observations';
    }
    const observers = certificate.proposal.observations.map((one) => this.signerOf(one));
    const cut = certifier.commit();
    this.drafted = undefined;
    this.end = { cut: cut.number, digest, observers };
    return cut;
  }

  private listed({ cut, previousCut, observations }: Proposal): readonly (readonly ObservedFeed[])[] | string {
    if (observations.length < this.parts.terms.threshold) return `${observations.length} observations are no quorum`;
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

  private signerOf(observation: Observation): string {
    const { statements } = this.parts;
    return statements.signerOf(statements.observation(observation), observation.signature) ?? '';
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function isAscending(names: readonly (string | undefined)[]): boolean {
  return names.every((name, index) => index === 0 || (name ?? '') > (names[index - 1] ?? ''));
}
