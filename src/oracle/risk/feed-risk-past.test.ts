import fc from 'fast-check';
import { policyOf } from '../../../test/support/plans';
import { Random } from '../../lab/market/random';
import { HOUR_MS, SECOND_MS } from '../units/time';
import { FeedRiskPast } from './feed-risk-past';
import { RISK_HORIZONS } from './figures';
import { TAIL_LEVELS } from './horizon-tails';

/** A whole hour. */
const T0 = 472_222 * HOUR_MS;
/** A second; some 0.85 % an hour. */
const SIGMA = 0.000_14;
const DAY_SECONDS = 86_400;
const HALF_BAND = 0.000_5;

/** Prices a second apart, from `T0` on. */
function diffusion(seconds: number, seed = 3): Float64Array {
  const random = new Random(seed);
  let log = Math.log(100);
  return Float64Array.from({ length: seconds }, () => Math.exp((log += SIGMA * random.normal())));
}

function feedOf(index = 0, decimals = 8): FeedRiskPast {
  return new FeedRiskPast(index, decimals, policyOf().haircut);
}

/** Lives through prices from a second on; returns the seconds at which a jump began. */
function live(feed: FeedRiskPast, prices: ArrayLike<number>, from = 0): number[] {
  const jumps: number[] = [];
  for (let second = 0; second < prices.length; second++) {
    feed.hold(prices[second] ?? NaN, HALF_BAND);
    if (feed.elapse(T0 + (from + second) * SECOND_MS)) jumps.push(from + second);
  }
  return jumps;
}

function hoursOf(count: number): { open: number; high: number; low: number; close: number }[] {
  const random = new Random(9);
  let price = 100;
  return Array.from({ length: count }, () => {
    const open = price;
    const path = Array.from({ length: 12 }, () => (price *= Math.exp(SIGMA * Math.sqrt(300) * random.normal())));
    return { open, high: Math.max(open, ...path), low: Math.min(open, ...path), close: price };
  });
}

function sigmas(feed: FeedRiskPast): (number | undefined)[] {
  return feed.figures().horizons.map(({ sigma }) => sigma);
}

const day = diffusion(DAY_SECONDS);

describe(FeedRiskPast.name, () => {
  test('knows nothing at first, and says so instead of zero', () => {
    const figures = feedOf().figures();
    const nothing = { sigma: undefined, observations: 0, fall: undefined, rise: undefined };
    expect(figures).toMatchObject({ isDegraded: true, flaws: ['noPrice', 'tooLittleHistory'], weights: undefined });
    expect(figures.horizons).toEqual(RISK_HORIZONS.map(() => nothing));
    expect(figures.realised).toBeUndefined();
  });

  test('knows the minutes after an hour and the hours after days, each near the truth', () => {
    const feed = feedOf();
    live(feed, day);
    const [oneMinute = NaN, fiveMinutes = NaN, ...hours] = sigmas(feed);
    expect(oneMinute / (SIGMA * Math.sqrt(60))).toBeCloseTo(1, 0);
    expect(fiveMinutes / (SIGMA * Math.sqrt(300))).toBeCloseTo(1, 0);
    expect(hours).toEqual([undefined, undefined, undefined]);
    const { realised, flaws } = feed.figures();
    expect(realised!.sigma / (SIGMA * 60)).toBeCloseTo(1, 0);
    expect(realised!.diffusive! / (SIGMA * 60)).toBeCloseTo(1, 0);
    expect(flaws).toEqual(['tooLittleHistory']);
  });

  test('is warm by hours of the past, and has no level of 99 % at ten days, which half a year does not show', () => {
    const feed = feedOf();
    feed.warmUp(T0 / HOUR_MS - 4_600, hoursOf(4_600));
    live(feed, day.subarray(0, 7_200));
    const { horizons, isDegraded, weights } = feed.figures();
    expect(isDegraded).toBe(false);
    expect(weights!.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    const levels = horizons.map(({ fall, rise }) => [fall?.length, rise?.length]);
    expect(levels.slice(2)).toEqual([
      [TAIL_LEVELS.length, TAIL_LEVELS.length],
      [TAIL_LEVELS.length, TAIL_LEVELS.length],
      [2, 2],
    ]);
    expect(horizons[4]!.observations).toBe(18);
    for (const { fall } of horizons.slice(2)) {
      for (const { valueAtRisk, expectedShortfall } of fall!) {
        expect(expectedShortfall).toBeGreaterThanOrEqual(valueAtRisk);
      }
    }
  });

  test('is given no other past once it has lived', () => {
    const feed = feedOf();
    live(feed, day.subarray(0, 120));
    expect(() => feed.warmUp(0, hoursOf(2))).toThrow('a model that has lived can be given no other past');
  });

  test.each([
    [300, 'gaps', (second: number, price: number) => (second % 3_600 < 900 ? NaN : price)],
    [3_601, 'frozen', () => 100],
    [1, 'noPrice', (second: number, price: number) => (second > 7_190 ? NaN : price)],
  ])('is flagged where the price is missing or stands still (%#)', (_, flaw, priceAt) => {
    const feed = feedOf();
    live(
      feed,
      day.subarray(0, 7_200).map((price, second) => priceAt(second, price)),
    );
    expect(feed.figures().flaws).toContain(flaw);
  });

  test('has no volatility of a price that never moved: zero variance is no basis', () => {
    const feed = feedOf();
    live(feed, new Float64Array(7_200).fill(100));
    expect(sigmas(feed)).toEqual(RISK_HORIZONS.map(() => undefined));
    expect(feed.figures().realised).toBeUndefined();
  });

  test('takes a gap for no return: the price that follows it elsewhere is no volatility', () => {
    const [whole, halted] = [feedOf(), feedOf()];
    live(whole, day.subarray(0, 14_400));
    const prices = day.slice(0, 14_400).map((price, second) => (second < 7_200 ? price : 1.5 * price));
    prices.fill(NaN, 7_000, 7_200);
    const jumps = live(halted, prices);
    expect(jumps).toEqual([]);
    for (const [place, sigma] of sigmas(halted).slice(0, 2).entries()) {
      expect(sigma! / sigmas(whole)[place]!).toBeCloseTo(1, 1);
    }
    expect(halted.figures().realised!.sigma / whole.figures().realised!.sigma).toBeCloseTo(1, 1);
  });

  describe('at a print far off', () => {
    const print = (seconds: number): Float64Array => day.slice(0, 10_800).fill(20, 9_000, 9_000 + seconds);

    test('of one second, which returns at once, changes not a bit', () => {
      const [clean, printed] = [feedOf(), feedOf()];
      expect(live(printed, print(1))).toEqual(live(clean, day.subarray(0, 10_800)));
      // The median of three passes over it, and takes its neighbour's price for a second.
      for (const [place, sigma] of sigmas(printed).slice(0, 2).entries()) {
        expect(sigma! / sigmas(clean)[place]!).toBeCloseTo(1, 3);
      }
    });

    test('of ten seconds flags a jump and is bounded in the forecasts', () => {
      const [clean, printed] = [feedOf(), feedOf()];
      live(clean, day.subarray(0, 10_800));
      expect(live(printed, print(10))).toHaveLength(1);
      const [oneMinute = NaN] = sigmas(printed);
      expect(oneMinute / sigmas(clean)[0]!).toBeLessThan(4);
    });
  });

  test('flags a jump within its second but one, for a step of the risk grid, and no diffusion', () => {
    const feed = feedOf();
    const prices = day.map((price, second) => (second < 40_000 ? price : 1.03 * price));
    expect(live(feed, prices.subarray(0, 40_200))).toEqual([40_001]);
    expect(feed.figures().jumped).toBe(true);
    expect(live(feed, prices.subarray(40_200, 40_300), 40_200)).toEqual([]);
    expect(live(feed, prices.subarray(40_300), 40_300)).toEqual([]);
    expect(feed.figures().jumped).toBe(false);
  });

  test('takes a move of some ticks for rounding, however still the price was', () => {
    const feed = feedOf(0, 2);
    const still = new Float64Array(9_000).map((_, second) => (second < 8_000 ? 1 : 1.05));
    expect(live(feed, still)).toEqual([]);
  });

  test('says the same however time is cut into pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 30 }), (pieces) => {
        const [bySecond, byPiece] = [feedOf(7), feedOf(7)];
        bySecond.elapse(T0);
        byPiece.elapse(T0);
        let at = T0;
        for (const [index, piece] of pieces.entries()) {
          const price = index % 5 === 4 ? NaN : 100 + (index % 3);
          bySecond.hold(price, HALF_BAND);
          byPiece.hold(price, HALF_BAND);
          const until = at + piece;
          for (; at + 100 < until; at += 100) bySecond.elapse(at);
          bySecond.elapse(until);
          byPiece.elapse(until);
          at = until;
        }
        expect(byPiece.recent()).toEqual(bySecond.recent());
        expect(byPiece.model()).toEqual(bySecond.model());
      }),
      { numRuns: 20 },
    );
  });

  test('does not know in which unit a price is', () => {
    const figures = [1, 1_024].map((unit) => {
      const feed = feedOf(0, 20);
      live(
        feed,
        day.subarray(0, 10_800).map((price) => unit * price),
      );
      return sigmas(feed)[0]!;
    });
    expect(figures[1]! / figures[0]!).toBeCloseTo(1, 9);
  });

  test('walks through an outage of a month in no time, and goes on as after any gap', () => {
    const feed = feedOf();
    live(feed, day.subarray(0, 7_200));
    feed.hold(NaN, NaN);
    const month = 30 * DAY_SECONDS;
    feed.elapse(T0 + (7_200 + month) * SECOND_MS);
    expect(feed.figures().flaws).toContain('noPrice');
    live(feed, day.subarray(7_200, 14_400), 7_200 + month);
    expect(sigmas(feed)[0]! / (SIGMA * Math.sqrt(60))).toBeCloseTo(1, 0);
  });

  describe('restored', () => {
    const saved = (at: number, until: number): { feed: FeedRiskPast; old: Float64Array | undefined } => {
      const feed = feedOf(5);
      live(feed, day.subarray(0, at));
      const old = feed.model();
      live(feed, day.subarray(at, until), at);
      return { feed, old };
    };

    test.each([0, 1, 59, 60, 61, 1_234, 5_280])(
      'from a model %d s older, and the bars since, is the same to the bit',
      (age) => {
        const { feed, old } = saved(20_000 - age, 20_000);
        const restored = feedOf(5);
        restored.restore({ recent: feed.recent() }, old);
        expect(restored.recent()).toEqual(feed.recent());
        expect(restored.model()).toEqual(feed.model());
        expect(restored.figures()).toEqual(feed.figures());
        for (const one of [feed, restored]) live(one, day.subarray(20_000, 22_000), 20_000);
        expect(restored.figures()).toEqual(feed.figures());
      },
    );

    test('without any model, where all its bars are kept, is the same too', () => {
      const { feed } = saved(0, 5_000);
      const restored = feedOf(5);
      restored.restore({ recent: feed.recent() });
      expect(restored.model()).toEqual(feed.model());
    });

    test('from a model that is too old begins anew, and says that its history is short', () => {
      const { feed, old } = saved(20_000 - 95 * 60, 20_000);
      const restored = feedOf(5);
      restored.restore({ recent: feed.recent() }, old);
      expect(sigmas(restored)[0]).not.toBe(sigmas(feed)[0]);
      expect(restored.figures().flaws).toContain('tooLittleHistory');
    });

    test('refuses a state of other estimators', () => {
      expect(() => {
        feedOf().restore({ recent: new Float64Array(3) });
      }).toThrow('a state of 3 numbers');
    });
  });
});
