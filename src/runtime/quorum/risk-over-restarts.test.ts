import { verifyHorizon } from '../../../client/verifier/risk-leaf';
import { planOf } from '../../../test/support/plans';
import { anvilSigners } from '../../../test/support/quorum';
import { QuorumNetwork, type Member } from '../../../test/support/quorum-network';
import type { ObservedFeed } from '../../oracle/certifying/observed-feed';
import type { Keccak } from '../../oracle/reporting/keccak';
import { LatestView } from '../../outbound/ledger/latest-view';
import type { LedgerEntry } from '../../outbound/ledger/ledger';
import { MemoryLedger } from '../../outbound/ledger/memory-ledger';
import { loadSecp256k1 } from '../../outbound/signing/secp256k1';
import type { Certificate } from '../../outbound/signing/quorum/statements';
import type { Configuration } from '../../platform/config/configuration';
import { loadKeccak } from '../../platform/keccak';
import { CertifiedEntries } from './certified-entries';
import { restoreQuorum } from './restore-quorum';

const FEED = { policy: { warmUpMs: 1_000, graceMs: 400 }, sources: { a: {}, b: {} } };
const PLAN = planOf({ 'BTC/USD': FEED, 'USDC/USD': FEED });
const HASH = new Uint8Array(32).fill(7);
/** Past the end of the first step of the risk grid, a hundred seconds after the start. */
const UNTIL_MS = 102_000;
const LEAVES_A_FEED = 6;

/** BTC moves, a little differently for each; USDC is told once and stands. */
function seen(now: number, member: number): ObservedFeed[] {
  const btc = 6_500_000 + (Math.floor(now / 1_000) % 17) * 100 + member;
  return [btc, 100].map((price) => ({
    reasons: 0,
    observedAt: 1_700_000_000_000,
    prices: { price, low: price - 1, high: price + 1, collateral: undefined, liability: undefined },
    sources: { used: 4, upstreams: 4 },
    dispersionBps: 1,
  }));
}

/** Of each cut what it says of risk: the figures, if it carries any, and the root that stands. */
function risksOf({ certified }: Member): Map<number, unknown> {
  return new Map(
    certified.map(({ cut }) => [cut.number, [cut.risk, Buffer.from(cut.header.riskRoot).toString('hex')]]),
  );
}

describe('the risk of a quorum', () => {
  let keccak: Keccak;
  let network: QuorumNetwork;

  beforeAll(async () => {
    const [curve, signers] = [await loadSecp256k1(), await anvilSigners(3, (keccak = await loadKeccak()))];
    network = new QuorumNetwork({ plan: PLAN, signers, threshold: 2, curve, keccak }, seen);
    const last = network.members[2]!;
    await network.clock.advance(45_000);
    network.kill(last);
    await network.clock.advance(30_000);
    network.restart(last);
    await network.clock.advance(UNTIL_MS - 75_000);
  }, 240_000);

  it('is the same at all members, one that was away and caught up among them', () => {
    const [first, ...others] = network.members.map(risksOf);
    const carriers = [...first!].flatMap(([number, said]) => ((said as [unknown])[0] ? [number] : []));
    expect(carriers).toHaveLength(2);
    for (const other of others) {
      expect(Math.max(...other.keys())).toBe(Math.max(...first!.keys()));
      for (const [number, said] of other) expect(said).toEqual(first!.get(number));
      for (const number of carriers) expect(other.has(number)).toBe(true);
    }
  });

  it('is the same after restarts over a ledger, and is served with what stands from the first cut on', async () => {
    const { certified } = network.members[0]!;
    const ledger = new MemoryLedger();
    let process = await begin(ledger);
    for (const [index, { certificate, cut }] of certified.entries()) {
      const starts = index % 61 === 60;
      if (starts) process = await begin(ledger);
      const entry = process(certificate);
      await ledger.append(entry);
      expect(entry.cut.header).toEqual(cut.header);
      if (!starts) expect(entry.cut.risk).toEqual(cut.risk);
      if (!starts) continue;
      const view = new LatestView(PLAN, HASH, keccak);
      view.fold(entry);
      const { header } = view.signed!;
      const leaves = PLAN.feeds.flatMap((_, feed) => view.risk!.feed(feed));
      expect(leaves).toHaveLength(PLAN.feeds.length * LEAVES_A_FEED);
      const horizons = leaves.filter((_, leaf) => leaf % LEAVES_A_FEED < LEAVES_A_FEED - 1);
      const said = horizons.map(({ bytes, proof }) => verifyHorizon(bytes, proof, header, { keccak }));
      expect(new Set(said.map(({ asOf }) => asOf))).toEqual(new Set([view.risk!.risk.asOf]));
    }
  });

  /** A process over this ledger: from certificates to what is appended. */
  async function begin(ledger: MemoryLedger): Promise<(certificate: Certificate) => LedgerEntry> {
    const rule = { severity: 'warning', forMs: 0 };
    const configuration = {
      plan: PLAN,
      configHash: `sha256:${'07'.repeat(32)}`,
      alerts: { rules: { sourceDown: rule, mediansDisagree: rule, feedHalted: rule } },
      service: { signer: { epoch: 1 } },
    } as unknown as Configuration;
    const signers = network.terms.signers.map((address) => ({ address, url: 'ws://127.0.0.1:9000' }));
    const quorum = {
      threshold: 2,
      toleranceBps: 50,
      cutEveryMs: 200,
      signers,
      followers: [],
      effectiveFrom: undefined,
    };
    const log = { warn: () => undefined };
    const restored = await restoreQuorum([{ configuration, quorum }], network.statements, ledger, log);
    const seenHere = () => ({ verdicts: [], operator: [] });
    const entries = new CertifiedEntries({ ...restored, seen: seenHere, localState: undefined });
    return (certificate) => {
      const cut = restored.chain.append(certificate);
      if (typeof cut === 'string') throw new Error(cut);
      return entries.entry(certificate, cut);
    };
  }
});
