import { proveSuccession } from './succession';
import type { QuorumTerms } from './terms';

const BEFORE: QuorumTerms = {
  signers: ['0x1a', '0x2b', '0x3c'],
  threshold: 2,
  toleranceBps: 50,
  cutEveryMs: 200,
  epoch: 4,
  from: 20_000,
  configHash: new Uint8Array(32),
};
const NEXT: QuorumTerms = { ...BEFORE, from: 40_000, configHash: new Uint8Array(32).fill(1) };

describe('proveSuccession', () => {
  it.each<[string, Partial<QuorumTerms>]>([
    ['another plan', {}],
    ['another pace', { cutEveryMs: 400, configHash: BEFORE.configHash }],
    ['another tolerance', { toleranceBps: 60, configHash: BEFORE.configHash }],
    ['another set of the next epoch', { signers: ['0x1a', '0x2b', '0x4d'], epoch: 5 }],
    ['the same set of a later epoch', { epoch: 6, configHash: BEFORE.configHash }],
  ])('lets a quorum go over to %s', (_what, change) => {
    expect(() => proveSuccession(BEFORE, { ...NEXT, ...change })).not.toThrow();
  });

  it.each<[string, Partial<QuorumTerms>, string]>([
    ['no instant', { from: 0 }, 'its quorum.yaml says no effectiveFrom'],
    ['an instant that is not later', { from: 20_000 }, 'is not after that of --config'],
    [
      'an instant between two slots of before',
      { from: 40_010 },
      'effectiveFrom 1970-01-01T00:06:40.100Z is no slot of --config',
    ],
    ['an earlier epoch', { epoch: 3 }, 'its signer.epoch 3 is below 4'],
    [
      'another signer of the same epoch',
      { signers: ['0x1a', '0x2b', '0x4d'] },
      'other signers under the same signer.epoch 4',
    ],
    ['another threshold of the same epoch', { threshold: 3 }, 'other signers under the same signer.epoch 4'],
    ['nothing new', { configHash: BEFORE.configHash }, 'nothing that members must agree on differs'],
  ])('refuses %s, and says the way out', (_what, change, message) => {
    expect(() => proveSuccession(BEFORE, { ...NEXT, ...change })).toThrow(message);
  });
});
