import type { Certificate } from './statements';

/** The certificates that this member has kept, for members who missed them. */
export interface CertificateHistory {
  /**
   * Certificates that follow a certified cut, in order, as many as fit into one answer; none where nothing kept follows
   * yet. Undefined where what follows the cut is not kept, or is not known to follow one of this digest.
   *
   * @param cut 0, with a digest of zeros, for what came first
   */
  after(cut: number, digest: Uint8Array): Promise<readonly Certificate[] | undefined>;
}

/** Certificates in one answer. */
export const MAX_AT_ONCE = 32;

/** Whether a certificate is upon a cut of this number and digest. */
export function follows({ proposal }: Certificate, cut: number, digest: Uint8Array): boolean {
  return proposal.previousCut === cut && Buffer.compare(proposal.previous, digest) === 0;
}
