import { planOf } from '../../../test/support/plans';
import { RISK_HORIZONS, type FeedRisk, type HorizonRisk } from '../risk/figures';
import { roundedHorizons, roundedMargin } from './rounded-risk';

const [PLAN] = planOf({ 'BTC/USD': { sources: {} } }).feeds;
const NOTHING: HorizonRisk = { sigma: undefined, observations: 0, fall: undefined, rise: undefined };
const FEED: FeedRisk = {
  feed: 0,
  jumped: false,
  isDegraded: false,
  horizons: RISK_HORIZONS.map(() => NOTHING),
  weights: undefined,
  haircut: undefined,
};
const tailsOf = (...pairs: readonly (readonly [number, number])[]) =>
  pairs.map(([valueAtRisk, expectedShortfall]) => ({ valueAtRisk, expectedShortfall }));

const risk = { asOf: 1, modelVersion: 1, feeds: [FEED], dependence: undefined };
const horizon = (said: Partial<HorizonRisk>) => {
  const known = { ...NOTHING, observations: 1_000, ...said };
  return roundedHorizons(risk, { ...FEED, horizons: [known] }, PLAN!)[0]!;
};
const pairs = (said: Partial<HorizonRisk>) =>
  horizon(said).fall.map(({ valueAtRiskPpm, expectedShortfallPpm }) => [valueAtRiskPpm, expectedShortfallPpm]);

describe(roundedHorizons.name, () => {
  test('rounds up to millionths, so that no risk is understated', () => {
    expect(horizon({ sigma: 2 ** -20 }).sigmaPpm).toBe(1);
    expect(pairs({ fall: tailsOf([2 ** -10, 2 ** -9]) })).toEqual([[977, 1_954]]);
  });

  test('never says less at a rarer level, nor of a shortfall than of what it lies beyond', () => {
    const fall = tailsOf([0.5, 0.25], [0.25, 0.75], [0.5, 0.5]);
    const said = [
      [500_000, 500_000],
      [500_000, 750_000],
      [500_000, 750_000],
    ];
    expect(pairs({ fall })).toEqual(said);
  });

  test.each<[string, Partial<HorizonRisk>, object]>([
    [
      'a loss below zero is none',
      { fall: tailsOf([-0.5, -0.25]) },
      { fall: [{ valueAtRiskPpm: 0, expectedShortfallPpm: 0 }] },
    ],
    ['what fits no field is absent, and so is all beyond it', { fall: tailsOf([0.5, NaN], [0.5, 0.5]) }, { fall: [] }],
    ['a volatility of zero has no basis', { sigma: 0 }, { sigmaPpm: undefined }],
    ['an infinite volatility has no basis', { sigma: Infinity }, { sigmaPpm: undefined }],
    [
      'tails of no outcome have no basis',
      { fall: tailsOf([0.5, 0.5]), observations: 0.9 },
      { fall: [], observations: 0 },
    ],
  ])('%s', (_, said, rounded) => {
    expect(horizon(said)).toMatchObject(rounded);
  });
});

describe(roundedMargin.name, () => {
  const margin = (said: Partial<FeedRisk>) => roundedMargin(risk, { ...FEED, ...said }, PLAN!);

  test.each<[string, Partial<FeedRisk>, object]>([
    [
      'haircuts go up',
      { haircut: { raw: 2 ** -10, smoothed: 2 ** -9 } },
      { haircut: { rawPpm: 977, smoothedPpm: 1_954 } },
    ],
    [
      'to all of the value at the most',
      { haircut: { raw: 1.5, smoothed: 1 } },
      { haircut: { rawPpm: 1e6, smoothedPpm: 1e6 } },
    ],
    ['a haircut needs both its parts', { haircut: { raw: 0.5, smoothed: NaN } }, { haircut: undefined }],
    ['the cost to move goes down', { costToMove: 1_234.9 }, { costToMove: 1_234 }],
    ['and is absent where it is not known', { costToMove: NaN }, { costToMove: undefined }],
    ['weights go to the nearest', { weights: [0.33334, 0.66666] }, { weightsBps: [3_333, 6_667] }],
  ])('%s', (_, said, rounded) => {
    expect(margin(said)).toMatchObject(rounded);
  });
});
