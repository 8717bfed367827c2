import { MAX_AT_ONCE, type CertificateHistory } from '../../src/outbound/signing/quorum/certificate-history';
import type { Certificate } from '../../src/outbound/signing/quorum/statements';
import { certificateUpon, digestOf } from '../support/certificates';

export interface KeptCertificates {
  readonly history: CertificateHistory;
  keep(certificate: Certificate): Promise<void> | void;
  /** Keeps those of this cut and above alone. */
  forgetBelow(cut: number): Promise<void> | void;
  close(): Promise<void> | void;
}

/** The words of the port, held against an implementation that `open` creates empty. */
export function describeHistoryContract(name: string, open: () => KeptCertificates | Promise<KeptCertificates>): void {
  describe(name, () => {
    let kept: KeptCertificates;
    beforeEach(async () => {
      kept = await open();
    });
    afterEach(() => kept.close());

    const keep = async (...cuts: number[]): Promise<void> => {
      let last = 0;
      for (const cut of cuts) {
        await kept.keep(certificateUpon(last, cut));
        last = cut;
      }
    };
    const after = async (cut: number, digest = digestOf(cut)): Promise<number[] | undefined> =>
      (await kept.history.after(cut, digest))?.map(({ proposal }) => proposal.cut);

    test('has nothing to add where nothing is kept', async () => {
      expect(await after(0)).toEqual([]);
    });

    test('gives what follows a cut, from the first on, in order and to the byte', async () => {
      await keep(100, 120, 160, 180);
      expect(await after(0)).toEqual([100, 120, 160, 180]);
      expect(await after(120)).toEqual([160, 180]);
      expect(await after(180)).toEqual([]);
      expect(await kept.history.after(160, digestOf(160))).toEqual([certificateUpon(160, 180)]);
    });

    test('gives as many as an answer takes, and the rest to one who asks on', async () => {
      const cuts = Array.from({ length: 3 * MAX_AT_ONCE + 5 }, (_, index) => 100 + 20 * index);
      await keep(...cuts);
      const given: number[] = [];
      const lengths: number[] = [];
      for (let next = await after(0); next !== undefined && next.length > 0; next = await after(given.at(-1)!)) {
        given.push(...next);
        lengths.push(next.length);
      }
      expect(given).toEqual(cuts);
      expect(lengths).toEqual([MAX_AT_ONCE, MAX_AT_ONCE, MAX_AT_ONCE, 5]);
    });

    test.each([
      ['a cut that was never certified here', 140, digestOf(140)],
      ['another cut of that number', 120, digestOf(121)],
      ['an empty past that was not', 0, digestOf(1)],
    ])('knows nothing that follows %s', async (_what, cut, digest) => {
      await keep(100, 120, 160);
      expect(await after(cut, digest)).toBeUndefined();
    });

    test('knows nothing that follows what lies before all that it has kept', async () => {
      await keep(100, 120, 160, 180);
      await kept.forgetBelow(160);
      expect(await after(0)).toBeUndefined();
      expect(await after(100)).toBeUndefined();
      expect(await after(120)).toEqual([160, 180]);
    });
  });
}
