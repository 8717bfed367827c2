import { anvilSigners } from '../../../../test/support/quorum';
import { QuorumNetwork, type Member, type Sight } from '../../../../test/support/quorum-network';
import { planOf } from '../../../../test/support/plans';
import type { ObservedFeed } from '../../../oracle/certifying/observed-feed';
import type { Keccak } from '../../../oracle/reporting/keccak';
import { loadKeccak } from '../../../platform/keccak';
import type { KeySigner } from '../key-signer';
import { loadSecp256k1, type Secp256k1 } from '../secp256k1';
import { equivocationFault } from './equivocation';
import { encodeObserved } from './observed-bytes';
import type { Proposal } from './statements';
import type { PeerMessage } from './wire';

const POLICY = { warmUpMs: 1_000, graceMs: 1_000 };
const PLAN = planOf({
  'BTC/USD': { policy: POLICY, sources: { a: {}, b: {} } },
  'ETH/USD': { policy: POLICY, sources: { a: {}, b: {} } },
});
const BTC = 100_000;

let keccak: Keccak;
let curve: Secp256k1;
let signers: KeySigner[];
beforeAll(async () => {
  [keccak, curve] = await Promise.all([loadKeccak(), loadSecp256k1()]);
  signers = await anvilSigners(5, keccak);
});

function seen(price: number): ObservedFeed {
  const prices = { price, low: price - 20, high: price + 20, collateral: undefined, liability: undefined };
  return { reasons: 0, observedAt: 1_700_000_000_000, prices, sources: { used: 4, upstreams: 4 }, dispersionBps: 1 };
}

/** Everyone a little apart, as independent sources are. */
const honest: Sight = (_now, member) => [seen(BTC + member), seen(2_000)];

function networkOf(threshold = 3, sight = honest, count = 5): QuorumNetwork {
  return new QuorumNetwork({ plan: PLAN, signers: signers.slice(0, count), threshold, curve, keccak }, sight);
}

const cutsOf = (member: Member): number[] => member.certified.map(({ cut }) => cut.number);
const digests = (network: QuorumNetwork, member: Member): string[] =>
  member.certified.map(({ cut }) => Buffer.from(network.statements.header(cut.header)).toString('hex'));
const pricesOf = (member: Member): (number | undefined)[] =>
  member.certified.flatMap(({ cut }) =>
    cut.reports.filter(({ feed }) => feed === 0).map(({ prices }) => prices?.price),
  );

/** Each certified cut has one root everywhere, and nobody certified one twice. */
function expectOneTruth(network: QuorumNetwork): void {
  const roots = new Map<number, string>();
  for (const member of network.members) {
    const cuts = cutsOf(member);
    expect(cuts).toEqual([...new Set(cuts)].sort((a, b) => a - b));
    for (const [index, digest] of digests(network, member).entries()) {
      const cut = cuts[index]!;
      expect(roots.get(cut) ?? digest).toBe(digest);
      roots.set(cut, digest);
    }
  }
}

describe('a quorum of 3-of-5', () => {
  it('certifies a cut a slot, the same at each signer, each in its turn publishing', async () => {
    const network = networkOf();
    await network.clock.advance(4_000);
    for (const member of network.members) {
      expect(member.certified.length).toBeGreaterThanOrEqual(18);
      expect(digests(network, member)).toEqual(digests(network, network.members[0]!).slice(0, member.certified.length));
      expect([member.gaps, member.proofs, member.refusals]).toEqual([[], [], []]);
    }
    const publishers = network.members[0]!.certified.map(({ certificate: { proposal } }) =>
      network.statements.signerOf(network.statements.proposal(proposal), proposal.signature),
    );
    expect(new Set(publishers).size).toBe(5);
    expect(network.members[0]!.certified.at(-1)?.cut.header).toMatchObject({ signerEpoch: 1 });
  });

  it('has exactly the threshold of signatures, in ascending order of the signers', async () => {
    const network = networkOf();
    await network.clock.advance(1_000);
    const { certificate, cut } = network.members[0]!.certified[0]!;
    const digest = network.statements.header(cut.header);
    const by = certificate.signatures.map((signature) => network.statements.signerOf(digest, signature)!);
    expect(by).toHaveLength(3);
    expect(by).toEqual([...by].sort());
  });

  it.each<[string, (network: QuorumNetwork, members: readonly Member[]) => void]>([
    ['killed', (network, members) => members.forEach((member) => network.kill(member))],
    ['frozen', (_network, members) => members.forEach((member) => (member.frozen = true))],
    ['five seconds behind', (_network, members) => members.forEach((member) => (member.behindMs = 5_000))],
    [
      'lying by one per cent on one feed',
      (network, members) => {
        const liars = members.map(({ index }) => index);
        network.sight = (now, member) =>
          liars.includes(member) ? [seen(BTC * 1.01), seen(2_000)] : honest(now, member);
      },
    ],
  ])('goes on with any two %s, and the price does not move', async (_what, afflict) => {
    for (const [first, second] of [
      [0, 1],
      [1, 3],
      [2, 4],
      [3, 4],
    ] as const) {
      const network = networkOf();
      await network.clock.advance(3_000);
      const before = network.members.map(({ certified }) => certified.length);
      afflict(network, [network.members[first]!, network.members[second]!]);
      await network.clock.advance(6_000);
      expectOneTruth(network);
      for (const member of network.members) {
        if (member.index === first || member.index === second) continue;
        expect(member.certified.length - before[member.index]!).toBeGreaterThanOrEqual(20);
        for (const price of pricesOf(member)) expect(Math.abs(price! - BTC)).toBeLessThanOrEqual(4);
      }
    }
  });

  it('explains a slot that a killed publisher left empty, once each', async () => {
    const network = networkOf();
    await network.clock.advance(3_000);
    network.kill(network.members[1]!);
    network.kill(network.members[2]!);
    await network.clock.advance(6_000);
    const { gaps } = network.members[0]!;
    expect(gaps.map(({ reason }) => reason)).toEqual(expect.arrayContaining(['publisherSilent']));
    const cuts = cutsOf(network.members[0]!);
    const missing = (cuts.at(-1)! - cuts[0]!) / 20 + 1 - cuts.length;
    expect(gaps.reduce((count, { from, to }) => count + (to - from) / 20 + 1, 0)).toBe(missing);
    expect(missing).toBeLessThanOrEqual(3);
  });

  it('is silent with three lost, its last snapshot runs out, and it goes on by itself when one returns', async () => {
    const network = networkOf();
    await network.clock.advance(3_000);
    const [, , third, fourth, fifth] = network.members as [Member, Member, Member, Member, Member];
    for (const member of [third, fourth, fifth]) member.frozen = true;
    await network.clock.advance(300);
    const [first] = network.members;
    const last = first!.certified.at(-1)!;
    await network.clock.advance(10_000);
    expect(first!.certified.at(-1)).toBe(last);
    expect(last.cut.header.validUntil).toBeLessThan(network.clock.now());
    third.frozen = false;
    await network.clock.advance(2_000);
    expect(first!.certified.at(-1)!.cut.number).toBeGreaterThan(last.cut.number);
    const resumed = first!.certified[first!.certified.indexOf(last) + 1]!;
    expect(resumed.cut.reports.map(({ status }) => status)).toEqual(['grace', 'grace']);
    expectOneTruth(network);
  });

  it('lets a signer that was away fetch what it missed, to the byte, and counts it in again', async () => {
    const network = networkOf();
    await network.clock.advance(3_000);
    const away = network.members[3]!;
    away.frozen = true;
    await network.clock.advance(3_000);
    away.frozen = false;
    await network.clock.advance(3_000);
    expect(digests(network, away)).toEqual(digests(network, network.members[0]!).slice(0, away.certified.length));
    expect(away.certified.at(-1)!.certificate.proposal.observations).toHaveLength(5);
  });

  it('starts a signer with an empty past upon the whole chain, and lets it sign no cut of its earlier self', async () => {
    const network = networkOf();
    await network.clock.advance(3_000);
    const reborn = network.members[2]!;
    network.kill(reborn);
    const spoken = reborn.journal.last;
    reborn.certified.length = 0;
    network.start(reborn);
    expect(reborn.journal.claim(spoken)).toBe(false);
    await network.clock.advance(3_000);
    expectOneTruth(network);
    expect(reborn.certified.length).toBeGreaterThan(20);
    expect(network.members.flatMap(({ proofs }) => proofs)).toEqual([]);
  });

  it('halts a feed that no three see alike, and only that', async () => {
    const network = networkOf(3, (_now, member) => [seen(BTC * (1 + member / 50)), seen(2_000)]);
    await network.clock.advance(1_000);
    const { cut } = network.members[0]!.certified[0]!;
    expect(cut.reports).toMatchObject([
      { status: 'halted', reasons: ['observersApart'] },
      { status: 'warming', prices: { price: 2_000 } },
    ]);
  });
});

/** Numbers in [0, 1) that a seed repeats. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

describe('a network that loses messages', () => {
  it.each([1, 2, 3, 4])('delays cuts, and splits no quorum of honest signers: seed %d', async (seed) => {
    const network = networkOf();
    const random = seeded(seed * 7_919);
    for (const member of network.members) member.interference = (_to, message) => (random() < 0.3 ? [] : [message]);
    await network.clock.advance(12_000);
    expectOneTruth(network);
    for (const member of network.members) member.interference = (_to, message) => [message];
    const before = network.members.map(({ chain }) => chain!.tip.cut);
    await network.clock.advance(8_000);
    expectOneTruth(network);
    for (const [index, { chain, stranded }] of network.members.entries()) {
      expect(chain!.tip.cut).toBeGreaterThan(before[index]!);
      expect(stranded).toEqual([]);
    }
  });
});

/** Signs again what a proposal of the member's own says of other observations. */
function forged(network: QuorumNetwork, member: Member, proposal: Proposal, change: Partial<Proposal>): PeerMessage {
  const unsigned = { ...proposal, ...change };
  const signature = signers[member.index]!.sign(network.statements.proposal(unsigned));
  return { kind: 'proposal', proposal: { ...unsigned, signature } };
}

describe('a publisher that lies', () => {
  it.each<[string, (network: QuorumNetwork, liar: Member) => Partial<Member>]>([
    [
      'keeps its proposals to itself',
      () => ({ interference: (_to, message) => (message.kind === 'proposal' ? [] : [message]) }),
    ],
    [
      'lists too few',
      (network, liar) => ({
        interference: (_to, message) =>
          message.kind === 'proposal'
            ? [forged(network, liar, message.proposal, { observations: message.proposal.observations.slice(0, 2) })]
            : [message],
      }),
    ],
    [
      'lists its own observation thrice',
      (network, liar) => ({
        interference: (_to, message) => {
          if (message.kind !== 'proposal') return [message];
          const own = message.proposal.observations[liar.index]!;
          return [forged(network, liar, message.proposal, { observations: [own, own, own] })];
        },
      }),
    ],
    [
      'puts a price into the mouth of another',
      (network, liar) => ({
        interference: (_to, message) => {
          if (message.kind !== 'proposal') return [message];
          const feeds = encodeObserved([seen(BTC * 2), seen(2_000)]);
          const observations = message.proposal.observations.map((one) => ({ ...one, feeds }));
          return [forged(network, liar, message.proposal, { observations })];
        },
      }),
    ],
    [
      'builds upon a past of its own',
      (network, liar) => ({
        interference: (_to, message) =>
          message.kind === 'proposal'
            ? [forged(network, liar, message.proposal, { previous: new Uint8Array(32).fill(1) })]
            : [message],
      }),
    ],
  ])('and %s stops the cuts of its turn, and bends none', async (_what, lie) => {
    const network = networkOf();
    const liar = network.members[2]!;
    Object.assign(liar, lie(network, liar));
    await network.clock.advance(8_000);
    expectOneTruth(network);
    for (const member of network.members) {
      expect(member.certified.length).toBeGreaterThanOrEqual(25);
      for (const price of pricesOf(member)) expect(Math.abs(price! - BTC)).toBeLessThanOrEqual(4);
    }
  });

  it('and lists whom it likes can choose among honest prices, never beyond them', async () => {
    const network = networkOf();
    const liar = network.members[4]!;
    network.sight = (now, member) => (member === 4 ? [seen(BTC * 1.004), seen(2_000)] : honest(now, member));
    liar.interference = (_to, message) =>
      message.kind === 'proposal'
        ? [forged(network, liar, message.proposal, { observations: message.proposal.observations.slice(-3) })]
        : [message];
    await network.clock.advance(6_000);
    for (const price of pricesOf(network.members[0]!)) expect(price).toBeLessThanOrEqual(BTC + 3);
    expectOneTruth(network);
  });

  it('and shows different proposals to different signers is found out, with a proof that anyone can check', async () => {
    const network = networkOf();
    const liar = network.members[2]!;
    liar.interference = (to, message) => {
      if (message.kind === 'vote') return [];
      if (message.kind !== 'proposal' || to < 3) return [message];
      return [forged(network, liar, message.proposal, { observations: message.proposal.observations.slice(0, 4) })];
    };
    await network.clock.advance(4_000);
    const proofs = network.members.flatMap((member) => member.proofs);
    expect(proofs.length).toBeGreaterThan(0);
    for (const proof of proofs) {
      expect(proof).toMatchObject({ kind: 'proposal', signer: network.terms.signers[2] });
      expect(equivocationFault(proof, network.statements)).toBeUndefined();
      expect(equivocationFault({ ...proof, signer: network.terms.signers[0]! }, network.statements)).toMatch(
        /not signed/,
      );
      expect(equivocationFault({ ...proof, second: proof.first }, network.statements)).toBe('both parts say the same');
    }
    expectOneTruth(network);
  });
});

/**
 * A publisher that is also a signer proposes one thing to two signers and another to the other two, and signs each for
 * those who are to believe it.
 */
function playBothSides(network: QuorumNetwork, liar: Member): void {
  const others = network.members.filter((member) => member !== liar).map(({ index }) => index);
  const [here, there] = [others.slice(0, 2), others.slice(2)];
  const other = new Map<number, Proposal>();
  liar.interference = (to, message) => {
    if (message.kind === 'proposal') {
      const observations = message.proposal.observations.slice(0, 4);
      const second = forged(network, liar, message.proposal, { observations }) as Extract<
        PeerMessage,
        { kind: 'proposal' }
      >;
      other.set(message.proposal.cut, second.proposal);
      return there.includes(to) ? [second] : [message];
    }
    if (message.kind !== 'vote' || !there.includes(to)) return [message];
    const proposal = other.get(message.vote.header.cut);
    if (proposal === undefined) return [message];
    const header = network.members[there[0]!]!.chain!.draft(proposal);
    if (typeof header === 'string') return [];
    return [
      { kind: 'vote', vote: { header, signature: signers[liar.index]!.sign(network.statements.header(header)) } },
    ];
  };
  for (const member of network.members.filter(({ index }) => here.includes(index))) {
    // Signatures of the two halves cross only after each has had its own: what a slow network may do.
    member.interference = (to, message) => (message.kind === 'vote' && there.includes(to) ? [] : [message]);
  }
  for (const member of network.members.filter(({ index }) => there.includes(index))) {
    member.interference = (to, message) => (message.kind === 'vote' && here.includes(to) ? [] : [message]);
  }
}

/** Cuts under which members hold different headers. */
function forkedCuts(network: QuorumNetwork): number[] {
  const headers = new Map<number, Set<string>>();
  for (const member of network.members) {
    for (const [index, cut] of cutsOf(member).entries()) {
      headers.set(cut, (headers.get(cut) ?? new Set()).add(digests(network, member)[index]!));
    }
  }
  return [...headers].filter(([, all]) => all.size > 1).map(([cut]) => cut);
}

describe('a publisher-signer that plays both sides', () => {
  // A little apart for the one whom the second proposal leaves out, so that the two snapshots differ.
  const sight: Sight = (_now, member) => [seen(BTC + member * 10), seen(2_000)];

  it('gets two certificates for one cut of a 3-of-5, both within what honest signers see', async () => {
    const network = networkOf(3, sight);
    playBothSides(network, network.members[4]!);
    await network.clock.advance(6_000);
    expect(forkedCuts(network).length).toBeGreaterThan(0);
    for (const member of network.members) {
      for (const price of pricesOf(member)) {
        if (price === undefined) continue;
        expect(price).toBeGreaterThanOrEqual(BTC);
        expect(price).toBeLessThanOrEqual(BTC + 30);
      }
    }
    // Two pasts: neither half finds a third signer that is honest, so this quorum is silent but for the liar's help.
    const tips = network.members.slice(0, 4).map(({ chain }) => Buffer.from(chain!.tip.digest).toString('hex'));
    expect(new Set(tips).size).toBeGreaterThan(1);
  });

  it('never gets them of a 4-of-5', async () => {
    const network = networkOf(4, sight);
    playBothSides(network, network.members[4]!);
    await network.clock.advance(6_000);
    expect(forkedCuts(network)).toEqual([]);
    expectOneTruth(network);
  });
});

describe('a signer that says two things', () => {
  it('about what it observes is found out by all who heard both', async () => {
    const network = networkOf();
    const liar = network.members[1]!;
    liar.interference = (_to, message) => {
      if (message.kind !== 'observation') return [message];
      const unsigned = { ...message.observation, feeds: encodeObserved([seen(BTC + 7), seen(2_000)]) };
      const signature = signers[1]!.sign(network.statements.observation(unsigned));
      return [message, { kind: 'observation', observation: { ...unsigned, signature } }];
    };
    await network.clock.advance(450);
    for (const member of network.members) {
      if (member === liar) continue;
      expect(member.proofs[0]).toMatchObject({ kind: 'observation', signer: network.terms.signers[1] });
      expect(equivocationFault(member.proofs[0]!, network.statements)).toBeUndefined();
    }
  });
});

describe('a single signer', () => {
  it('is a quorum of one: it certifies what it observes', async () => {
    const network = networkOf(1, honest, 1);
    await network.clock.advance(3_000);
    const [member] = network.members;
    expect(member!.certified.length).toBeGreaterThanOrEqual(14);
    expect(pricesOf(member!)[0]).toBe(BTC);
    expect(member!.certified[0]!.certificate.signatures).toHaveLength(1);
  });
});
