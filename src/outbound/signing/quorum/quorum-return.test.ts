import fc from 'fast-check';
import { ONE_FEED, oneFeedSight } from '../../../../test/support/one-feed-quorum';
import { anvilSigners } from '../../../../test/support/quorum';
import { MemoryHistory } from '../../../../test/support/memory-history';
import { QuorumNetwork, type Interference, type Member } from '../../../../test/support/quorum-network';
import type { Keccak } from '../../../oracle/reporting/keccak';
import { loadKeccak } from '../../../platform/keccak';
import type { KeySigner } from '../key-signer';
import { loadSecp256k1, type Secp256k1 } from '../secp256k1';
import type { PeerMessage } from './wire';

const SLOT_MS = 200;

let keccak: Keccak;
let curve: Secp256k1;
let signers: KeySigner[];
beforeAll(async () => {
  [keccak, curve] = await Promise.all([loadKeccak(), loadSecp256k1()]);
  signers = await anvilSigners(5, keccak);
});

const networkOf = (): QuorumNetwork =>
  new QuorumNetwork({ plan: ONE_FEED, signers, threshold: 3, curve, keccak }, oneFeedSight);
const tips = (network: QuorumNetwork): number[] => network.members.map(({ chain }) => chain!.tip.cut);

/** What each certified cut is, everywhere the same. */
function truth(network: QuorumNetwork): Map<number, string> {
  const known = new Map<number, string>();
  for (const { certified } of network.members) {
    for (const { cut } of certified) {
      const digest = Buffer.from(network.statements.header(cut.header)).toString('hex');
      expect(known.get(cut.number) ?? digest).toBe(digest);
      known.set(cut.number, digest);
    }
  }
  return known;
}

/** Counts, by kind, what a member sends. */
function counted(member: Member): Map<PeerMessage['kind'], number> {
  const counts = new Map<PeerMessage['kind'], number>();
  member.interference = (_to, message) => {
    counts.set(message.kind, (counts.get(message.kind) ?? 0) + 1);
    return [message];
  };
  return counts;
}

describe('a member that was away', () => {
  it('has all cuts within a slot or two: it asks on as soon as an answer leads on', async () => {
    const network = networkOf();
    await network.clock.advance(2_000);
    const away = network.members[3]!;
    network.kill(away);
    await network.clock.advance(34_000);
    const asked = counted(away);
    network.restart(away);
    const missed = (network.members[0]!.chain!.tip.cut - away.chain!.tip.cut) / (SLOT_MS / 10);
    expect(missed).toBeGreaterThan(150);
    await network.clock.advance(3 * SLOT_MS);
    expect(away.chain!.tip).toEqual(network.members[0]!.chain!.tip);
    expect(asked.get('wants')).toBeLessThan(missed / 32 + 3);
    truth(network);
  });

  it('comes back by the one whose ledger is whole, when the others hold too little', async () => {
    const network = networkOf();
    await network.clock.advance(1_000);
    const away = network.members[0]!;
    network.kill(away);
    for (const index of [1, 2, 3]) network.members[index]!.history = new MemoryHistory(5);
    await network.clock.advance(9_000);
    network.restart(away);
    await network.clock.advance(1_000);
    expect(away.chain!.tip).toEqual(network.members[4]!.chain!.tip);
  });

  it('asks those who do not have what it misses now and then, and says that it is stranded', async () => {
    const network = networkOf();
    await network.clock.advance(1_000);
    const away = network.members[0]!;
    network.kill(away);
    for (const member of network.members) member.history = new MemoryHistory(5);
    await network.clock.advance(9_000);
    const asked = counted(away);
    network.restart(away);
    const before = away.chain!.tip;
    await network.clock.advance(25_000);
    expect(away.chain!.tip).toEqual(before);
    expect(away.stranded).toHaveLength(3 * 4);
    expect(asked.get('wants')).toBe(3 * 4);
  });

  it('is helped by the only one that went on, after all others have restarted', async () => {
    const network = networkOf();
    await network.clock.advance(4_000);
    const [survivor, ...others] = network.members as [Member, ...Member[]];
    const before = survivor.chain!.tip.cut;
    for (const member of others) {
      network.kill(member);
      member.certified.length = 0;
    }
    await network.clock.advance(1_000);
    for (const member of others) network.start(member);
    await network.clock.advance(6_000);
    expect(Math.min(...tips(network))).toBeGreaterThan(before);
    const roots = truth(network);
    for (const { certified } of others) expect(certified[0]!.cut.number).toBe(Math.min(...roots.keys()));
  });
});

describe('a signer that restarts', () => {
  it('tells the vote that its earlier self gave, states it, and builds upon no other past', async () => {
    const network = networkOf();
    await network.clock.advance(2_000);
    const signer = network.members[1]!;
    const withoutVotes: Interference = (_to, message) => (message.kind === 'vote' ? [] : [message]);
    for (const member of network.members) member.interference = withoutVotes;
    await network.clock.advance(2 * SLOT_MS);
    const kept = signer.journal.spoken.vote!;
    expect(kept.header.cut).toBeGreaterThan(signer.chain!.tip.cut);

    const told: PeerMessage[] = [];
    signer.interference = (_to, message) => {
      told.push(message);
      return [];
    };
    network.restart(signer);
    await network.clock.advance(2 * SLOT_MS);
    expect(told).toContainEqual({ kind: 'vote', vote: kept });
    const [observation] = told.flatMap((message) => (message.kind === 'observation' ? [message.observation] : []));
    expect(observation).toMatchObject({
      votedCut: kept.header.cut,
      voted: Uint8Array.from(network.statements.header(kept.header)),
    });
    expect(signer.journal.spoken.vote).toEqual(kept);
  });

  it('completes by its vote a cut that nobody else could', async () => {
    const network = networkOf();
    await network.clock.advance(2_000);
    const [first, second, third, fourth, fifth] = network.members as [Member, Member, Member, Member, Member];
    for (const member of [fourth, fifth]) network.kill(member);
    await network.clock.advance(3_000);
    third.interference = (_to, message) => (message.kind === 'vote' ? [] : [message]);
    while (first.chain!.tip.cut === third.chain!.tip.cut) await network.clock.advance(5);
    const cut = third.chain!.tip.cut;
    third.interference = (_to, message) => [message];
    // As if it was killed between the two: its ledger has not kept what its journal says.
    third.certified.pop();
    network.restart(third);
    await network.clock.advance(3 * SLOT_MS);
    for (const member of [first, second]) expect(member.certified.map((one) => one.cut.number)).toContain(cut);
    truth(network);
  });

  it('splits no quorum, whatever is lost on the way and whoever restarts', async () => {
    const instant = fc.record({ member: fc.nat(4), afterMs: fc.integer({ min: 20, max: 900 }) });
    const script = fc.record({
      restarts: fc.array(instant, { minLength: 5, maxLength: 12 }),
      lost: fc.infiniteStream(fc.integer({ min: 0, max: 99 })),
    });
    await fc.assert(
      fc.asyncProperty(script, async ({ restarts, lost }) => {
        const network = networkOf();
        const lossy: Interference = (_to, message) => ((lost.next().value ?? 0) < 30 ? [] : [message]);
        for (const member of network.members) member.interference = lossy;
        for (const { member, afterMs } of restarts) {
          await network.clock.advance(afterMs);
          network.restart(network.members[member]!);
        }
        for (const member of network.members) member.interference = (_to, message) => [message];
        const before = tips(network);
        await network.clock.advance(8_000);
        truth(network);
        expect(network.members.flatMap(({ proofs }) => proofs)).toEqual([]);
        for (const [index, tip] of tips(network).entries()) expect(tip).toBeGreaterThan(before[index]!);
      }),
      { numRuns: 8 },
    );
  });
});
