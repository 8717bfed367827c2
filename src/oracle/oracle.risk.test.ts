import { OracleDriver, T0 } from '../../test/support/oracle-driver';
import { planOf } from '../../test/support/plans';
import { loadKeccak } from '../platform/keccak';
import { stateFromJson, stateToJson } from '../runtime/state-json';
import type { Cut } from './cut';
import type { OracleState } from './oracle';
import type { Keccak } from './reporting/keccak';
import { NO_ROOT } from './reporting/packed-groups';
import { RiskTree } from './reporting/risk-tree';
import { dependenceWords, riskWords } from './reporting/risk-words';

const PLAN = planOf({
  'BTC/USD': { sources: { a: {}, b: {}, c: {}, d: {} } },
  'ETH/USD': { sources: { a: {}, b: {}, c: {}, d: {} } },
});

/** Sums of the digits of sequences that do not repeat soon: two walks, and one that both prices share. */
const WALKS = [3, 7, 11].map((seed) => {
  let sum = 0;
  return Array.from({ length: 4_500 }, (_, step) => (sum += (((step * step * seed + step * 17) % 101) - 50) / 50));
});

/** Every second from one to another after T0. */
function run(driver: OracleDriver, from: number, to: number): void {
  for (let second = from; second < to; second += 1) driver.to(T0 + second * 1_000, driver.say(saying(second)));
}

function saying(second: number): Record<string, number> {
  const [shared = 0, btc = 0, eth = 0] = WALKS.map((walk) => walk[second] ?? 0);
  const prices = { 'BTC/USD': 65_000 + 5 * (shared + btc), 'ETH/USD': 3_000 + 0.5 * (shared + eth) };
  return Object.fromEntries(
    Object.entries(prices).flatMap(([feed, price]) => ['a', 'b', 'c', 'd'].map((venue) => [`${venue}:${feed}`, price])),
  );
}

/** What was published of risk: its figures in words, and the root over their bytes. */
function riskOf(cuts: readonly Cut[]): object[] {
  return cuts.flatMap(({ number, risk, header }) =>
    risk === undefined
      ? []
      : {
          number,
          root: Buffer.from(header.riskRoot).toString('hex'),
          feeds: PLAN.feeds.map((_, feed) => riskWords(risk, feed, PLAN)),
          together: risk.dependence && dependenceWords(risk, risk.dependence),
        },
  );
}

function throughJson(state: OracleState): OracleState {
  return stateFromJson(JSON.parse(JSON.stringify(stateToJson(state)))) as OracleState;
}

describe('the risk of an oracle', () => {
  const [CHECKPOINT, RESTART, END] = [4_000, 4_200, 4_500];
  let keccak: Keccak;
  let whole: OracleDriver;
  let states: OracleState[];
  let absorbed: readonly Cut[];

  beforeAll(async () => {
    keccak = await loadKeccak();
    whole = new OracleDriver(PLAN, keccak);
    run(whole, 0, CHECKPOINT);
    states = [throughJson(whole.oracle.state())];
    const cuts = whole.cuts.length;
    run(whole, CHECKPOINT, RESTART);
    absorbed = whole.cuts.slice(cuts);
    states.push(throughJson(whole.oracle.state()));
    run(whole, RESTART, END);
  });

  test('is published at the first cut and after each step of the grid; its root stands in every header until the next', () => {
    const published = whole.cuts.filter(({ risk }) => risk !== undefined);
    const expected = [T0, ...Array.from({ length: 15 }, (_, step) => T0 + 61_000 + step * 300_000)];
    expect(published.map(({ at }) => at)).toEqual(expected);
    let root: Uint8Array = NO_ROOT;
    for (const { risk, header } of whole.cuts) {
      if (risk !== undefined) root = new RiskTree(risk, PLAN, keccak).root;
      expect(header.riskRoot).toEqual(root);
    }
    expect(new Set(published.map(({ header }) => Buffer.from(header.riskRoot).toString('hex'))).size).toBe(16);
  });

  test('has a volatility after an hour, and none for a horizon without a basis', () => {
    const said = riskWords(whole.cuts.filter(({ risk }) => risk !== undefined).at(-1)!.risk!, 0, PLAN);
    const { horizons } = JSON.parse(JSON.stringify(said)) as { horizons: Record<string, { sigmaPpm?: number }> };
    expect(horizons['1m']!.sigmaPpm).toBeGreaterThan(0);
    expect('sigmaPpm' in horizons['1d']!).toBe(false);
  });

  test('is the same bytes whenever the same is heard', () => {
    const again = new OracleDriver(PLAN, keccak);
    run(again, 0, 700);
    const known = riskOf(again.cuts);
    expect(known).toHaveLength(4);
    expect(known).toEqual(riskOf(whole.cuts).slice(0, 4));
  });

  test('is the same bytes after a restart, from the state of that instant or an older one and the cuts since', () => {
    const [older, newest] = states.map((state) => new OracleDriver(PLAN, keccak, state));
    for (const cut of absorbed) older!.oracle.absorb(cut);
    for (const driver of [older!, newest!]) run(driver, RESTART, END);
    const known = riskOf(newest!.cuts);
    expect(riskOf(older!.cuts)).toEqual(known);
    // A start is itself a reason to publish: without a gap, there is a root from the first header on.
    expect(known[0]).toMatchObject({ number: (T0 + RESTART * 1_000) / 10 });
    expect(known).toHaveLength(2);
  });
});
