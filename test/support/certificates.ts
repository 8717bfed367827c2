import type { Certificate } from '../../src/outbound/signing/quorum/statements';

/** The bytes that stand for the digest of a cut's header. */
export function digestOf(cut: number): Uint8Array {
  return new Uint8Array(32).fill(cut === 0 ? 0 : 1 + (cut % 255));
}

/** A certificate that nobody signed, upon another: enough for those who keep and hand on without judging. */
export function certificateUpon(previousCut: number, cut: number, feeds = new Uint8Array(8)): Certificate {
  const signature = new Uint8Array(65).fill(7);
  const terms = new Uint8Array(32).fill(8);
  const said = { cut, terms, previousCut, previous: digestOf(previousCut), signature };
  const hash = new Uint8Array(32).fill(9);
  const hashes = { root: hash, riskRoot: hash, packedRoot: hash, configHash: hash };
  return {
    proposal: { ...said, observations: [{ ...said, votedCut: 0, voted: new Uint8Array(32), feeds }] },
    header: { cut, ...hashes, signerEpoch: 1, validUntil: cut * 10 + 3_000 },
    signatures: [signature],
  };
}
