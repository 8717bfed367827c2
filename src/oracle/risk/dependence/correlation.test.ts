import fc from 'fast-check';
import { planOf } from '../../../../test/support/plans';
import { Random } from '../../../lab/market/random';
import { RISK_STEP_MS } from '../feed-risk-past';
import type { Dependence } from '../figures';
import { DependencePast } from './dependence-past';

/** Ends with a step, so that the one before is published. */
function observing(rows: readonly (readonly number[])[], feeds = rows[0]?.length ?? 0): Dependence | undefined {
  const ids = Array.from({ length: feeds }, (_, feed) => [`F${feed}/USD`, { sources: { a: {} } }] as const);
  const past = new DependencePast(planOf(Object.fromEntries(ids)).feeds);
  [...rows, rows.at(-1) ?? []].forEach((row, step) => {
    row.forEach((price, feed) => {
      past.hold(feed, price, (step + 1) * RISK_STEP_MS - 1);
    });
    past.elapse((step + 1) * RISK_STEP_MS);
  });
  return past.figures();
}

interface Walk {
  readonly seed: number;
  readonly feeds: number;
  readonly steps: number;
  /** Chance of a step without a price, and of one on which the price stands. */
  readonly gaps: number;
  readonly pauses: number;
}

/** Prices with a common factor, each with a loading of its own. */
function walking({ seed, feeds, steps, gaps, pauses }: Walk): number[][] {
  const random = new Random(seed);
  const loadings = Array.from({ length: feeds }, () => 2 * random.uniform() - 1);
  const logs = loadings.map(() => 0);
  return Array.from({ length: steps }, () => {
    const common = random.normal();
    return loadings.map((loading, feed) => {
      logs[feed]! += 0.001 * (loading * common + Math.sqrt(1 - loading * loading) * random.normal());
      return random.uniform() < gaps ? NaN : 100 * Math.exp(logs[feed]!);
    });
  }).reduce<number[][]>((rows, row) => {
    const before = rows.at(-1);
    return [...rows, row.map((price, feed) => (before && random.uniform() < pauses ? before[feed]! : price))];
  }, []);
}

const anyWalk = fc.record({
  seed: fc.nat(),
  feeds: fc.integer({ min: 1, max: 8 }),
  steps: fc.integer({ min: 1, max: 260 }),
  gaps: fc.constantFrom(0, 0.02, 0.2),
  pauses: fc.constantFrom(0, 0.1, 0.6),
});

function isPositive(matrix: Float64Array, size: number, seed: number): boolean {
  const random = new Random(seed);
  return Array.from({ length: 50 }, () => {
    const x = Array.from({ length: size }, () => random.normal());
    return x.reduce((sum, one, i) => x.reduce((part, other, j) => part + one * other * matrix[i * size + j]!, sum), 0);
  }).every((square) => square > 0);
}

describe('dependenceOf', () => {
  it('gives matrices that are symmetric, with a unit diagonal, positive definite and nowhere beyond one', () => {
    fc.assert(
      fc.property(anyWalk, (walk) => {
        const dependence = observing(walking(walk));
        if (dependence === undefined) return;
        const { feeds, correlation, stress, observations } = dependence;
        expect(observations).toBeGreaterThanOrEqual(60);
        for (const matrix of [correlation, stress]) {
          feeds.forEach((_, i) => {
            expect(matrix[i * feeds.length + i]).toBe(1);
            feeds.forEach((__, j) => {
              expect(matrix[i * feeds.length + j]).toBe(matrix[j * feeds.length + i]);
              expect(Math.abs(matrix[i * feeds.length + j]!)).toBeLessThanOrEqual(1);
            });
          });
          expect(isPositive(matrix, feeds.length, walk.seed)).toBe(true);
        }
      }),
      { numRuns: 120 },
    );
  });

  it('follows the feeds, however they are listed', () => {
    fc.assert(
      fc.property(anyWalk, (walk) => {
        const rows = walking(walk);
        const there = observing(rows);
        const back = observing(rows.map((row) => [...row].reverse()));
        const last = walk.feeds - 1;
        expect(back?.feeds).toEqual(there?.feeds.map((feed) => last - feed).reverse());
        const reversed = [...(back?.correlation ?? [])].reverse();
        reversed.forEach((value, place) => {
          expect(value).toBeCloseTo(there!.correlation[place]!, 9);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('does not depend on the units of prices', () => {
    fc.assert(
      fc.property(anyWalk, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (walk, unit) => {
        const rows = walking(walk);
        const there = observing(rows);
        const scaled = observing(rows.map((row) => row.map((price, feed) => (feed === 0 ? unit * price : price))));
        expect(scaled?.feeds).toEqual(there?.feeds);
        scaled?.correlation.forEach((value, place) => {
          expect(value).toBeCloseTo(there!.correlation[place]!, 6);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('says nothing before there is a basis', () => {
    const rows = walking({ seed: 1, feeds: 3, steps: 90, gaps: 0, pauses: 0 });
    expect(observing(rows.slice(0, 60))).toBeUndefined();
    expect(observing(rows)?.feeds).toEqual([0, 1, 2]);
  });

  it('says nothing of a price that does not move, nor of one that is not there', () => {
    const rows = walking({ seed: 2, feeds: 4, steps: 200, gaps: 0, pauses: 0 });
    expect(observing(rows.map(([a, b, c]) => [a!, 1, b!, NaN, c!]))?.feeds).toEqual([0, 2, 4]);
  });

  it('lets the feed go that was never there together with the others', () => {
    const rows = walking({ seed: 3, feeds: 3, steps: 300, gaps: 0, pauses: 0 });
    const turns = rows.map(([a, b, c], step) => (step < 170 ? [a!, b!, NaN] : [a!, NaN, c!]));
    expect(observing(turns)?.feeds).toEqual([0, 1]);
  });

  it('learns nothing from a gap: neither zeros nor the move over it', () => {
    const rows = walking({ seed: 4, feeds: 2, steps: 2_000, gaps: 0, pauses: 0 });
    const whole = observing(rows)!.correlation[1]!;
    const holed = rows.map(([a, b], step) => [a!, step % 50 < 20 ? NaN : b! * (1 + Math.floor(step / 50))]);
    expect(observing(holed)!.correlation[1]).toBeCloseTo(whole, 1);
  });

  it('bounds what a print that comes and goes does, however wrong it is', () => {
    const rows = walking({ seed: 5, feeds: 2, steps: 3_000, gaps: 0, pauses: 0 });
    const printed = rows.map((row, step) => (step === 2_990 ? row.map((price) => price / 2) : row));
    expect(Math.abs(observing(printed)!.correlation[1]! - observing(rows)!.correlation[1]!)).toBeLessThan(0.03);
  });
});
