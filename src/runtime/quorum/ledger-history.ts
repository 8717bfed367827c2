import type { Ledger } from '../../outbound/ledger/ledger';
import { follows, MAX_AT_ONCE, type CertificateHistory } from '../../outbound/signing/quorum/certificate-history';
import type { Certificate } from '../../outbound/signing/quorum/statements';
import { decodeCertificate } from '../../outbound/signing/quorum/wire';

/** An answer that has grown to this is sent: a quarter of what a peer takes in one message. */
const ENOUGH_BYTES = 1_024 * 1_024;

/** Certificates as the evidence of ledger entries: as far back as the ledger retains, whichever process appended them. */
export class LedgerHistory implements CertificateHistory {
  /**
   * @param began the chain is what lies above this cut, and below it what other terms left; undefined for a chain that
   * began in an earlier process
   */
  constructor(
    private readonly ledger: Pick<Ledger, 'read'>,
    private began?: number,
  ) {}

  async after(cut: number, digest: Uint8Array): Promise<readonly Certificate[] | undefined> {
    const certificates: Certificate[] = [];
    let bytes = 0;
    const above = cut === 0 ? (this.began ??= await this.beginning()) : cut;
    for await (const { evidence } of this.ledger.read(above)) {
      if (evidence === undefined) return undefined;
      const certificate = decodeCertificate(evidence);
      if (certificates.length === 0 && !follows(certificate, cut, digest)) return undefined;
      certificates.push(certificate);
      bytes += evidence.length;
      if (certificates.length === MAX_AT_ONCE || bytes >= ENOUGH_BYTES) break;
    }
    return certificates;
  }

  /** Looked for once in a process, as all that is kept is read for it; 0 where the chain's first cut is forgotten. */
  private async beginning(): Promise<number> {
    let began = 0;
    for await (const { cut, evidence } of this.ledger.read(0)) {
      if (evidence !== undefined && decodeCertificate(evidence).proposal.previousCut === 0) began = cut.number - 1;
    }
    return began;
  }
}
