import type { Logger } from 'pino';
import type { CertifierState } from '../../oracle/certifying/certifier';
import type { Risk } from '../../oracle/risk/figures';
import { cutInstant } from '../../oracle/units/time';
import type { AlertLifecycle } from '../../outbound/alerts/lifecycle';
import type { Ledger } from '../../outbound/ledger/ledger';
import { Chain } from '../../outbound/signing/quorum/chain';
import { eraOf, openEra, type Era, type Eras } from '../../outbound/signing/quorum/eras';
import type { Statements } from '../../outbound/signing/quorum/statements';
import { decodeCertificate } from '../../outbound/signing/quorum/wire';
import { stateFromJson } from '../state-json';
import { AlertsOverEras } from './alerts-over-eras';
import type { QuorumCheckpoint } from './certified-entries';
import { termsOf, type QuorumSetting } from './quorum-setting';

/** A chain that continues where the ledger ends, and what goes with it. */
export interface RestoredQuorum {
  readonly chain: Chain;
  readonly alerts: AlertsOverEras;
  /** That stands, where the ledger still has it. */
  readonly risk: Risk | undefined;
  /** What this signer's own oracle can start from. */
  readonly localState: unknown;
}

/** The settings in order: the one in force, after the one before it where that is known. */
export type QuorumSettings = readonly [QuorumSetting, ...QuorumSetting[]];

/**
 * Continues by the newest checkpoint and the certificates after it, each by the terms of its era. What was certified
 * under terms that no setting has is history: the chain then begins anew. Throws where it may not, and where the ledger
 * is that of a process that signs alone.
 */
export async function restoreQuorum(
  settings: QuorumSettings,
  statements: Statements,
  ledger: Ledger,
  log: Pick<Logger, 'warn'>,
): Promise<RestoredQuorum> {
  const eras = settings.map((one) =>
    openEra(termsOf(one), one.configuration.plan, statements.keccak),
  ) as unknown as Eras;
  const start = await ledger.checkpoint();
  const saved = start?.checkpoint as Partial<QuorumCheckpoint> | undefined;
  if (saved !== undefined && saved.quorum === undefined) {
    throw new Error('this ledger is that of a process that signs alone: give --data a directory of its own');
  }
  const isOurs = eras.some(({ digest }) => saved?.quorum?.terms === Buffer.from(digest).toString('hex'));
  if (!isOurs) refuseUnknownPast(eras[0], settings[0]);
  if (!isOurs && saved !== undefined) {
    log.warn('what this ledger holds was certified under other terms: it is history, and every feed begins anew');
  }
  const quorum = isOurs ? saved?.quorum : undefined;
  const state = quorum && (stateFromJson(quorum.certifier) as CertifierState);
  const past = state && {
    tip: { ...quorum.tip, digest: Buffer.from(quorum.tip.digest, 'hex') },
    certified: { ...state, risk: { ...state.risk, models: await ledger.models() } },
  };
  const chain = new Chain({ statements, eras, ...(past && { past }) });
  const alerts = new AlertsOverEras(
    (cut) => (settings[eras.indexOf(eraOf(eras, cut))] ?? settings[0]).configuration,
    chain.tip.cut,
    quorum && (stateFromJson(saved?.alerts) as ReturnType<AlertLifecycle['state']>),
  );
  if (isOurs) {
    for await (const { cut, evidence } of ledger.read(start?.cut.number ?? -1)) {
      const fault = evidence === undefined ? 'it has no evidence' : chain.append(decodeCertificate(evidence));
      if (typeof fault === 'string') throw new Error(`cut ${cut.number} of the ledger does not follow: ${fault}`);
      alerts.evaluate(cut);
    }
  }
  const { riskCut } = chain.certifier;
  const risk = riskCut > 0 ? (await ledger.at(cutInstant(riskCut)))?.cut.risk : undefined;
  return { chain, alerts, risk, localState: isOurs ? saved?.local : undefined };
}

/** Terms that hold from some instant on go on from others, which are not begun beside them. */
function refuseUnknownPast({ terms }: Era, { quorum }: QuorumSetting): void {
  if (terms.from === 0) return;
  throw new Error(
    `quorum.yaml holds from ${new Date(quorum.effectiveFrom ?? 0).toISOString()} on, and the ledger has nothing that its ` +
      'terms go on from: name the configuration before with --config and this one with --next, or copy the data ' +
      'directory of a peer; a quorum that has certified nothing yet needs no effectiveFrom',
  );
}
