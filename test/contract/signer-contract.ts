import type { Keccak } from '../../src/oracle/reporting/keccak';
import { addressOf } from '../../src/outbound/signing/address';
import { KeySigner } from '../../src/outbound/signing/key-signer';
import { loadSecp256k1 } from '../../src/outbound/signing/secp256k1';
import type { AnySigner } from '../../src/outbound/signing/signer';
import { statementSigner } from '../../src/outbound/signing/statement-signer';
import { loadKeccak } from '../../src/platform/keccak';

/** What every signer must do for those who have its statements signed, wherever its key is. */
export function describeSigner(
  name: string,
  make: (privateKey: Uint8Array) => Promise<AnySigner>,
  key: Uint8Array,
): void {
  describe(`${name}, as a signer`, () => {
    let keccak: Keccak;
    let signer: AnySigner;
    beforeAll(async () => {
      keccak = await loadKeccak();
      signer = await make(key);
    });

    const signed = (message: Uint8Array): Promise<Uint8Array> =>
      new Promise((resolve, reject) => {
        const outcomes = { signed: () => undefined, failed: reject };
        statementSigner(signer, keccak, outcomes).signThen(message, resolve);
      });

    it.each([
      ['a typed message', new Uint8Array(66).fill(0x19)],
      ['one byte', Uint8Array.of(7)],
      ['what looks like a digest', new Uint8Array(32).fill(0xab)],
    ])('signs the hash of %s, to the byte as the key itself does', async (_what, message) => {
      const curve = await loadSecp256k1();
      const signature = await signed(message);
      expect(signature).toHaveLength(65);
      expect([27, 28]).toContain(signature[64]);
      expect(Buffer.from(signature)).toEqual(Buffer.from(curve.sign(keccak(message), key)));
      expect(addressOf(curve.recover(keccak(message), signature)!, keccak)).toBe(signer.address);
    });

    it('has the address of its key, checksummed', async () => {
      expect(signer.address).toBe(new KeySigner(key, await loadSecp256k1(), keccak).address);
    });

    it('signs messages that are given at once, each its own', async () => {
      const curve = await loadSecp256k1();
      const messages = Array.from({ length: 20 }, (_, index) => new Uint8Array(66).fill(index));
      const signatures = await Promise.all(messages.map(signed));
      for (const [index, message] of messages.entries()) {
        expect(Buffer.from(signatures[index]!)).toEqual(Buffer.from(curve.sign(keccak(message), key)));
      }
    });
  });
}
