import { loadKeccak } from '../../../platform/keccak';
import { proveTerms, publisherOf, termsHash, type QuorumTerms } from './terms';

const TERMS: QuorumTerms = {
  signers: ['0x1a', '0x2b', '0x3c', '0x4d', '0x5e'],
  threshold: 3,
  toleranceBps: 50,
  cutEveryMs: 200,
  epoch: 1,
  from: 0,
  configHash: new Uint8Array(32),
};

describe('the terms of a quorum', () => {
  it.each<[string, Partial<QuorumTerms>, string]>([
    ['a signer named twice', { signers: ['0x1a', '0x1a', '0x2b'] }, 'signer 0x1a stands twice'],
    ['a threshold that two halves could reach', { threshold: 2 }, 'threshold 2 is not within 3..5'],
    ['a threshold that nobody could reach', { threshold: 6 }, 'threshold 6 is not within 3..5'],
    ['a pace that is no whole number of ticks', { cutEveryMs: 25 }, 'cutEveryMs 25 is not a multiple of 10'],
    ['a beginning between two slots', { from: 30 }, 'the first cut, 30, is no slot'],
  ])('are refused with %s', (_what, change, message) => {
    expect(() => proveTerms({ ...TERMS, ...change })).toThrow(message);
  });

  it('have one hash, in which each of them counts', async () => {
    const keccak = await loadKeccak();
    const hash = (change: Partial<QuorumTerms>) =>
      Buffer.from(termsHash({ ...TERMS, ...change }, keccak)).toString('hex');
    const changes: Partial<QuorumTerms>[] = [
      {},
      { signers: TERMS.signers.slice(1) },
      { threshold: 4 },
      { toleranceBps: 51 },
      { cutEveryMs: 250 },
      { epoch: 2 },
      { from: 20 },
      { configHash: new Uint8Array(32).fill(1) },
    ];
    expect(new Set(changes.map(hash)).size).toBe(changes.length);
  });
});

describe('publisherOf', () => {
  const last = { cut: 20_000, observers: ['0x1a', '0x3c', '0x5e'] };
  const turns = (slots: number) =>
    Array.from({ length: slots }, (_, slot) => publisherOf(TERMS, 20_020 + slot * 20, last));

  it('gives those a turn who were heard in the last certified cut', () => {
    expect(new Set(turns(3))).toEqual(new Set(last.observers));
  });

  it('gives none to those who have no voice any more', () => {
    const left = { ...TERMS, signers: ['0x1a', '0x5e', '0x6f'] };
    const next = Array.from({ length: 2 }, (_, slot) => publisherOf(left, 20_020 + slot * 20, last));
    expect(new Set(next)).toEqual(new Set(['0x1a', '0x5e']));
  });

  it('gives everybody one when all of these let theirs pass', () => {
    expect(new Set(turns(8).slice(3))).toEqual(new Set(TERMS.signers));
  });

  it('begins with everybody', () => {
    expect(TERMS.signers).toContain(publisherOf(TERMS, 170_000_000_000, { cut: 0, observers: [] }));
  });
});
