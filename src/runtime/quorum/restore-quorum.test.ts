import { planOf } from '../../../test/support/plans';
import { anvilSigners } from '../../../test/support/quorum';
import { QuorumNetwork } from '../../../test/support/quorum-network';
import type { ObservedFeed } from '../../oracle/certifying/observed-feed';
import type { OraclePlan } from '../../oracle/plan';
import { cutInstant } from '../../oracle/units/time';
import { MemoryLedger } from '../../outbound/ledger/memory-ledger';
import { loadSecp256k1 } from '../../outbound/signing/secp256k1';
import type { Statements } from '../../outbound/signing/quorum/statements';
import type { Configuration } from '../../platform/config/configuration';
import { loadKeccak } from '../../platform/keccak';
import { CertifiedEntries } from './certified-entries';
import type { QuorumSetting } from './quorum-setting';
import { restoreQuorum, type QuorumSettings } from './restore-quorum';

const FEED = { policy: { warmUpMs: 1_000, graceMs: 400 }, sources: { a: {}, b: {} } };
const PLAN = planOf({ 'BTC/USD': FEED });
const NEXT_PLAN = planOf({ 'ETH/USD': FEED, 'BTC/USD': FEED });
const FROM = 170_000_000_300;

const seen: ObservedFeed = {
  reasons: 0,
  observedAt: 1_700_000_000_000,
  prices: { price: 100_000, low: 99_980, high: 100_020, collateral: undefined, liability: undefined },
  sources: { used: 4, upstreams: 4 },
  dispersionBps: 1,
};

/** What a member that went over at `FROM` has kept, and the settings that it was told of. */
async function went(untilMs = 5_000) {
  const [keccak, curve] = await Promise.all([loadKeccak(), loadSecp256k1()]);
  const signers = await anvilSigners(3, keccak);
  const next = { plan: NEXT_PLAN, signers, terms: { from: FROM, configHash: new Uint8Array(32).fill(8) } };
  const network = new QuorumNetwork({ plan: PLAN, signers, threshold: 2, curve, keccak, next }, (_now, _member, cut) =>
    (cut < FROM ? PLAN : NEXT_PLAN).feeds.map(() => seen),
  );
  await network.clock.advance(untilMs);
  const setting = (plan: OraclePlan, hash: string, toleranceBps = 50): QuorumSetting => {
    const rule = { severity: 'warning', forMs: 0 };
    const rules = { sourceDown: rule, mediansDisagree: rule, feedHalted: rule };
    const configuration = {
      plan,
      configHash: `sha256:${hash.repeat(32)}`,
      alerts: { rules },
      service: { signer: { epoch: 1 } },
    };
    const peers = network.terms.signers.map((address) => ({ address, url: 'ws://127.0.0.1:9000' }));
    const effectiveFrom = plan === PLAN ? undefined : cutInstant(FROM);
    const quorum = { threshold: 2, toleranceBps, cutEveryMs: 200, signers: peers, followers: [], effectiveFrom };
    return { configuration: configuration as unknown as Configuration, quorum };
  };
  const [before, after] = [setting(PLAN, '07'), setting(NEXT_PLAN, '08')];
  const { statements } = network;
  const ledger = new MemoryLedger();
  const restored = await restore([before, after], statements, ledger);
  const none = { verdicts: [], operator: [] };
  const entries = new CertifiedEntries({ ...restored, seen: () => none, localState: () => ({ own: 'state' }) });
  const { certified } = network.members[0]!;
  for (const { certificate } of certified) {
    const cut = restored.chain.append(certificate);
    if (typeof cut === 'string') throw new Error(cut);
    await ledger.append(entries.entry(certificate, cut));
  }
  return { ledger, statements, before, after, other: setting(PLAN, '09'), tip: restored.chain.tip };
}

const warnings: string[] = [];
beforeEach(() => void warnings.splice(0));

function restore(settings: QuorumSettings, statements: Statements, ledger: MemoryLedger) {
  return restoreQuorum(settings, statements, ledger, { warn: (text: string) => void warnings.push(text) });
}

describe('restoreQuorum', () => {
  it('continues a ledger of the era before, and goes over with it', async () => {
    const { ledger, statements, before, after, tip } = await went(2_800);
    expect(tip.cut).toBeLessThan(FROM);
    const { chain, localState } = await restore([before, after], statements, ledger);
    expect([chain.tip, localState]).toEqual([tip, { own: 'state' }]);
    expect(chain.eraOf(FROM).terms.from).toBe(FROM);
    expect(warnings).toEqual([]);
  });

  it('continues a ledger of both, by both settings or by the later one alone', async () => {
    const { ledger, statements, before, after, tip } = await went();
    expect(tip.cut).toBeGreaterThan(FROM);
    for (const settings of [[before, after], [after]] as const) {
      const { chain, alerts } = await restore(settings, statements, ledger);
      expect(chain.tip).toEqual(tip);
      expect(chain.certifier.lastCut).toBe(tip.cut);
      expect(alerts.state()).toEqual((await restore([before, after], statements, ledger)).alerts.state());
    }
    expect(warnings).toEqual([]);
  });

  it('writes a checkpoint with the first cut of an era', async () => {
    const { ledger } = await went();
    expect((await ledger.checkpoint())!.cut.number).toBe(FROM);
  });

  it('takes what was certified under still other terms for history, and says so', async () => {
    const { ledger, statements, other } = await went(2_800);
    const { chain, localState } = await restore([other], statements, ledger);
    expect([chain.tip.cut, localState]).toEqual([0, undefined]);
    expect(warnings).toEqual([expect.stringContaining('under other terms: it is history')]);
  });

  it('does not begin an era of whose past nothing is known', async () => {
    const { ledger, statements, after } = await went(2_800);
    await expect(restore([after], statements, new MemoryLedger())).rejects.toThrow(
      'the ledger has nothing that its terms go on from',
    );
    await expect(restore([after], statements, ledger)).rejects.toThrow('name the configuration before with --config');
  });
});
