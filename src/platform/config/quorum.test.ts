import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { loadQuorum } from './quorum';

const address = (digit: string): string => `0x${digit.repeat(40)}`;
const QUORUM = {
  threshold: 2,
  toleranceBps: 50,
  cutEveryMs: 250,
  signers: ['a', 'b', 'c'].map((digit) => ({ address: address(digit), url: 'ws://127.0.0.1:9000' })),
  followers: [address('D')],
};

function load(change: object) {
  const directory = mkdtempSync(join(tmpdir(), 'assay-quorum-yaml-'));
  try {
    writeFileSync(join(directory, 'quorum.yaml'), stringify({ ...QUORUM, ...change }));
    return loadQuorum(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe('quorum.yaml', () => {
  it('holds since ever unless it says since when', () => {
    expect(load({})).toEqual({ ...QUORUM, followers: [address('d')], effectiveFrom: undefined });
  });

  it.each([
    ['2027-01-31T12:00:00Z', '2027-01-31T12:00:00.000Z'],
    ['2027-01-31T12:00:00.250+01:00', '2027-01-31T11:00:00.250Z'],
  ])('reads the instant %s', (effectiveFrom, instant) => {
    expect(load({ effectiveFrom }).effectiveFrom).toBe(Date.parse(instant));
  });

  it.each<[string, object, string]>([
    ['a day without its hour', { effectiveFrom: '2027-01-31' }, 'an instant with its zone'],
    ['an hour without its zone', { effectiveFrom: '2027-01-31T12:00:00' }, 'an instant with its zone'],
    ['an instant between two cuts', { effectiveFrom: '2027-01-31T12:00:00.100Z' }, 'say 2027-01-31T12:00:00.250Z'],
    ['a signer named twice', { signers: [QUORUM.signers[0], ...QUORUM.signers] }, 'a signer stands twice'],
    ['a threshold that two halves could reach', { threshold: 1 }, 'two halves of the signers could certify'],
    [
      'a key that is not known',
      { effectiveForm: '2027-01-31T12:00:00Z' },
      'effectiveForm is no key that is known here',
    ],
  ])('is refused with %s', (_what, change, message) => {
    expect(() => load(change)).toThrow(message);
  });
});
