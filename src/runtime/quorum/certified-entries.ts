import type { CertifiedCut, Certifier } from '../../oracle/certifying/certifier';
import { MINUTE_MS, type EpochMs } from '../../oracle/units/time';
import type { AlertLifecycle } from '../../outbound/alerts/lifecycle';
import type { LedgerEntry } from '../../outbound/ledger/ledger';
import type { Chain } from '../../outbound/signing/quorum/chain';
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
  readonly certifier: Certifier;
  readonly alerts: AlertLifecycle;
  /** What was seen here since the last cut; the verdicts and instructions of other signers are theirs to keep. */
  readonly seen: () => Seen;
  readonly localState: (() => unknown) | undefined;
}

/** From certified cuts to ledger entries, with the evidence that recomputes them. */
export class CertifiedEntries {
  private sealedAt: EpochMs = -Infinity;

  constructor(private readonly parts: EntryParts) {}

  entry(certificate: Certificate, certified: CertifiedCut): LedgerEntry {
    const { alerts, seen } = this.parts;
    const { verdicts, operator } = seen();
    const cut = { ...certified, verdicts: joinedVerdicts(verdicts) };
    const entry = {
      cut,
      signature: Buffer.concat(certificate.signatures),
      evidence: encodeCertificate(certificate),
      alerts: alerts.evaluate(cut),
      operator,
    };
    const isDue = Math.floor(cut.at / MINUTE_MS) > Math.floor(this.sealedAt / MINUTE_MS);
    this.sealedAt = cut.at;
    return isDue ? { ...entry, checkpoint: this.checkpoint() } : entry;
  }

  private checkpoint(): QuorumCheckpoint {
    const { chain, certifier, alerts, localState } = this.parts;
    const { cut, digest, observers } = chain.tip;
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
    return {
      quorum: {
        terms: hex(chain.terms),
        tip: { cut, digest: hex(digest), observers },
        certifier: stateToJson(certifier.state()),
      },
      alerts: stateToJson(alerts.state()),
      ...(localState === undefined ? {} : { local: localState() }),
    };
  }
}
