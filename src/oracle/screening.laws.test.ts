import fc from 'fast-check';
import { OracleDriver, quoteOf, T0 } from '../../test/support/oracle-driver';
import { planOf } from '../../test/support/plans';
import { loadKeccak } from '../platform/keccak';
import { medianOfSorted } from './aggregation/median';
import type { OraclePlan } from './plan';
import type { ReportPrices } from './report';
import type { Keccak } from './reporting/keccak';

let keccak: Keccak;
beforeAll(async () => {
  keccak = await loadKeccak();
});

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'] as const;
type Voter = readonly [name: (typeof NAMES)[number], price: number];

function plan(weights: readonly number[]): OraclePlan {
  const policy = { warmUpMs: 0, graceMs: 0, maxNativeGapBps: 10_000 };
  const sources = Object.fromEntries(weights.map((weight, index) => [NAMES[index]!, { weight }]));
  return planOf({ 'BTC/USD': { decimals: 6, policy, sources } });
}

const naming = (prices: readonly number[]): Voter[] => prices.map((price, index) => [NAMES[index]!, price]);

/** Each says its price with a book of 2 bp, spoken and heard now, of other sizes than before. */
function say(driver: OracleDriver, at: number, voters: readonly Voter[]): ReportPrices {
  const said = voters.map(([name, price]) => {
    const size = 1 + (at % 997);
    const quote = quoteOf(price * 0.9999, { ask: price * 1.0001, bidSize: size, askSize: size, eventAt: at });
    return [`${name}:BTC/USD`, quote] as const;
  });
  driver.to(at, driver.say(Object.fromEntries(said)));
  return driver.report('BTC/USD').prices!;
}

/** A market of honest venues that stand within 4 bp, the floor of the screen being 5, for ten seconds. */
function settled(weights: readonly number[], prices: readonly number[]): OracleDriver {
  const driver = new OracleDriver(plan(weights), keccak);
  for (let at = T0; at < T0 + 10_000; at += 500) say(driver, at, naming(prices));
  return driver;
}

const verdicts = (driver: OracleDriver, voters: readonly Voter[]): string[] =>
  voters.map(([name]) => driver.verdict(`${name}:BTC/USD`).verdict);

const honest = fc.double({ min: 999.8, max: 1_000.2, noNaN: true });
const lie = fc.oneof(
  fc.constantFrom(0.01, 500, 999, 1_001, 1_030, 1e6),
  fc.double({ min: 900, max: 1_100, noNaN: true }),
);
const NOW = T0 + 10_000;

describe('the laws of screening', () => {
  it('a price stays within the books of the honest, under any minority by count and by weight, cut after cut', () => {
    const attacks = fc.array(fc.array(lie, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(honest, { minLength: 4, maxLength: 5 }), attacks, (prices, turns) => {
        const driver = settled([...prices.map(() => 1), 1, 1], [...prices, 1_000, 1_000]);
        turns.forEach((lies, turn) => {
          const { price } = say(driver, NOW + turn * 300, naming([...prices, ...lies]));
          expect(price / 1e6).toBeGreaterThanOrEqual(Math.min(...prices) * 0.9999 - 1e-6);
          expect(price / 1e6).toBeLessThanOrEqual(Math.max(...prices) * 1.0001 + 1e-6);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('never falls because one source says more, while no verdict changes', () => {
    const voters = fc.array(honest, { minLength: 4, maxLength: 7 });
    fc.assert(
      fc.property(voters, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (prices, pick, more) => {
        const raised = prices.map((price, index) => (index === pick % prices.length ? price + more : price));
        const [one, other] = [prices, raised].map((said) => {
          const driver = new OracleDriver(plan(said.map(() => 1)), keccak);
          const { price } = say(driver, T0, naming(said));
          return { price, verdicts: verdicts(driver, naming(said)) };
        }) as [{ price: number; verdicts: string[] }, { price: number; verdicts: string[] }];
        fc.pre(JSON.stringify(one.verdicts) === JSON.stringify(other.verdicts));
        expect(other.price).toBeGreaterThanOrEqual(one.price);
      }),
      { numRuns: 150 },
    );
  });

  it('a source that says what the middle of the rest says, as tightly and as freshly, never widens the band', () => {
    fc.assert(
      fc.property(fc.array(honest, { minLength: 4, maxLength: 8 }), (prices) => {
        const width = (said: readonly number[]): ReportPrices =>
          say(new OracleDriver(plan(said.map(() => 1)), keccak), T0, naming(said));
        const before = width(prices);
        const sorted = Float64Array.from(prices).sort();
        const after = width([...prices, medianOfSorted(sorted, sorted.length)]);
        const relative = ({ price, low, high }: ReportPrices): number => (high - low) / price;
        // The price itself may be another within the 4 bp, and with it what is relative to it.
        expect(relative(after)).toBeLessThanOrEqual(relative(before) * 1.000_4);
      }),
      { numRuns: 150 },
    );
  });

  it('where honest books overlap, a quarter of the votes by count and by weight widens the band to thrice at most', () => {
    const overlapping = fc.double({ min: 999.9, max: 1_000.1, noNaN: true });
    const turns = fc.array(lie, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(overlapping, { minLength: 6, maxLength: 6 }), turns, (prices, lies) => {
        const all = [...prices, 1_000];
        const [quiet, attacked] = [
          settled(
            all.map(() => 1),
            all,
          ),
          settled(
            all.map(() => 1),
            all,
          ),
        ];
        lies.forEach((price, turn) => {
          const at = NOW + turn * 200;
          const usual = say(quiet, at, naming(all));
          const widened = say(attacked, at, naming([...prices, price]));
          expect(widened.high - widened.low).toBeLessThanOrEqual(3 * (usual.high - usual.low));
        });
      }),
      { numRuns: 60 },
    );
  });

  it('who led is back within the cut in which most of the others follow, and the price with them', () => {
    const leap = fc.constantFrom(0.91, 0.95, 0.99, 1.01, 1.05, 1.09);
    fc.assert(
      fc.property(fc.array(honest, { minLength: 7, maxLength: 7 }), leap, (prices, by) => {
        const driver = settled(
          prices.map(() => 1),
          prices,
        );
        const voters = naming(prices.map((price) => price * by));
        say(driver, NOW, voters.slice(0, 1));
        expect(verdicts(driver, voters.slice(0, 2))).toEqual(['leading', 'used']);
        const { price } = say(driver, NOW + 50, voters.slice(1, 5));
        expect(verdicts(driver, voters)).toEqual([...Array<string>(5).fill('used'), 'lagging', 'lagging']);
        expect(price / 1e6).toBeGreaterThanOrEqual(Math.min(...prices.slice(0, 5)) * by * 0.9998);
        expect(price / 1e6).toBeLessThanOrEqual(Math.max(...prices.slice(0, 5)) * by * 1.0002);
      }),
      { numRuns: 40 },
    );
  });

  it('who led and is contradicted loses the vote in that cut, and is no news for a minute', () => {
    const prices = [1_000, 1_000.1, 999.9, 1_000, 1_000.1, 999.9, 1_000];
    const driver = settled(
      prices.map(() => 1),
      prices,
    );
    const rest = naming(prices).slice(1);
    const liar: Voter = ['a', 1_010];
    say(driver, NOW, [liar]);
    expect(driver.report('BTC/USD').reasons).toEqual(['leading']);
    say(driver, NOW + 100, naming(prices.map((price) => price + 0.01)).slice(1));
    expect(driver.verdict('a:BTC/USD').verdict).toBe('outlier');
    expect(driver.report('BTC/USD')).toMatchObject({ status: 'ok', reasons: ['outliers'], sources: { used: 6 } });
    say(driver, NOW + 200, [['a', 1_000.02], ...rest]);
    expect(driver.verdict('a:BTC/USD').verdict).toBe('used');
    say(driver, NOW + 300, [liar]);
    expect(driver.verdict('a:BTC/USD').verdict).toBe('outlier');
  });
});
