import { planOf } from '../../../test/support/plans';
import { loadKeccak } from '../../platform/keccak';
import { stateFromJson, stateToJson } from '../../runtime/state-json';
import { reasonBit } from '../guarding/reasons';
import type { FeedPlan } from '../plan';
import type { Keccak } from '../reporting/keccak';
import { SnapshotTree } from '../reporting/snapshot-tree';
import { Certifier, type CertifierState } from './certifier';
import type { ObservedFeed } from './observed-feed';

const PLAN = planOf({
  'BTC/USD': { policy: { warmUpMs: 2_000, graceMs: 1_000 }, sources: { a: {}, b: {} } },
  'ETH/USD': { policy: { warmUpMs: 2_000, graceMs: 1_000 }, sources: { a: {}, b: {} } },
});
const FIRST = 170_000_000_000;
const SLOT = 25;

let keccak: Keccak;
beforeAll(async () => {
  keccak = await loadKeccak();
});

function certifier(state?: CertifierState, plan = PLAN, configHash = new Uint8Array(32)): Certifier {
  const options = { keccak, configHash, signerEpoch: 1 };
  return new Certifier(plan, { ...options, rules: { threshold: 2, toleranceBps: 50 } }, state);
}

function seen(price: number | undefined): ObservedFeed {
  const prices =
    price === undefined
      ? undefined
      : { price, low: price - 5, high: price + 5, collateral: undefined, liability: undefined };
  return {
    reasons: prices === undefined ? reasonBit('tooFewUpstreams') : 0,
    observedAt: prices && FIRST * 10,
    prices,
    sources: { used: 4, upstreams: 4 },
    dispersionBps: 0,
  };
}

/** Three signers who see BTC a little apart. */
const views = (btc: number | undefined, eth: number | undefined): ObservedFeed[][] =>
  [0, 1, 2].map((off) => [seen(btc && btc + off), seen(eth && eth + off)]);

function run(of: Certifier, from: number, to: number, price = (slot: number): number => 10_000 + (slot % 7)): void {
  for (let slot = from; slot < to; slot += 1) {
    of.draft(FIRST + slot * SLOT, views(price(slot), 2_000));
    of.commit();
  }
}

describe('Certifier', () => {
  it('writes the same bytes from the same observations, whatever else was drafted before', () => {
    const [plain, distracted] = [certifier(), certifier()];
    run(plain, 0, 10);
    run(distracted, 0, 10);
    distracted.draft(FIRST + 11 * SLOT, views(undefined, 9_999));
    distracted.draft(FIRST + 17 * SLOT, views(12_345, 2_345));
    const cut = FIRST + 12 * SLOT;
    expect(distracted.draft(cut, views(10_050, 2_010))).toEqual(plain.draft(cut, views(10_050, 2_010)));
    distracted.commit();
    plain.commit();
    expect(distracted.state()).toEqual(plain.state());
  });

  it('repeats nothing that stands, and refreshes figures once a second', () => {
    const one = certifier();
    run(one, 0, 1);
    const same = one.draft(FIRST + SLOT, views(10_000, 2_000));
    expect([same.reports, same.figures]).toEqual([[], []]);
    const changed = one.draft(FIRST + SLOT, views(10_000, 2_001));
    expect(changed.reports).toMatchObject([{ feed: 1, sequence: 2, prices: { price: 2_002 } }]);
    expect(one.draft(FIRST + 4 * SLOT, views(10_000, 2_000)).figures).toHaveLength(2);
  });

  it('warms up by what was certified, and then knows the prices for new risk', () => {
    const one = certifier();
    run(one, 0, 20, () => 10_000);
    const [report] = one.draft(FIRST + 20 * SLOT, views(10_100, 2_000)).reports;
    expect(report).toMatchObject({ status: 'ok', prices: { price: 10_101, collateral: 10_001, liability: 10_106 } });
  });

  it('continues from its state, to the byte', () => {
    const one = certifier();
    run(one, 0, 30);
    const json = JSON.stringify(stateToJson(one.state()));
    const other = certifier(stateFromJson(JSON.parse(json)) as CertifierState);
    run(one, 30, 33);
    run(other, 30, 33);
    expect(other.state()).toEqual(one.state());
  });

  describe('of another plan', () => {
    const [btc, eth] = PLAN.feeds as [FeedPlan, FeedPlan];
    const next = FIRST + 20 * SLOT;
    let state: CertifierState;
    beforeEach(() => {
      const one = certifier();
      run(one, 0, 20, () => 10_000);
      state = one.state();
    });

    it('continues each feed wherever it stands now', () => {
      const swapped = certifier(state, { ...PLAN, feeds: [eth, btc] });
      const swap = views(10_000, 2_000).map(([first, second]) => [second!, first!]);
      expect(swapped.draft(next, swap).reports).toEqual([]);
      swapped.commit();
      const feeds = swapped.state().feeds;
      expect(feeds['BTC/USD v1']?.report).toMatchObject({
        feed: 1,
        sequence: state.feeds['BTC/USD v1']?.report?.sequence,
      });
    });

    it('drops a feed that is gone, and begins one that is new or a new version', () => {
      const migrated = { ...eth, asset: { ...eth.asset, version: 2 } };
      const other = certifier(state, { ...PLAN, feeds: [migrated, btc] });
      const swap = views(10_000, 2_000).map(([first, second]) => [second!, first!]);
      expect(other.draft(next, swap).reports).toMatchObject([{ feed: 0, sequence: 1, status: 'warming' }]);
      other.commit();
      expect(Object.keys(other.state().feeds)).toEqual(['ETH/USD v2', 'BTC/USD v1']);
    });

    it('tells everything once more under another configuration, and goes on', () => {
      const other = certifier(state, PLAN, new Uint8Array(32).fill(1));
      const first = other.draft(next, views(10_000, 2_000));
      expect(first).toMatchObject({ figures: [{}, {}], risk: { asOf: next } });
      expect(first.reports.map(({ status, sequence }) => [status, sequence])).toEqual([
        ['ok', state.feeds['BTC/USD v1']!.report!.sequence + 1],
        ['ok', state.feeds['ETH/USD v1']!.report!.sequence + 1],
      ]);
      other.commit();
      expect(other.draft(next + 1, views(10_000, 2_000))).toMatchObject({ reports: [], figures: [] });
    });

    it('repeats no integers of other decimals', () => {
      const finer = certifier(state, { ...PLAN, feeds: [{ ...btc, decimals: 3 }, eth] });
      expect(finer.draft(next, views(10_000, 2_000)).reports).toMatchObject([{ feed: 0, status: 'ok' }]);
    });
  });

  it('begins anew where nothing was certified until the last snapshot had run out', () => {
    const one = certifier();
    run(one, 0, 20, () => 10_000);
    const held = one.draft(FIRST + 19 * SLOT + 500, views(10_000, 2_000));
    const lapsed = one.draft(FIRST + 19 * SLOT + 501, views(10_000, 2_000));
    expect(held.reports).toEqual([]);
    expect(lapsed.reports.map(({ status }) => status)).toEqual(['grace', 'grace']);
  });

  it('can repeat all that stands beside a cut, for who heard nothing before it', () => {
    const one = certifier();
    run(one, 0, 20, () => 10_000);
    one.draft(FIRST + 20 * SLOT, views(10_000, 2_001));
    const newest = one.commit();
    const whole = one.withStanding(newest);
    expect(newest.reports).toHaveLength(1);
    expect(whole).toMatchObject({ reports: [{ feed: 0 }, newest.reports[0]], figures: [{ feed: 0 }, { feed: 1 }] });
    const tree = new SnapshotTree(4, keccak);
    for (const { index, bytes } of whole.leaves) tree.set(index, bytes);
    expect(tree.root()).toEqual(whole.header.root);
  });

  it('halts a feed that too few see, and only that', () => {
    const one = certifier();
    run(one, 0, 20, () => 10_000);
    const { reports } = one.draft(FIRST + 20 * SLOT, [
      ...views(10_000, undefined).slice(0, 2),
      views(10_000, 2_000)[2]!,
    ]);
    expect(reports).toMatchObject([{ feed: 1, status: 'halted', reasons: ['tooFewUpstreams'], prices: undefined }]);
  });

  it.each([FIRST, FIRST - 1])('refuses cut %d after %#: no number is certified twice', (cut) => {
    const one = certifier();
    run(one, 0, 1);
    expect(() => one.draft(cut, views(1, 1))).toThrow(`cut ${cut} is not above ${FIRST}`);
    expect(() => one.commit()).toThrow('no cut was drafted');
  });
});
