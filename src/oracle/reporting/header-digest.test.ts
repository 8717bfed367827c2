import fc from 'fast-check';
import type { Header } from '../cut';
import { HeaderDigest } from './header-digest';
import type { Keccak } from './keccak';

let viem: typeof import('viem', { with: { 'resolution-mode': 'import' } });
let keccak: Keccak;
beforeAll(async () => {
  viem = await import('viem');
  keccak = (data) => viem.keccak256(data, 'bytes');
});

const toHex = (bytes: Uint8Array): `0x${string}` => `0x${Buffer.from(bytes).toString('hex')}`;

const TYPES = {
  Snapshot: [
    { name: 'cut', type: 'uint64' },
    { name: 'packedRoot', type: 'bytes32' },
    { name: 'signerEpoch', type: 'uint32' },
    { name: 'validUntil', type: 'uint64' },
    { name: 'evidence', type: 'Evidence' },
  ],
  Evidence: [
    { name: 'root', type: 'bytes32' },
    { name: 'riskRoot', type: 'bytes32' },
    { name: 'configHash', type: 'bytes32' },
  ],
} as const;

function byViem(network: string, header: Header): string {
  return viem.hashTypedData({
    domain: { name: 'Assay', version: '1', salt: viem.keccak256(viem.stringToBytes(network)) },
    types: TYPES,
    primaryType: 'Snapshot',
    message: {
      cut: BigInt(header.cut),
      packedRoot: toHex(header.packedRoot),
      signerEpoch: header.signerEpoch,
      validUntil: BigInt(header.validUntil),
      evidence: {
        root: toHex(header.root),
        riskRoot: toHex(header.riskRoot),
        configHash: toHex(header.configHash),
      },
    },
  });
}

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const arbitraryHeader: fc.Arbitrary<Header> = fc.record({
  cut: fc.maxSafeNat(),
  root: hash,
  riskRoot: hash,
  packedRoot: hash,
  configHash: hash,
  signerEpoch: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  validUntil: fc.maxSafeNat(),
});

describe(HeaderDigest.name, () => {
  test('is the digest any EIP-712 library computes, and nothing of one header stays for the next', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(arbitraryHeader, { minLength: 1 }), (network, headers) => {
        const digest = new HeaderDigest(network, keccak);
        for (const header of headers) expect(toHex(digest.of(header))).toBe(byViem(network, header));
      }),
      { numRuns: 30 },
    );
  });

  const zero = new Uint8Array(32);
  const HEADER: Header = {
    cut: 1,
    root: zero,
    riskRoot: zero,
    packedRoot: zero,
    configHash: zero,
    signerEpoch: 1,
    validUntil: 1,
  };

  test('is the hash of the message, which a signer elsewhere hashes for itself', () => {
    const digest = new HeaderDigest('assay-local', keccak);
    const message = digest.messageOf(HEADER);
    const kept = toHex(message);
    expect(toHex(keccak(message))).toBe(toHex(digest.of(HEADER)));
    digest.messageOf({ ...HEADER, cut: 2 });
    expect(toHex(message)).toBe(kept);
  });

  test('networks share no digest', () => {
    const digest = (network: string): string => toHex(new HeaderDigest(network, keccak).of(HEADER));
    expect(digest('assay-local')).not.toBe(digest('assay-main'));
  });

  test.each<[string, Partial<Header>, RegExp]>([
    ['a fractional validUntil', { validUntil: 1.5 }, /1\.5 is not a whole number/],
    ['a negative cut', { cut: -1 }, /-1 is not a whole number/],
    ['an epoch beyond uint32', { signerEpoch: 2 ** 32 }, /4 bytes/],
    ['a root of 31 bytes', { root: zero.slice(1) }, /31 bytes, not 32/],
    ['a packed root of 33 bytes', { packedRoot: new Uint8Array(33) }, /33 bytes, not 32/],
  ])('refuses %s, which would be signed as something else', (_, change, message) => {
    expect(() => new HeaderDigest('assay-local', keccak).of({ ...HEADER, ...change })).toThrow(message);
  });
});
