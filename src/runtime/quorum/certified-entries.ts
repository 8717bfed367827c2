import type { CertifiedCut } from '../../oracle/certifying/certifier';
import type { Risk } from '../../oracle/risk/figures';
import { MINUTE_MS, type EpochMs } from '../../oracle/units/time';
import type { AlertLifecycle } from '../../outbound/alerts/lifecycle';
import type { LedgerEntry } from '../../outbound/ledger/ledger';
import type { Chain } from '../../outbound/signing/quorum/chain';
import type { Era } from '../../outbound/signing/quorum/eras';
import type { Certificate } from '../../outbound/signing/quorum/statements';
import { encodeCertificate } from '../../outbound/signing/quorum/wire';
import { joinedVerdicts } from '../joined-verdicts';
import { stateToJson } from '../state-json';
import type { Seen } from './local-view';

/** What a restart continues from, as JSON: `restoreQuorum` reads it. */
export interface QuorumCheckpoint {
  readonly quorum: {
    readonly terms: string;
    readonly tip: { readonly cut: number; readonly digest: string; readonly observers: readonly string[] };
    readonly certifier: unknown;
  };
  readonly alerts: unknown;
  /** Of this signer's own oracle; absent for one that only follows. */
  readonly local?: unknown;
}

export interface EntryParts {
  readonly chain: Chain;
  readonly alerts: Pick<AlertLifecycle, 'evaluate' | 'state'>;
  /** What was seen here since the last cut; the verdicts and instructions of other signers are theirs to keep. */
  readonly seen: (cut: number) => Seen;
  /** What stood of risk as this process began. */
  readonly risk: Risk | undefined;
  readonly localState: (() => unknown) | undefined;
}

/** From certified cuts to ledger entries, with the evidence that recomputes them. */
export class CertifiedEntries {
  private sealedAt: EpochMs = -Infinity;
  private sealedEra: Era | undefined;

  constructor(private readonly parts: EntryParts) {}

  entry(certificate: Certificate, certified: CertifiedCut): LedgerEntry {
    const { chain, alerts, seen } = this.parts;
    const { verdicts, operator } = seen(certified.number);
    const told = this.sealedAt === -Infinity ? this.withStanding(certified) : certified;
    const cut = { ...told, verdicts: joinedVerdicts(verdicts) };
    const entry = {
      cut,
      signature: Buffer.concat(certificate.signatures),
      evidence: encodeCertificate(certificate),
      alerts: alerts.evaluate(cut),
      operator,
    };
    const era = chain.eraOf(cut.number);
    const isDue = era !== this.sealedEra || Math.floor(cut.at / MINUTE_MS) > Math.floor(this.sealedAt / MINUTE_MS);
    this.sealedAt = cut.at;
    this.sealedEra = era;
    return isDue ? { ...entry, checkpoint: this.checkpoint(), models: chain.certifier.saveModels() } : entry;
  }

  /** The first entry after a start repeats what has not changed: whoever reads from a checkpoint on may have missed it. */
  private withStanding(certified: CertifiedCut): CertifiedCut {
    const { chain, risk } = this.parts;
    return { ...(risk && { risk }), ...chain.certifier.withStanding(certified) };
  }

  private checkpoint(): QuorumCheckpoint {
    const { chain, alerts, localState } = this.parts;
    const { cut, digest, observers } = chain.tip;
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
    return {
      quorum: {
        terms: hex(chain.eraOf(cut).digest),
        tip: { cut, digest: hex(digest), observers },
        certifier: stateToJson(chain.certifier.checkpoint()),
      },
      alerts: stateToJson(alerts.state()),
      ...(localState === undefined ? {} : { local: localState() }),
    };
  }
}
