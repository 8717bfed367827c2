import { follows, MAX_AT_ONCE, type CertificateHistory } from '../../src/outbound/signing/quorum/certificate-history';
import type { Certificate } from '../../src/outbound/signing/quorum/statements';

/** The fake of the port: certificates as they were added, or the newest `capacity` of them. */
export class MemoryHistory implements CertificateHistory {
  private certificates: Certificate[] = [];

  constructor(private readonly capacity = Infinity) {}

  add(certificate: Certificate): void {
    this.certificates.push(certificate);
    if (this.certificates.length > this.capacity) this.certificates.shift();
  }

  forgetBelow(cut: number): void {
    this.certificates = this.certificates.filter(({ proposal }) => proposal.cut >= cut);
  }

  async after(cut: number, digest: Uint8Array): Promise<readonly Certificate[] | undefined> {
    const from = this.certificates.findIndex(({ proposal }) => proposal.cut > cut);
    const first = this.certificates[from];
    if (first === undefined) return [];
    return follows(first, cut, digest) ? this.certificates.slice(from, from + MAX_AT_ONCE) : undefined;
  }
}
