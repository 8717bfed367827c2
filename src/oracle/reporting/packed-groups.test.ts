import { twoSourcesEach } from '../../../test/support/ledger-entries';
import { loadKeccak } from '../../platform/keccak';
import type { Report } from '../report';
import type { Keccak } from './keccak';
import { PackedGroup } from './packed-group';
import { PackedGroups } from './packed-groups';
import { verifyProof } from './snapshot-tree';

const FEEDS = twoSourcesEach('BTC/USD', 'ETH/USD', 'USDT/USD');
const PLAN = {
  ...FEEDS,
  groups: [
    { name: 'majors', feeds: [1, 0] },
    { name: 'all', feeds: [0, 1, 2] },
    { name: 'dollar', feeds: [2] },
  ],
};
const CUT = 180_000_000_000;

function reportOf(feed: number, price: number, ageMs = 0): Report {
  return {
    feed,
    sequence: 1,
    cut: CUT,
    observedAt: CUT * 10 - ageMs,
    status: 'ok',
    reasons: [],
    permits: ['open', 'withdraw', 'liquidate', 'repay', 'topUp'],
    prices: { price, low: price - 10, high: price + 10, collateral: price - 10, liability: price + 10 },
    sources: { used: 2, upstreams: 2 },
    dispersionBps: 0,
  };
}

describe(PackedGroups.name, () => {
  let keccak: Keccak;
  let packed: PackedGroups;

  beforeEach(async () => {
    keccak = await loadKeccak();
    packed = new PackedGroups(PLAN, keccak);
    for (const feed of [0, 1, 2]) packed.take(reportOf(feed, 10_000 + feed));
  });

  test('leads from the leaf of every group to one root', () => {
    const root = packed.pack(CUT);
    for (const group of PLAN.groups.keys()) {
      expect(verifyProof(packed.leaf(group)!, packed.proof(group), root, keccak)).toBe(true);
    }
  });

  test('packs the feeds of a group in its own order, as of the cut', () => {
    packed.pack(CUT);
    const majors = new PackedGroup([FEEDS.feeds[1]!, FEEDS.feeds[0]!], keccak);
    expect(packed.leaf(0)).toEqual(majors.leaf([reportOf(1, 10_001), reportOf(0, 10_000)], CUT));
    expect(packed.hash(0)).toEqual(majors.hash);
  });

  test('lets what nobody reported anew grow older, and is the same whenever it was asked before', () => {
    packed.pack(CUT);
    const later = packed.pack(CUT + 1_000);
    const fresh = new PackedGroups(PLAN, keccak);
    for (const feed of [0, 1, 2]) fresh.take(reportOf(feed, 10_000 + feed));
    expect(fresh.pack(CUT + 1_000)).toEqual(later);
    const young = new PackedGroups(PLAN, keccak);
    for (const feed of [0, 1, 2]) young.take({ ...reportOf(feed, 10_000 + feed), observedAt: (CUT + 1_000) * 10 });
    expect(young.pack(CUT + 1_000)).not.toEqual(later);
  });

  test('writes a feed that has said nothing yet as halted', () => {
    const silent = new PackedGroups(PLAN, keccak);
    silent.pack(CUT);
    expect(silent.leaf(2)).toEqual(new PackedGroup([FEEDS.feeds[2]!], keccak).leaf([undefined], CUT));
  });

  test('has the root zero where no group is configured', () => {
    expect(new PackedGroups(FEEDS, keccak).pack(CUT)).toEqual(new Uint8Array(32));
  });
});
