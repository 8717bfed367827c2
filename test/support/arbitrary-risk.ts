import fc from 'fast-check';
import type { Dependence, FeedRisk, HorizonRisk, Risk, Tail } from '../../src/oracle/risk/figures';
import { RISK_HORIZONS } from '../../src/oracle/risk/figures';
import { TAIL_LEVELS } from '../../src/oracle/risk/horizon-tails';

/** Whatever a model may come to, sensible or not. */
const figure = fc.oneof(fc.double({ min: 0, max: 3, noNaN: true }), fc.double());
const part = fc.double({ min: 0, max: 1, noNaN: true });
const absent = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const tail: fc.Arbitrary<Tail> = fc.record({ valueAtRisk: figure, expectedShortfall: figure });
const side = absent(fc.array(tail, { maxLength: TAIL_LEVELS.length }));
const observations = fc.integer({ min: 0, max: 2 ** 33 });
const horizon: fc.Arbitrary<HorizonRisk> = fc.record({ sigma: absent(figure), observations, fall: side, rise: side });
const weights = fc
  .array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 })
  .map((parts) => parts.map((part) => part / parts.reduce((sum, each) => sum + each, 0)));
const flaws = fc.constantFrom<readonly NonNullable<FeedRisk['flaws']>[number][]>(['noPrice'], ['gaps', 'frozen'], []);

/** Any figures of feed 0, of as many as a plan has. */
export const arbitraryFeedRisk: fc.Arbitrary<FeedRisk> = fc
  .record({
    jumped: fc.boolean(),
    flaws,
    horizons: fc.tuple(...RISK_HORIZONS.map(() => horizon)),
    weights: absent(weights),
    haircut: absent(fc.record({ raw: figure, smoothed: figure })),
    costToMove: absent(figure.map((each) => each * 1e9)),
    realised: fc.record({ sigma: figure, diffusive: absent(figure) }),
    implied: absent(
      fc.record({
        volatility: figure,
        observedAt: fc.double({ min: 0, max: 2 ** 47, noNaN: true }),
        dayWeight: part,
        tenDayWeight: part,
      }),
    ),
  })
  .map(({ implied, ...risk }) => ({
    feed: 0,
    isDegraded: risk.flaws.length > 0,
    ...risk,
    ...(implied === undefined ? {} : { implied }),
  }));

/** The correlations of so many feeds that follow a few common factors: positive semidefinite, often barely. */
export function arbitraryDependence(feeds: number): fc.Arbitrary<Dependence> {
  const loading = fc.double({ min: -1, max: 1, noNaN: true });
  return fc.array(fc.tuple(loading, loading), { minLength: feeds, maxLength: feeds }).map((loadings) => {
    const unit = loadings.map(([a, b]) => {
      const length = Math.hypot(a, b);
      return length < 1e-3 ? ([1, 0] as const) : ([a / length, b / length] as const);
    });
    const correlation = Float64Array.from(
      unit.flatMap(([a, b], row) => unit.map(([c, d], column) => (row === column ? 1 : a * c + b * d))),
    );
    return { feeds: unit.map((_, feed) => feed), correlation, stress: correlation, observations: 2_000 };
  });
}

/** Risk of which every figure of feed 0 is known, and nothing of feed 1: the numbers are round. */
export function plainRisk(asOf: number): Risk {
  const tails = (scale: number): Tail[] =>
    TAIL_LEVELS.map((_, level) => ({
      valueAtRisk: scale * (level + 2) * 0.25,
      expectedShortfall: scale * (level + 3) * 0.25,
    }));
  const known = RISK_HORIZONS.map((_, index) => {
    const scale = 2 ** (index - 8);
    return { sigma: scale / 4, observations: 2_000 - index, fall: tails(scale), rise: tails(scale / 2) };
  });
  const unknown = RISK_HORIZONS.map(() => ({ sigma: undefined, observations: 0, fall: undefined, rise: undefined }));
  return {
    asOf,
    modelVersion: 1,
    feeds: [
      {
        feed: 0,
        jumped: false,
        isDegraded: false,
        horizons: known,
        weights: [0.5, 0.25, 0.25],
        haircut: { raw: 0.125, smoothed: 0.15625 },
        costToMove: 12_345_678.9,
        realised: { sigma: 2 ** -8, diffusive: 2 ** -9 },
        implied: { volatility: 0.75, observedAt: 2_500.5, dayWeight: 0.125, tenDayWeight: 0.25 },
      },
      {
        feed: 1,
        jumped: false,
        isDegraded: true,
        flaws: ['tooLittleHistory'],
        horizons: unknown,
        weights: undefined,
        haircut: undefined,
      },
    ],
    dependence: {
      feeds: [0, 1],
      correlation: Float64Array.of(1, 0.75, 0.75, 1),
      stress: Float64Array.of(1, -0.5, -0.5, 1),
      observations: 4_032,
    },
  };
}
