import { plainRisk } from '../../test/support/arbitrary-risk';
import { OracleDriver, T0 } from '../../test/support/oracle-driver';
import { planOf } from '../../test/support/plans';
import { loadKeccak } from '../platform/keccak';
import { ComingRisk } from './coming-risk';
import type { Keccak } from './reporting/keccak';
import { RiskTree } from './reporting/risk-tree';
import type { Risk } from './risk/figures';

const FEEDS = 70;
const PLAN = planOf(
  Object.fromEntries(Array.from({ length: FEEDS }, (_, feed) => [`A${feed}/USD`, { sources: { a: {} } }])),
);

describe(ComingRisk.name, () => {
  let keccak: Keccak;
  beforeAll(async () => {
    keccak = await loadKeccak();
  });

  const treeOf = (feeds: number): RiskTree => {
    const [first] = plainRisk(7).feeds;
    const risk: Risk = {
      ...plainRisk(7),
      feeds: Array.from({ length: feeds }, (_, feed) => ({ ...first!, feed })),
      dependence: undefined,
    };
    return new RiskTree(risk, PLAN, keccak);
  };

  test.each([
    ['33 feeds: with the cut that took it', 33, 0],
    ['34: within the second', 34, 0.02],
    ['70: in a little more than one', 70, 1.1],
  ])('is there, of %s', (_, feeds, seconds) => {
    const coming = new ComingRisk(treeOf(feeds), T0);
    if (seconds > 0) expect(coming.at(T0 + seconds * 1_000 - 10)).toBeUndefined();
    expect(coming.at(T0 + seconds * 1_000)?.root).toEqual(treeOf(feeds).root);
  });

  test('is the same, however many cuts lie between', () => {
    const coming = new ComingRisk(treeOf(FEEDS), T0);
    for (let at = T0; at < T0 + 1_100; at += 10) expect(coming.at(at)).toBeUndefined();
    expect(coming.at(T0 + 1_100)?.root).toEqual(treeOf(FEEDS).root);
  });

  test('comes at once after a start, later in its time; the root before it stands until then', () => {
    const driver = new OracleDriver(PLAN, keccak);
    driver.to(T0);
    driver.to(T0 + 300_000);
    const carriers = driver.cuts.filter(({ risk }) => risk !== undefined);
    expect(carriers.map(({ at, number, risk }) => [at - T0, number - risk!.asOf])).toEqual([
      [0, 0],
      [63_000, 200],
    ]);
    const roots = carriers.map(({ risk }) => new RiskTree(risk!, PLAN, keccak).root);
    for (const { at, header } of driver.cuts) expect(header.riskRoot).toEqual(roots[at < T0 + 63_000 ? 0 : 1]);
  });
});
