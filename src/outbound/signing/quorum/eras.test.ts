import fc from 'fast-check';
import { planOf } from '../../../../test/support/plans';
import { anvilSigners } from '../../../../test/support/quorum';
import { QuorumNetwork, type Member, type NextEra } from '../../../../test/support/quorum-network';
import type { ObservedFeed } from '../../../oracle/certifying/observed-feed';
import type { Keccak } from '../../../oracle/reporting/keccak';
import { loadKeccak } from '../../../platform/keccak';
import type { KeySigner } from '../key-signer';
import type { ChainPast } from './chain';
import { loadSecp256k1, type Secp256k1 } from '../secp256k1';

const POLICY = { warmUpMs: 1_000, graceMs: 400 };
const FEED = { policy: POLICY, sources: { a: {}, b: {} } };
const PLAN = planOf({ 'BTC/USD': FEED, 'ETH/USD': FEED });
/** One more feed, and the others in another order. */
const NEXT_PLAN = planOf({ 'ETH/USD': FEED, 'SOL/USD': FEED, 'BTC/USD': FEED });
const PRICES: Readonly<Record<string, number>> = { 'BTC/USD': 100_000, 'ETH/USD': 2_000, 'SOL/USD': 15_000 };
const STARTED = 170_000_000_000;
/** Four seconds on, in a network whose slots have 20 ticks. */
const FROM = STARTED + 400;
const LAST = FROM - 20;

let keccak: Keccak;
let curve: Secp256k1;
let keys: KeySigner[];
beforeAll(async () => {
  [keccak, curve] = await Promise.all([loadKeccak(), loadSecp256k1()]);
  keys = await anvilSigners(6, keccak);
});

function seen(price: number): ObservedFeed {
  const prices = { price, low: price - 20, high: price + 20, collateral: undefined, liability: undefined };
  return { reasons: 0, observedAt: STARTED * 10, prices, sources: { used: 4, upstreams: 4 }, dispersionBps: 1 };
}

interface Change extends Partial<NextEra> {
  readonly threshold?: number;
}

/** Five signers who go over to the other plan. */
function networkOf({ plan = NEXT_PLAN, signers = keys.slice(0, 5), terms, threshold = 3 }: Change = {}): QuorumNetwork {
  const next = { plan, signers, terms: { from: FROM, configHash: new Uint8Array(32).fill(8), ...terms } };
  const options = { plan: PLAN, signers: keys.slice(0, 5), threshold, curve, keccak, next };
  return new QuorumNetwork(options, (_now, member, cut) =>
    (cut < next.terms.from ? PLAN : plan).feeds.map(({ id }) => seen(PRICES[id]! + member)),
  );
}

/** The first retires, and another takes its place. */
const replaced = (): Change => ({ signers: keys.slice(1), terms: { from: FROM, epoch: 2 } });

const cutsOf = (member: Member): number[] => member.certified.map(({ cut }) => cut.number);
const reportsAt = (member: Member, number: number) =>
  member.certified.find(({ cut }) => cut.number === number)!.cut.reports;
/** What a restart finds. */
const pastOf = ({ chain }: Member): ChainPast => ({ tip: chain!.tip, certified: chain!.certifier.state() });
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** One certificate of a number, and each upon the one before it. */
function expectOneChain(network: QuorumNetwork, members = network.members): void {
  const digests = new Map<number, string>();
  for (const { certified } of members) {
    for (const [index, { certificate, cut }] of certified.entries()) {
      const digest = hex(network.statements.header(cut.header));
      expect([undefined, digest]).toContain(digests.get(cut.number));
      digests.set(cut.number, digest);
      const before = certified[index - 1]?.cut;
      if (before === undefined) continue;
      expect(cut.number).toBeGreaterThan(before.number);
      expect(certificate.proposal.previousCut).toBe(before.number);
      expect(hex(certificate.proposal.previous)).toBe(hex(network.statements.header(before.header)));
    }
  }
}

describe('a quorum that goes over to other terms', () => {
  it('does so at one cut, without an empty slot, each cut upon the one before', async () => {
    const network = networkOf();
    await network.clock.advance(8_000);
    expectOneChain(network);
    for (const member of network.members) {
      expect(cutsOf(member)).toEqual(
        Array.from({ length: cutsOf(member).length }, (_, slot) => STARTED + 20 + slot * 20),
      );
      expect(cutsOf(member).at(-1)).toBeGreaterThan(FROM + 300);
      expect([member.gaps, member.refusals, member.proofs]).toEqual([[], [], []]);
      const hashes = member.certified.map(({ cut }) => [cut.number < FROM, cut.header.configHash[0]]);
      expect(new Set(hashes.map(String))).toEqual(new Set(['true,7', 'false,8']));
    }
  });

  it('lets feeds keep sequence, average and status while one that is new begins to warm', async () => {
    const network = networkOf();
    await network.clock.advance(6_000);
    const [member] = network.members;
    const before = member!.certified.filter(({ cut }) => cut.number < FROM).flatMap(({ cut }) => cut.reports);
    const [btc, eth] = [0, 1].map((feed) => before.findLast((report) => report.feed === feed)!);
    expect([btc!.status, eth!.status]).toEqual(['ok', 'ok']);
    expect(reportsAt(member!, FROM)).toMatchObject([
      { feed: 0, status: 'ok', sequence: eth!.sequence + 1, prices: { price: eth!.prices!.price } },
      { feed: 1, status: 'warming', sequence: 1 },
      { feed: 2, status: 'ok', sequence: btc!.sequence + 1, prices: { price: btc!.prices!.price } },
    ]);
    const { figures } = member!.certified.find(({ cut }) => cut.number === FROM)!.cut;
    const coverage = figures.map(({ twaps }) => twaps[0]!.coverageBps);
    expect(coverage[0]).toBe(coverage[2]);
    expect(coverage[0]).toBeGreaterThan(0);
    expect(coverage[1]).toBe(0);
  });

  it.each([
    ['slower', 400],
    ['faster', 100],
  ])('goes on at a %s pace from the first slot on', async (_how, cutEveryMs) => {
    const network = networkOf({ terms: { from: FROM, cutEveryMs } });
    await network.clock.advance(7_000);
    expectOneChain(network);
    const after = cutsOf(network.members[0]!).filter((cut) => cut >= FROM);
    expect(after[0]).toBe(FROM);
    expect(after.slice(1).every((cut, index) => cut - after[index]! === cutEveryMs / 10)).toBe(true);
    expect(network.members.flatMap(({ gaps }) => gaps)).toEqual([]);
  });

  it('takes another set, whose signatures alone count from then on', async () => {
    const network = networkOf(replaced());
    await network.clock.advance(7_000);
    expectOneChain(network);
    const [retired, , , , , newcomer] = network.members.map(({ index }) => keys[index]!.address.toLowerCase());
    const heard = network.members[1]!.certified.map(({ cut, certificate }) => ({
      cut: cut.number,
      by: certificate.proposal.observations.map((one) => network.statements.observer(one)!),
    }));
    for (const { cut, by } of heard) expect(by).not.toContain(cut < FROM ? newcomer : retired);
    expect(heard.find(({ cut }) => cut === LAST)!.by).toContain(retired);
    expect(heard.find(({ cut }) => cut === FROM + 20)!.by).toContain(newcomer);
    expect(network.members[1]!.gaps).toEqual([]);
    // Who has no voice still knows every cut.
    expect(cutsOf(network.members[5]!)).toEqual(cutsOf(network.members[1]!));
    expect(cutsOf(network.members[0]!)).toEqual(cutsOf(network.members[1]!));
  });

  it('hears no retired key after the first cut, and no new one before it', async () => {
    const network = networkOf(replaced());
    const [retired, , other, , , newcomer] = network.members as [Member, Member, Member, Member, Member, Member];
    const restart = (member: Member, knows: Member['knows']): void => {
      network.kill(member);
      member.knows = knows;
      network.start(member);
    };
    restart(retired, 'first');
    restart(newcomer, 'next');
    await network.clock.advance(3_000);
    const feeds = network.members[1]!.certified.at(-1)!.certificate.proposal.observations[0]!.feeds;
    const said = async (member: Member, cut: number, terms: Uint8Array): Promise<string | undefined> => {
      const tip = network.members[1]!.chain!.tip;
      const unsigned = {
        cut,
        terms,
        previousCut: tip.cut,
        previous: tip.digest,
        votedCut: 0,
        voted: new Uint8Array(32),
      };
      const observation = { ...unsigned, feeds };
      const signature = keys[member.index]!.sign(network.statements.observation(observation));
      const judged = other.chain!.observer({ ...observation, signature });
      return typeof judged === 'string' ? judged : undefined;
    };
    const [before, after] = [LAST, FROM].map((cut) => other.chain!.eraOf(cut).digest);
    expect(await said(newcomer, LAST, before!)).toBe(`signed by ${keys[5]!.address.toLowerCase()}`);
    expect(await said(newcomer, LAST, after!)).toBe('made under other terms');
    expect(await said(retired, FROM, after!)).toBe(`signed by ${keys[0]!.address.toLowerCase()}`);
    expect(await said(retired, FROM, before!)).toBe('made under other terms');
    expect(await said(retired, LAST, before!)).toBeUndefined();
    await network.clock.advance(4_000);
    expect(other.refusals).toContain('observation: made under other terms');
    expectOneChain(network);
    expect(cutsOf(retired).at(-1)).toBe(LAST);
    expect(cutsOf(newcomer)).toEqual([]);
    expect(cutsOf(other).at(-1)).toBeGreaterThan(FROM + 200);
  });
});

describe('a member', () => {
  it.each<[string, (member: Member, network: QuorumNetwork) => void]>([
    ['with what its ledger held', (member, network) => network.restart(member)],
    ['with an empty ledger', (member, network) => network.start(member)],
  ])('that was down across the first cut catches up, %s', async (_how, start) => {
    const network = networkOf();
    await network.clock.advance(3_000);
    const away = network.members[3]!;
    network.kill(away);
    await network.clock.advance(3_000);
    start(away, network);
    await network.clock.advance(3_000);
    expectOneChain(
      network,
      network.members.filter((member) => member !== away),
    );
    const all = cutsOf(network.members[0]!);
    expect([...new Set(cutsOf(away))].sort((a, b) => a - b)).toEqual(all.slice(0, new Set(cutsOf(away)).size));
    expect(cutsOf(away).at(-1)).toBeGreaterThanOrEqual(all.at(-1)! - 20);
    expect(network.members[0]!.certified.at(-1)!.certificate.proposal.observations).toHaveLength(5);
  });

  it('that missed the last cut of the old terms begins upon it all the same', async () => {
    const network = networkOf();
    await network.clock.advance(3_700);
    const away = network.members[3]!;
    away.frozen = true;
    await network.clock.advance(400);
    away.frozen = false;
    await network.clock.advance(2_000);
    expectOneChain(network);
    expect(cutsOf(away)).toEqual(cutsOf(network.members[0]!));
  });

  it.each<Member['knows']>(['first', 'next'])('that knows the %s terms alone splits nothing', async (knows) => {
    const network = networkOf();
    for (const member of network.members.slice(0, 2)) {
      network.kill(member);
      member.knows = knows;
      network.start(member);
    }
    await network.clock.advance(7_000);
    expectOneChain(network);
    for (const member of network.members.slice(0, 2)) expect(cutsOf(member).at(-1) ?? 0).toBeLessThan(FROM);
    expect(cutsOf(network.members[2]!).at(-1)).toBeGreaterThan(FROM + 200);
  });

  it('goes on from a past under the next terms without the ones before', async () => {
    const network = networkOf(replaced());
    await network.clock.advance(6_000);
    for (const member of network.members.slice(1)) {
      network.kill(member);
      member.knows = 'next';
      network.start(member, [], pastOf(member));
    }
    await network.clock.advance(3_000);
    expectOneChain(network);
    for (const member of network.members.slice(1)) expect(cutsOf(member).at(-1)).toBeGreaterThan(STARTED + 840);
  });
});

describe('the first cut under other terms', () => {
  const loseLast = (network: QuorumNetwork): void => {
    for (const member of network.members) {
      member.interference = (to, message) =>
        to !== 0 && message.kind === 'vote' && message.vote.header.cut === LAST ? [] : [message];
    }
  };

  it('waits, where quorums of both sets need not meet, until no cut before it can count', async () => {
    const network = networkOf(replaced());
    loseLast(network);
    await network.clock.advance(12_000);
    const [retired, second] = network.members;
    expect(cutsOf(retired!).at(-1)).toBe(LAST);
    const first = second!.certified.find(({ cut }) => cut.number >= FROM)!;
    const { validUntil } = retired!.certified.at(-1)!.cut.header;
    expect(first.cut.at).toBeGreaterThan(validUntil);
    expect(first.certificate.proposal.previousCut).toBe(LAST - 20);
    const missed = second!.gaps.filter(({ to }) => to >= LAST);
    expect(missed[0]!.from).toBe(LAST);
    expect(missed.at(-1)!.to).toBe(first.cut.number - 20);
  });

  it('follows soon where they must meet, once those who might have signed say that they did not', async () => {
    const network = networkOf({ threshold: 4 });
    for (const member of network.members) {
      member.interference = (_to, message) =>
        message.kind === 'proposal' && message.proposal.cut === LAST ? [] : [message];
    }
    await network.clock.advance(6_000);
    expectOneChain(network);
    expect(cutsOf(network.members[1]!)).not.toContain(LAST);
    expect(cutsOf(network.members[1]!).find((cut) => cut >= FROM)).toBeLessThanOrEqual(FROM + 40);
  });

  it('is one, however clocks differ by less than a slot and whatever is lost', async () => {
    const behind = fc.array(fc.integer({ min: -190, max: 190 }), { minLength: 6, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(behind, fc.integer({ min: 1, max: 2 ** 30 }), fc.boolean(), async (clocks, seed, changesSet) => {
        const from = STARTED + 100;
        const network = networkOf(changesSet ? { ...replaced(), terms: { from, epoch: 2 } } : { terms: { from } });
        let state = seed;
        for (const [index, member] of network.members.entries()) {
          member.behindMs = clocks[index]!;
          member.interference = (_to, message) => {
            state = (state * 48_271) % 2_147_483_647;
            return state % 10 < 2 ? [] : [message];
          };
        }
        await network.clock.advance(2_500);
        expectOneChain(network);
        for (const { proofs } of network.members) expect(proofs).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });
});
