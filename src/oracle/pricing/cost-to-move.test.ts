import fc from 'fast-check';
import { Votes } from '../aggregation/votes';
import { costToMove, type Target } from './cost-to-move';

/** By the model of docs/pricing.md, one per basis point of depth: to push, to hold for a minute, and fees. */
const costOfOne = (bps: number): number => (bps * bps * 2 + 2.5 * bps * 2) / 10_000;
const AT_100 = costOfOne(100);
const AT_200 = costOfOne(200);

const noLeg = (): number | undefined => undefined;

/** Targets of equal weight unless it is given. */
function targetsOf(
  depths: readonly number[],
  shares?: readonly number[],
  legs: readonly (readonly number[])[] = [],
): Target[] {
  return depths.map((depth, index) => ({
    depth,
    share: shares?.[index] ?? 1 / depths.length,
    legs: legs[index] ?? [],
  }));
}

describe('costToMove', () => {
  it('is, for one book, half its depth to push, one and a half times its depth to hold, and fees', () => {
    expect(AT_100).toBeCloseTo(0.5 + 1.5 + 0.05, 12);
    expect(costToMove(targetsOf([50_000]), 100, noLeg)).toBeCloseTo(50_000 * AT_100, 6);
  });

  it.each([
    ['the two cheapest of three', [5, 1, 3], undefined, 4 * AT_100],
    ['three of four, if the third is cheap', [1, 1, 1, 1], undefined, 3 * AT_100],
    ['two of four twice as far, if the third is dear', [1, 1, 100, 100], undefined, 2 * AT_200],
    [
      'the heavy one and a light one: the light alone are no weight',
      [1, 1, 1, 9],
      [0.15, 0.15, 0.15, 0.55],
      11 * AT_100,
    ],
    ['light ones for the count though the weight is had', [9, 1, 1, 1, 1], [0.6, 0.1, 0.1, 0.1, 0.1], 11 * AT_100],
    ['half of the weight, twice as far, if the rest is dear', [1, 1, 100], [0.25, 0.25, 0.5], 2 * AT_200],
  ])('takes %s', (_reason, depths, shares, cost) => {
    expect(costToMove(targetsOf(depths, shares), 100, noLeg)).toBeCloseTo(cost, 9);
  });

  it('moves a leg where that is cheaper than the books that are converted through it', () => {
    const targets = targetsOf([9, 9, 1, 1, 1], undefined, [[], [], [7], [7], [7]]);
    const legAt = (cost: number) => (leg: number, bps: number) => (leg === 7 && bps === 100 ? cost : 1e9);
    expect(costToMove(targets, 100, legAt(2))).toBeCloseTo(2, 9);
    expect(costToMove(targets, 100, legAt(1e9))).toBeCloseTo(3 * AT_100, 9);
  });

  it('adds to a leg what is still lacking', () => {
    const targets = targetsOf([1, 9, 9, 9, 9], undefined, [[], [], [], [7], [7]]);
    expect(costToMove(targets, 100, () => 2)).toBeCloseTo(2 + AT_100, 9);
  });

  it('moves several legs where that is cheapest', () => {
    const targets = targetsOf([9, 9, 9], undefined, [[], [7], [8]]);
    expect(costToMove(targets, 100, () => 2)).toBeCloseTo(4, 9);
  });

  it('counts what cannot be seen as his already, and is absent where that is enough', () => {
    expect(costToMove(targetsOf([NaN, 2, 3]), 100, noLeg)).toBeCloseTo(2 * AT_100, 9);
    expect(costToMove(targetsOf([NaN, NaN, 3]), 100, noLeg)).toBeUndefined();
    expect(costToMove(targetsOf([9, 9, 9], undefined, [[7], [7], [7]]), 100, noLeg)).toBeUndefined();
    expect(costToMove([], 100, noLeg)).toBeUndefined();
  });

  /** Pushes every set of votes by once and twice the distance and asks the medians themselves whether they moved. */
  function bruteForce(targets: readonly Target[], bps: number): number {
    const votes = new Votes(targets.length);
    let cheapest = Infinity;
    for (let choice = 0; choice < 3 ** targets.length; choice++) {
      const pushes = targets.map((_, index) => (Math.floor(choice / 3 ** index) % 3) * bps);
      votes.clear();
      for (const push of pushes) votes.add(10_000 + push, 0, 0, 0, true);
      targets.forEach(({ share }, row) => {
        votes.weigh(row, share);
      });
      const { equalMedian, weightedMedian } = votes.tally(0, { sigmaPerRootSecond: 0, lastAgreed: NaN });
      if (Math.min(equalMedian, weightedMedian) < 10_000 + bps - 1e-6) continue;
      const cost = pushes.reduce((sum, push, index) => sum + targets[index]!.depth * costOfOne(push), 0);
      cheapest = Math.min(cheapest, cost);
    }
    return cheapest;
  }

  it('is what brute force finds with the medians themselves', () => {
    const voter = fc.record({ depth: fc.integer({ min: 1, max: 100 }), weight: fc.integer({ min: 1, max: 4 }) });
    fc.assert(
      fc.property(fc.array(voter, { minLength: 1, maxLength: 6 }), (voters) => {
        const total = voters.reduce((sum, { weight }) => sum + weight, 0);
        const targets = voters.map(({ depth, weight }) => ({ depth, share: weight / total, legs: [] }));
        expect(costToMove(targets, 100, noLeg)! / bruteForce(targets, 100)).toBeCloseTo(1, 9);
      }),
    );
  });

  const market = fc
    .array(
      fc.record({
        depth: fc.double({ min: 1, max: 1e6, noNaN: true }),
        weight: fc.double({ min: 1, max: 9, noNaN: true }),
      }),
      {
        minLength: 17,
        maxLength: 31,
      },
    )
    .map((voters) => {
      const total = voters.reduce((sum, { weight }) => sum + weight, 0);
      return voters.map(({ depth, weight }) => ({ depth, share: weight / total, legs: [] }));
    });

  it('is a bound from below where there are too many upstreams to search', () => {
    fc.assert(
      fc.property(market, (targets) => {
        const greedy = targets.toSorted((a, b) => a.depth - b.depth);
        let bought = 0;
        let cost = 0;
        for (const [votes, { share, depth }] of greedy.entries()) {
          if (votes > targets.length / 2 && bought > 0.5) break;
          bought += share;
          cost += depth * AT_100;
        }
        const bound = costToMove(targets, 100, noLeg)!;
        expect(bound).toBeGreaterThan(0);
        expect(bound).toBeLessThanOrEqual(cost * (1 + 1e-9));
      }),
    );
  });

  it('never falls when a book grows, and scales with the currency', () => {
    const targets = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(targets, fc.nat(), fc.integer({ min: 2, max: 50 }), (depths, pick, times) => {
        const cost = costToMove(targetsOf(depths), 100, noLeg)!;
        const deeper = depths.with(pick % depths.length, depths[pick % depths.length]! * times);
        expect(costToMove(targetsOf(deeper), 100, noLeg)!).toBeGreaterThanOrEqual(cost * (1 - 1e-12));
        const scaled = costToMove(targetsOf(depths.map((depth) => depth * times)), 100, noLeg)!;
        expect(scaled / cost).toBeCloseTo(times, 6);
      }),
    );
  });
});
