import type { Ledger } from '../../outbound/ledger/ledger';
import { follows, MAX_AT_ONCE, type CertificateHistory } from '../../outbound/signing/quorum/certificate-history';
import type { Certificate } from '../../outbound/signing/quorum/statements';
import { decodeCertificate } from '../../outbound/signing/quorum/wire';

/** An answer that has grown to this is sent: a quarter of what a peer takes in one message. */
const ENOUGH_BYTES = 1_024 * 1_024;

/** Certificates as the evidence of ledger entries: as far back as the ledger retains, whichever process appended them. */
export class LedgerHistory implements CertificateHistory {
  constructor(private readonly ledger: Pick<Ledger, 'read'>) {}

  async after(cut: number, digest: Uint8Array): Promise<readonly Certificate[] | undefined> {
    const certificates: Certificate[] = [];
    let bytes = 0;
    for await (const { evidence } of this.ledger.read(cut)) {
      if (evidence === undefined) return undefined;
      const certificate = decodeCertificate(evidence);
      if (certificates.length === 0 && !follows(certificate, cut, digest)) return undefined;
      certificates.push(certificate);
      bytes += evidence.length;
      if (certificates.length === MAX_AT_ONCE || bytes >= ENOUGH_BYTES) break;
    }
    return certificates;
  }
}
