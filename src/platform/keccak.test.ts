import fc from 'fast-check';
import { loadKeccak } from './keccak';

describe(loadKeccak.name, () => {
  test('the empty string hashes as in Ethereum, not as in SHA3-256', async () => {
    const keccak = await loadKeccak();
    const empty = 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470';
    expect(Buffer.from(keccak(new Uint8Array())).toString('hex')).toBe(empty);
  });

  test('agrees with viem, across block lengths and on views into larger buffers, and returns fresh bytes', async () => {
    const { keccak256 } = await import('viem');
    const keccak = await loadKeccak();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(20), (data, offset) => {
        const view = data.subarray(offset);
        const first = keccak(view);
        keccak(Uint8Array.of(1));
        expect(first).toEqual(keccak256(view, 'bytes'));
      }),
    );
  });
});
