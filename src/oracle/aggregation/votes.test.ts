import fc from 'fast-check';
import { Votes, type Tally } from './votes';

interface Vote {
  readonly value: number;
  readonly share: number;
  readonly spreadBps?: number;
  readonly spokenAt?: number;
  readonly native?: boolean;
}

function tallyOf(cast: readonly Vote[], votes = new Votes(cast.length)): Tally {
  votes.clear();
  for (const { value, spreadBps = 1, spokenAt = 1_000, native = true } of cast) {
    votes.add(value, spreadBps, spokenAt, native);
  }
  cast.forEach(({ share }, row) => votes.weigh(row, share));
  return votes.tally();
}

describe('Votes', () => {
  it('read every figure off the same votes', () => {
    const tally = tallyOf([
      { value: 104, share: 0.25, spreadBps: 5, spokenAt: 1_300, native: false },
      { value: 100, share: 0.25, spreadBps: 2, spokenAt: 1_100 },
      { value: 101, share: 0.4, spreadBps: 1, spokenAt: 1_400 },
      { value: 110, share: 0.1, spreadBps: 9, spokenAt: 1_200, native: false },
    ]);
    expect(tally).toEqual({
      count: 4,
      equalMedian: 102.5,
      weightedMedian: 101,
      mad: 2,
      medianSpreadBps: 3.5,
      spokenAt: 1_200,
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
      medianSpreadBps: NaN,
      spokenAt: NaN,
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

  it('do not care in which order they were cast', () => {
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
        expect(tallyOf(other)).toEqual(tallyOf(cast));
      }),
    );
  });
});
