import { Certifier, type CertifierState } from '../../../oracle/certifying/certifier';
import type { OraclePlan } from '../../../oracle/plan';
import type { Keccak } from '../../../oracle/reporting/keccak';
import { cutInstant } from '../../../oracle/units/time';
import { slotTicks, termsHash, type QuorumTerms } from './terms';

/** What holds from one cut on, until another era begins: terms, and what is published under them. */
export interface Era {
  readonly terms: QuorumTerms;
  /** `termsHash` */
  readonly digest: Uint8Array;
  /** How many feeds an observation has. */
  readonly feeds: number;
  /** How long after its instant a cut runs out. */
  readonly validForMs: number;
  /** Goes on from what was certified before, in this era or in the one before; undefined: from nothing. */
  readonly certifier: (past: CertifierState | undefined) => Certifier;
}

/** In order. Those that a process knows: the one in force, and the one before or the next. */
export type Eras = readonly [Era, ...Era[]];

export function openEra(terms: QuorumTerms, plan: OraclePlan, keccak: Keccak): Era {
  const { configHash, epoch: signerEpoch } = terms;
  const options = { keccak, configHash, signerEpoch, rules: terms };
  return {
    terms,
    digest: termsHash(terms, keccak),
    feeds: plan.feeds.length,
    validForMs: plan.cuts.validForMs,
    certifier: (past) => new Certifier(plan, options, past),
  };
}

/** The era of a cut; the first, of those before it. */
export function eraOf(eras: Eras, cut: number): Era {
  return eras.findLast(({ terms }) => terms.from <= cut) ?? eras[0];
}

/**
 * Whether a cut may be the first of an era upon one of the era before: that is the last there can be; or each quorum of
 * the one era has a signer in each of the other, who knows what it signed; or whatever else was signed has run out.
 */
export function mayBegin({ terms }: Era, cut: number, before: Era, previousCut: number): boolean {
  const last = terms.from - slotTicks(before.terms);
  const all = new Set([...before.terms.signers, ...terms.signers]);
  const quorumsMeet = before.terms.threshold + terms.threshold > all.size;
  return previousCut === last || quorumsMeet || cutInstant(cut) > cutInstant(last) + before.validForMs;
}
