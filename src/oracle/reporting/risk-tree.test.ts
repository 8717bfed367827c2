import { plainRisk } from '../../../test/support/arbitrary-risk';
import { planOf } from '../../../test/support/plans';
import { loadKeccak } from '../../platform/keccak';
import { decodeDependenceLeaf, feedsHash } from './dependence-leaf';
import { decodeHorizonLeaf } from './horizon-leaf';
import type { Keccak } from './keccak';
import { decodeMarginLeaf } from './margin-leaf';
import { NO_ROOT } from './packed-groups';
import { RiskTree } from './risk-tree';
import { riskWords } from './risk-words';
import { verifyProof } from './snapshot-tree';

const PLAN = planOf({ 'BTC/USD': { sources: {} }, 'ETH/USD': { sources: {} } });
const RISK = plainRisk(258);

describe(RiskTree.name, () => {
  let keccak: Keccak;
  let tree: RiskTree;

  beforeAll(async () => {
    keccak = await loadKeccak();
    tree = new RiskTree(RISK, PLAN, keccak);
  });

  test('has a leaf for each horizon of each feed, one for its margin, and the blocks of both matrices', () => {
    for (const feed of [0, 1]) {
      const leaves = tree.feed(feed).map(({ bytes }) => bytes);
      const margin = decodeMarginLeaf(leaves.pop()!);
      const horizons = leaves.map(decodeHorizonLeaf);
      expect(horizons.map(({ horizon }) => horizon)).toEqual(['1m', '5m', '1h', '1d', '10d']);
      const id = PLAN.feeds[feed]!.id;
      expect([margin, ...horizons].map(({ feed: of, asOf, modelVersion }) => [of, asOf, modelVersion])).toEqual(
        Array(6).fill([id, 258, 1]),
      );
    }
    const blocks = tree.dependence().map(({ bytes }) => decodeDependenceLeaf(bytes));
    expect(blocks.map(({ matrix, values }) => [matrix, ...values])).toEqual([
      ['correlation', 24_575],
      ['stress', -16_383],
    ]);
    for (const block of blocks) expect(block.feedsHash).toEqual(feedsHash(PLAN.feeds, keccak));
  });

  test('proves each of them under its root', () => {
    for (const { bytes, proof } of [...tree.feed(0), ...tree.feed(1), ...tree.dependence()]) {
      expect(verifyProof(bytes, proof, tree.root, keccak)).toBe(true);
    }
  });

  test('the same figures give the same root, others another', () => {
    expect(new RiskTree(plainRisk(258), PLAN, keccak).root).toEqual(tree.root);
    expect(new RiskTree(plainRisk(259), PLAN, keccak).root).not.toEqual(tree.root);
    expect(new RiskTree({ ...RISK, dependence: undefined }, PLAN, keccak).root).not.toEqual(tree.root);
  });

  test('written by and by, it is the same', () => {
    const slow = new RiskTree(RISK, PLAN, keccak);
    for (let leaves = 0; leaves < slow.size + 3; leaves += 3) slow.write(leaves);
    expect([slow.size, slow.root]).toEqual([14, tree.root]);
    expect([slow.feed(1), slow.dependence()]).toEqual([tree.feed(1), tree.dependence()]);
  });

  test('says nothing of a feed that the risk does not mention, and has no root where there is none', () => {
    expect(tree.feed(2)).toEqual([]);
    const none = new RiskTree({ ...RISK, feeds: [], dependence: undefined }, PLAN, keccak);
    expect([none.root, none.dependence()]).toEqual([NO_ROOT, []]);
  });

  test('refuses a feed that the plan does not have', () => {
    const risk = { ...RISK, feeds: [{ ...RISK.feeds[0]!, feed: 2 }] };
    expect(() => new RiskTree(risk, PLAN, keccak)).toThrow('risk speaks of feed 2, and there are 2');
  });
});

describe(riskWords.name, () => {
  test('says what the leaves say; what is not known is not said', () => {
    const known = JSON.parse(JSON.stringify(riskWords(RISK, 0, PLAN))) as { horizons: Record<string, unknown> };
    expect(known).toMatchObject({
      ...{ asOf: '258', modelVersion: 1, flags: [], costToMove: '12345678', realisedPpm: 3_907, diffusivePpm: 1_954 },
      ...{ haircut: { rawPpm: 125_000, smoothedPpm: 156_250 }, weightsBps: [5_000, 2_500, 2_500] },
    });
    expect(known.horizons['10d']).toMatchObject({
      observations: 1_996,
      sigmaPpm: 15_625,
      fall: { '0.95': { valueAtRiskPpm: 31_250, expectedShortfallPpm: 46_875 } },
    });
    const unknown = JSON.parse(JSON.stringify(riskWords(RISK, 1, PLAN))) as { horizons: Record<string, unknown> };
    expect(unknown).toMatchObject({ flags: ['degraded', 'tooLittleHistory'], weightsBps: [] });
    expect(unknown.horizons['1m']).toEqual({ observations: 0 });
    expect(riskWords(RISK, 2, PLAN)).toBeUndefined();
  });
});
