import fc from 'fast-check';
import { loadKeccak } from '../../platform/keccak';
import { addressOf } from './address';
import { developmentKey } from './development-key';
import { KeySigner } from './key-signer';
import { loadNative, loadNoble, loadSecp256k1 } from './secp256k1';

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const hex = (bytes: Uint8Array): `0x${string}` => `0x${Buffer.from(bytes).toString('hex')}`;
const GROUP_ORDER = Buffer.from('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141', 'hex');

describe(loadSecp256k1.name, () => {
  test('takes the native backend where its binary loads, as it does here', async () => {
    expect((await loadSecp256k1()).backend).toBe('native');
  });

  test('both backends write the same bytes: any key, any digest', async () => {
    const [native, noble] = await Promise.all([loadNative(), loadNoble()]);
    fc.assert(
      fc.property(bytes32, bytes32, (privateKey, digest) => {
        fc.pre(native.isPrivateKey(privateKey));
        expect(hex(noble.publicKey(privateKey))).toBe(hex(native.publicKey(privateKey)));
        expect(hex(noble.sign(digest, privateKey))).toBe(hex(native.sign(digest, privateKey)));
      }),
      { numRuns: 50 },
    );
  });

  test('both backends recover the key of a signature, and none from one that is not canonical', async () => {
    for (const curve of [await loadNative(), await loadNoble()]) {
      fc.assert(
        fc.property(bytes32, (digest) => {
          const signature = curve.sign(digest, developmentKey());
          expect(hex(curve.recover(digest, signature)!)).toBe(hex(curve.publicKey(developmentKey())));
          const s = BigInt(hex(GROUP_ORDER)) - BigInt(hex(signature.subarray(32, 64)));
          const malleated = signature.slice();
          malleated.set(Buffer.from(s.toString(16).padStart(64, '0'), 'hex'), 32);
          malleated[64] = 55 - signature[64]!;
          expect(curve.recover(digest, malleated)).toBeUndefined();
        }),
        { numRuns: 20 },
      );
      const digest = new Uint8Array(32).fill(1);
      for (const none of [new Uint8Array(65), new Uint8Array(64), new Uint8Array(0)]) {
        expect(curve.recover(digest, none)).toBeUndefined();
      }
      expect(curve.recover(new Uint8Array(31), curve.sign(digest, developmentKey()))).toBeUndefined();
    }
  });

  test.each([
    ['zero', new Uint8Array(32)],
    ['the group order', GROUP_ORDER],
    ['31 bytes', new Uint8Array(31).fill(1)],
    ['33 bytes', new Uint8Array(33).fill(1)],
  ])('both backends refuse %s as a key', async (_, privateKey) => {
    for (const curve of [await loadNative(), await loadNoble()]) expect(curve.isPrivateKey(privateKey)).toBe(false);
  });

  test('both backends refuse a digest that is not 32 bytes', async () => {
    for (const curve of [await loadNative(), await loadNoble()]) {
      expect(() => curve.sign(new Uint8Array(31), developmentKey())).toThrow(/32/);
    }
  });
});

describe(KeySigner.name, () => {
  test('what it signs, viem recovers to its address; s is the lower one', async () => {
    const viem = await import('viem');
    const signer = new KeySigner(developmentKey(), await loadSecp256k1(), await loadKeccak());
    const half = BigInt(hex(GROUP_ORDER)) / 2n;
    await fc.assert(
      fc.asyncProperty(bytes32, async (digest) => {
        const signature = signer.sign(digest);
        expect(signature).toHaveLength(65);
        expect([27, 28]).toContain(signature[64]);
        expect(BigInt(hex(signature.subarray(32, 64)))).toBeLessThanOrEqual(half);
        const recovered = await viem.recoverAddress({ hash: hex(digest), signature: hex(signature) });
        expect(recovered).toBe(signer.address);
      }),
      { numRuns: 20 },
    );
  });

  test('refuses what is no key without repeating it', async () => {
    const keccak = await loadKeccak();
    const curve = await loadSecp256k1();
    expect(() => new KeySigner(GROUP_ORDER, curve, keccak)).toThrow(/^these bytes are no secp256k1 private key/);
  });

  test('neither JSON nor an inspecting logger sees the key', async () => {
    const { inspect } = await import('node:util');
    const signer = new KeySigner(developmentKey(), await loadNoble(), await loadKeccak());
    const seen = JSON.stringify(signer) + inspect(signer, { showHidden: true, depth: 9 });
    expect(seen).toContain(signer.address);
    expect(seen).not.toMatch(/ac0974|ac, 09|172,\s+9,\s+116/i);
  });
});

describe(addressOf.name, () => {
  test('agrees with viem on address and checksum', async () => {
    const { privateKeyToAddress } = await import('viem/accounts');
    const [curve, keccak] = await Promise.all([loadNative(), loadKeccak()]);
    fc.assert(
      fc.property(bytes32, (privateKey) => {
        fc.pre(curve.isPrivateKey(privateKey));
        expect(addressOf(curve.publicKey(privateKey), keccak)).toBe(privateKeyToAddress(hex(privateKey)));
      }),
      { numRuns: 20 },
    );
  });
});
