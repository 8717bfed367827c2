import { ONE_FEED, oneFeedSight } from '../../../../test/support/one-feed-quorum';
import { anvilSigners } from '../../../../test/support/quorum';
import { QuorumNetwork, type NetworkOptions } from '../../../../test/support/quorum-network';
import type { Keccak } from '../../../oracle/reporting/keccak';
import { loadKeccak } from '../../../platform/keccak';
import type { KeySigner } from '../key-signer';
import { loadSecp256k1, type Secp256k1 } from '../secp256k1';

let keccak: Keccak;
let curve: Secp256k1;
let signers: KeySigner[];
beforeAll(async () => {
  [keccak, curve] = await Promise.all([loadKeccak(), loadSecp256k1()]);
  signers = await anvilSigners(3, keccak);
});

/** Keys elsewhere, whose signatures take as long as the test says; undefined for one that does not answer. */
function networkOf(takesMs: (member: number, asked: number) => number | undefined): QuorumNetwork {
  const asked = signers.map(() => 0);
  const signing: NetworkOptions['signing'] = (signer, index, network) => ({
    address: signer.address,
    signThen: (message, use) => {
      const ms = takesMs(index, (asked[index] = (asked[index] ?? 0) + 1));
      const signature = signer.sign(keccak(message));
      if (ms !== undefined) network.clock.arm(ms, () => use(signature));
    },
  });
  return new QuorumNetwork({ plan: ONE_FEED, signers, threshold: 2, curve, keccak, signing }, oneFeedSight);
}

/** Each certified cut has one root everywhere, nobody certified one twice, and nobody said two things. */
function expectOneTruth(network: QuorumNetwork): void {
  const roots = new Map<number, string>();
  for (const { certified, proofs } of network.members) {
    expect(proofs).toEqual([]);
    const cuts = certified.map(({ cut }) => cut.number);
    expect(cuts).toEqual([...new Set(cuts)].sort((a, b) => a - b));
    for (const { cut } of certified) {
      const digest = Buffer.from(network.statements.header(cut.header)).toString('hex');
      expect(roots.get(cut.number) ?? digest).toBe(digest);
      roots.set(cut.number, digest);
    }
  }
}

describe('a quorum of keys on other machines', () => {
  it('certifies a cut a slot while a signature takes a tenth of it', async () => {
    const network = networkOf(() => 20);
    await network.clock.advance(4_000);
    expectOneTruth(network);
    for (const { certified } of network.members) expect(certified.length).toBeGreaterThanOrEqual(17);
  });

  it('goes on without one that is silent, and counts it in again', async () => {
    let silent = true;
    const network = networkOf((member) => (member === 2 && silent ? undefined : 10));
    await network.clock.advance(4_000);
    const before = network.members[0]!.certified.length;
    expect(before).toBeGreaterThanOrEqual(8);
    silent = false;
    await network.clock.advance(4_000);
    expectOneTruth(network);
    const { certificate } = network.members[0]!.certified.at(-1)!;
    expect(certificate.proposal.observations).toHaveLength(3);
  });

  it('says nothing when all are silent, and resumes by itself', async () => {
    let silent = false;
    const network = networkOf(() => (silent ? undefined : 10));
    await network.clock.advance(2_000);
    silent = true;
    await network.clock.advance(500);
    const before = network.members.map(({ certified }) => certified.length);
    await network.clock.advance(10_000);
    expect(network.members.map(({ certified }) => certified.length)).toEqual(before);
    silent = false;
    await network.clock.advance(4_000);
    expectOneTruth(network);
    for (const [index, { certified }] of network.members.entries()) {
      expect(certified.length).toBeGreaterThan(before[index]! + 8);
    }
  });

  it('heeds no signature of its own that came when the slot had passed: nobody says two things', async () => {
    const network = networkOf(
      (member, asked) => [5, 5, 260, 5, 5, 450, 5, 120, 5, 5, 5][(asked * asked + member * 3) % 11],
    );
    await network.clock.advance(20_000);
    expectOneTruth(network);
    expect(network.members[0]!.certified.length).toBeGreaterThan(3);
  });
});
