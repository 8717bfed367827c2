import fc from 'fast-check';
import { planOf } from '../../../test/support/plans';
import { Random } from '../../lab/market/random';
import { loadKeccak } from '../../platform/keccak';
import { stateFromJson, stateToJson } from '../../runtime/state-json';
import type { Keccak } from '../reporting/keccak';
import { RiskTree } from '../reporting/risk-tree';
import { Certifier, type CertifiedCut, type CertifierState } from './certifier';
import type { ObservedFeed } from './observed-feed';

const PLAN = planOf({
  'BTC/USD': { policy: { warmUpMs: 2_000, graceMs: 1_000 }, sources: { a: {}, b: {} } },
  'ETH/USD': { policy: { warmUpMs: 2_000, graceMs: 1_000 }, sources: { a: {}, b: {} } },
});
/** A whole hour in ticks; cuts are counted in seconds from it. */
const FIRST = 170_000_280_000;
const SECOND = 100;
const STEP = 300;
const LIVED = 4_000;

let keccak: Keccak;
beforeAll(async () => {
  keccak = await loadKeccak();
});

function certifier(state?: CertifierState, plan = PLAN): Certifier {
  const options = { keccak, configHash: new Uint8Array(32), signerEpoch: 1 };
  return new Certifier(plan, { ...options, rules: { threshold: 1, toleranceBps: 50 } }, state);
}

function seen(price: number, cut: number): ObservedFeed {
  const prices = { price, low: price - 5, high: price + 5, collateral: undefined, liability: undefined };
  return { reasons: 0, observedAt: cut * 10, prices, sources: { used: 4, upstreams: 4 }, dispersionBps: 0 };
}

/** What one signer sees second by second: two prices that diffuse, and share some of it. */
const SEEN = ((): ((second: number) => readonly [number, number]) => {
  const random = new Random(3);
  let [btc, eth] = [1, 1];
  const path = Array.from({ length: LIVED + 1_000 }, () => {
    const shared = random.normal();
    btc *= 1 + 0.0002 * (shared + random.normal());
    eth *= 1 + 0.0003 * (shared + random.normal());
    return [Math.round(btc * 6_000_000), Math.round(eth * 200_000)] as const;
  });
  return (second) => path[second] ?? [1, 1];
})();

function draft(of: Certifier, second: number, ticks = 0): CertifiedCut {
  const cut = FIRST + second * SECOND + ticks;
  return of.draft(cut, [SEEN(second).map((price) => seen(price, cut))]);
}

function run(of: Certifier, from: number, to: number): CertifiedCut[] {
  return Array.from({ length: to - from }, (_, index) => {
    draft(of, from + index);
    return of.commit();
  });
}

describe('the risk of certified cuts', () => {
  const models = new Map<string, Float64Array>();
  let cuts: CertifiedCut[];
  let checkpoint: CertifierState;
  let state: CertifierState;
  /** Until then the checkpoint knows. */
  const KEPT = LIVED - 100;

  beforeAll(() => {
    const whole = certifier();
    cuts = [];
    for (let minute = 0; minute < KEPT; minute += 60) {
      cuts.push(...run(whole, minute, Math.min(minute + 60, KEPT)));
      for (const [key, model] of whole.saveModels()) models.set(key, model);
    }
    checkpoint = throughJson(whole.checkpoint());
    cuts.push(...run(whole, KEPT, LIVED));
    state = whole.state();
  });

  it('is carried by the first and by that after each step of the grid; its root stands until the next', () => {
    const carriers = cuts.flatMap(({ number, risk }) => (risk === undefined ? [] : [(number - FIRST) / SECOND]));
    expect(carriers).toEqual([0, ...Array.from({ length: 13 }, (_, step) => 1 + (step + 1) * STEP)]);
    let root = new Uint8Array(32);
    for (const { risk, header } of cuts) {
      if (risk !== undefined) root = Uint8Array.from(new RiskTree(risk, PLAN, keccak).root);
      expect(Buffer.compare(header.riskRoot, root)).toBe(0);
    }
  });

  it('knows volatility after an hour, and nothing of what only one signer knows', () => {
    const { risk } = cuts.findLast((cut) => cut.risk !== undefined)!;
    for (const feed of risk!.feeds) {
      expect(feed.horizons.map(({ sigma }) => sigma !== undefined)).toEqual([true, true, false, false, false]);
      expect(feed.costToMove).toBeUndefined();
    }
  });

  it('is the same after a restart, from a small checkpoint, older models and the cuts since', () => {
    const restored = certifier({ ...checkpoint, risk: { ...checkpoint.risk, models } });
    run(restored, KEPT, LIVED);
    expect(stateToJson(restored.state())).toEqual(stateToJson(state));
    expect(run(restored, LIVED, LIVED + 700)).toEqual(run(certifier(state), LIVED, LIVED + 700));
    expect(JSON.stringify(stateToJson(checkpoint.risk.past)).length).toBeLessThan(30_000);
  });

  it('is written over some cuts where it is large, and restarts in the middle of that change nothing', () => {
    const feed = { sources: { a: {}, b: {} } };
    const plan = planOf(Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`C${index}/USD`, feed])));
    const [whole, steps] = [certifier(undefined, plan), Array.from({ length: 20 }, (_, step) => 29_900 + 10 * step)];
    let restarted = certifier(undefined, plan);
    const written = steps.map((ticks) => {
      const views = plan.feeds.map((_, index) => seen(10_000 + index, FIRST + ticks));
      restarted = certifier(throughJson(restarted.state()), plan);
      restarted.draft(FIRST + ticks + 3, [views]);
      restarted.draft(FIRST + ticks, [views]);
      whole.draft(FIRST + ticks, [views]);
      const cut = whole.commit();
      expect(restarted.commit()).toEqual(cut);
      return cut;
    });
    const carriers = written.flatMap(({ number, risk }) =>
      risk ? [[number, risk.asOf].map((cut) => cut - FIRST)] : [],
    );
    expect(carriers).toEqual([
      [29_900, 29_900],
      [30_030, 30_010],
    ]);
  });

  it('does not change by what was drafted and dropped: no later byte does', () => {
    const drafts = fc.array(fc.record({ second: fc.nat(400), ticks: fc.nat(SECOND) }), { maxLength: 4 });
    const steps = fc.array(fc.record({ seconds: fc.integer({ min: 1, max: 200 }), dropped: drafts }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(steps, (lives) => {
        const [plain, distracted] = [certifier(state), certifier(state)];
        let second = LIVED;
        for (const { seconds, dropped } of lives) {
          second += Math.min(seconds, LIVED + 400 - second);
          if (FIRST + second * SECOND <= plain.lastCut) return;
          for (const other of dropped) {
            const later = LIVED + other.second;
            if (FIRST + later * SECOND > distracted.lastCut) draft(distracted, later, other.ticks);
          }
          expect(draft(distracted, second)).toEqual(draft(plain, second));
          expect(distracted.commit()).toEqual(plain.commit());
        }
        expect(stateToJson(distracted.checkpoint())).toEqual(stateToJson(plain.checkpoint()));
      }),
      { numRuns: 60 },
    );
  });
});

/** As a ledger keeps it. */
function throughJson(state: CertifierState): CertifierState {
  return stateFromJson(JSON.parse(JSON.stringify(stateToJson(state)))) as CertifierState;
}
