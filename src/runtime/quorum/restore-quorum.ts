import { Certifier, type CertifierState } from '../../oracle/certifying/certifier';
import { AlertLifecycle } from '../../outbound/alerts/lifecycle';
import { alertRules } from '../../outbound/alerts/rules/all-rules';
import type { Ledger } from '../../outbound/ledger/ledger';
import { Chain } from '../../outbound/signing/quorum/chain';
import type { Statements } from '../../outbound/signing/quorum/statements';
import { proveTerms, termsHash, type QuorumTerms } from '../../outbound/signing/quorum/terms';
import { decodeCertificate } from '../../outbound/signing/quorum/wire';
import { configHashBytes, type Configuration } from '../../platform/config/configuration';
import type { QuorumConfiguration } from '../../platform/config/quorum';
import { stateFromJson } from '../state-json';
import type { QuorumCheckpoint } from './certified-entries';

/** A chain that continues where the ledger ends, and what goes with it. */
export interface RestoredQuorum {
  readonly chain: Chain;
  readonly certifier: Certifier;
  readonly alerts: AlertLifecycle;
  /** What this signer's own oracle can start from. */
  readonly localState: unknown;
}

export function termsOf(configuration: Configuration, quorum: QuorumConfiguration): QuorumTerms {
  const { threshold, toleranceBps, cutEveryMs } = quorum;
  const terms = {
    signers: quorum.signers.map(({ address }) => address).sort(),
    threshold,
    toleranceBps,
    cutEveryMs,
    epoch: configuration.service.signer.epoch,
    configHash: configHashBytes(configuration),
  };
  proveTerms(terms);
  return terms;
}

/**
 * Continues by the newest checkpoint and the certificates after it. What was certified under other terms is history:
 * the chain then begins anew. Throws where the ledger is that of a process that signs alone.
 */
export async function restoreQuorum(
  configuration: Configuration,
  terms: QuorumTerms,
  statements: Statements,
  ledger: Ledger,
): Promise<RestoredQuorum> {
  const { plan } = configuration;
  const start = await ledger.checkpoint();
  const saved = start?.checkpoint as Partial<QuorumCheckpoint> | undefined;
  if (saved !== undefined && saved.quorum === undefined) {
    throw new Error('this ledger is that of a process that signs alone: give --data a directory of its own');
  }
  const isOurs = saved?.quorum?.terms === Buffer.from(termsHash(terms, statements.keccak)).toString('hex');
  const quorum = isOurs ? saved.quorum : undefined;
  const state = quorum && (stateFromJson(quorum.certifier) as CertifierState);
  const tip = quorum && { ...quorum.tip, digest: Buffer.from(quorum.tip.digest, 'hex') };

  const { configHash, epoch: signerEpoch } = terms;
  const options = { keccak: statements.keccak, configHash, signerEpoch, rules: terms };
  const certifier = new Certifier(plan, options, state);
  const chain = new Chain({ certifier, statements, terms, feeds: plan.feeds.length, ...(tip && { tip }) });
  const alerts = new AlertLifecycle(
    plan,
    alertRules(configuration.alerts.rules),
    quorum && (stateFromJson(saved?.alerts) as ReturnType<AlertLifecycle['state']>),
  );
  if (isOurs) {
    for await (const { cut, evidence } of ledger.read(start?.cut.number ?? -1)) {
      const fault = evidence === undefined ? 'it has no evidence' : chain.append(decodeCertificate(evidence));
      if (typeof fault === 'string') throw new Error(`cut ${cut.number} of the ledger does not follow: ${fault}`);
      alerts.evaluate(cut);
    }
  }
  return { chain, certifier, alerts, localState: isOurs ? saved.local : undefined };
}
