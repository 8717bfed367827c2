import fc from 'fast-check';
import { Votes, type Tally } from './votes';

interface Vote {
  readonly value: number;
  readonly share: number;
  readonly spreadBps?: number;
  readonly spokenAt?: number;
  readonly saidAt?: number;
  readonly native?: boolean;
}

const AT = 2_000;
const UNMOVED = { sigmaPerRootSecond: 0, lastAgreed: NaN };

function tallyOf(cast: readonly Vote[], votes = new Votes(cast.length), expected = UNMOVED): Tally {
  votes.clear();
  for (const { value, spreadBps = 0, spokenAt = 1_000, saidAt = spokenAt, native = true } of cast) {
    votes.add(value, spreadBps, spokenAt, saidAt, native);
  }
  cast.forEach(({ share }, row) => votes.weigh(row, share));
  return votes.tally(AT, expected);
}

describe('Votes', () => {
  it('read every figure off the same votes', () => {
    const tally = tallyOf([
      { value: 104, share: 0.25, spreadBps: 5, spokenAt: 1_300, native: false },
      { value: 100, share: 0.25, spreadBps: 2, spokenAt: 1_100 },
      { value: 101, share: 0.4, spreadBps: 1, spokenAt: 1_400, saidAt: 1_200 },
      { value: 110, share: 0.1, spreadBps: 9, spokenAt: 1_200, native: false },
    ]);
    expect(tally).toEqual({
      count: 4,
      equalMedian: 102.5,
      // 101 leaves open its spread: half of the weight lies below where a quarter and 0.25/0.4 of its own do.
      weightedMedian: expect.closeTo(101 + 101 * 0.000_05 * 0.25, 9) as number,
      mad: 2,
      deviation: 1,
      medianSpreadBps: 3.5,
      spokenAt: 1_200,
      // 620 of all votes, 80 more of 60 % of them, 100 of 35 %, 100 of 25 %; shares count in squares.
      ageMs: expect.closeTo(620 + 80 * 0.36 + 100 * 0.1225 + 100 * 0.0625, 9) as number,
      concentration: expect.closeTo(0.295, 12) as number,
      native: 2,
      nativeGapBps: expect.closeTo((6.5 / 100.5) * 10_000, 9) as number,
    });
  });

  it.each([
    ['only native votes', true, 2],
    ['only converted votes', false, 0],
  ])('measure no gap among %s', (_reason, native, count) => {
    const tally = tallyOf([1, 2].map((value) => ({ value, share: 0.5, native })));
    expect(tally.nativeGapBps).toBeNaN();
    expect(tally.native).toBe(count);
  });

  it('say nothing where nobody voted', () => {
    expect(tallyOf([])).toEqual({
      count: 0,
      equalMedian: NaN,
      weightedMedian: NaN,
      mad: NaN,
      deviation: NaN,
      medianSpreadBps: NaN,
      spokenAt: NaN,
      ageMs: 0,
      concentration: 0,
      native: 0,
      nativeGapBps: NaN,
    });
  });

  it('remember nothing of the feed before', () => {
    const votes = new Votes(5);
    tallyOf(
      [1, 2, 3, 4, 5].map((value) => ({ value, share: 0.2, spreadBps: 0.1, spokenAt: 1 })),
      votes,
    );
    const cast = [{ value: 9, share: 1, spreadBps: 7, spokenAt: 70 }];
    expect(tallyOf(cast, votes)).toEqual(tallyOf(cast));
  });

  it('do not care in which order they were cast, up to rounding', () => {
    const vote = fc.record({
      value: fc.double({ min: 1, max: 1e6, noNaN: true }),
      share: fc.double({ min: 0.01, max: 1, noNaN: true }),
      spreadBps: fc.double({ min: 0, max: 200, noNaN: true }),
      spokenAt: fc.integer({ min: 0, max: 1e6 }),
      native: fc.boolean(),
    });
    const shuffled = fc
      .uniqueArray(vote, { minLength: 1, maxLength: 12, selector: ({ value }) => value })
      .chain((cast) => fc.tuple(fc.constant(cast), fc.shuffledSubarray(cast, { minLength: cast.length })));
    fc.assert(
      fc.property(shuffled, ([cast, other]) => {
        const one = tallyOf(cast);
        for (const [name, figure] of Object.entries(tallyOf(other))) {
          const same = one[name as keyof Tally];
          if (Number.isNaN(same)) expect(figure).toBeNaN();
          else expect(Math.abs(figure - same)).toBeLessThanOrEqual(1e-9 * Math.abs(same));
        }
      }),
    );
  });

  it('weigh an old vote less near the middle: it leaves open what the price has done since', () => {
    const sure = { share: 0.4, spokenAt: AT };
    const cast = [
      { value: 100, ...sure },
      { value: 101, share: 0.2, spokenAt: AT },
      { value: 102, ...sure, spokenAt: AT - 1_000 },
    ];
    const still = tallyOf(cast).weightedMedian;
    const moving = tallyOf(cast, undefined, { sigmaPerRootSecond: 0.01, lastAgreed: NaN }).weightedMedian;
    expect(still).toBe(101);
    // 102 ± 1.767: 2.9 of its 40 % have gone below 101 by 101, so half is reached in its lower part before.
    expect(moving).toBeLessThan(still + 1e-9);
    expect(moving).toBeGreaterThan(100);
  });

  it('let the last agreed price decide where exactly half of the weight stands on each side', () => {
    const cast = [
      { value: 100, share: 0.25 },
      { value: 101, share: 0.25 },
      { value: 300, share: 0.5 },
    ];
    const near = (lastAgreed: number): number =>
      tallyOf(cast, undefined, { sigmaPerRootSecond: 0, lastAgreed }).weightedMedian;
    expect([near(NaN), near(99), near(150), near(400)]).toEqual([200.5, 101, 150, 300]);
  });
});
