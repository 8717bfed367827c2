import { inject, move, scenario, shift } from '../attacks/build';
import { DEGRADED, HALTED, newTrack, OK, SAMPLE_MS, type Tape, type Track } from '../run/tape';
import { BUFFERS_BPS, liquidate } from './accounts';
import { measureBands } from './bands';
import { composite, compositeOf, loss } from './composite';
import { measureErrors, percentile } from './errors';
import { judge } from './judge';
import { measureLag } from './lag';
import { costToPushUsd, gainUsd, pushedBps } from './manipulation';
import { scoreTrack } from './score';
import { measureSteps } from './steps';

const SECOND = 1_000 / SAMPLE_MS;

/** Second by second: what is true, and who is honest. */
function tapeOf(truth: readonly number[], honest = 1): Tape {
  const count = truth.length * SECOND;
  const filled = (values: readonly number[]): Float64Array =>
    Float64Array.from({ length: count }, (_, index) => values[Math.floor(index / SECOND)]!);
  const worth = filled(truth);
  return {
    startAt: 0,
    count,
    at: Float64Array.from({ length: count }, (_, index) => index * SAMPLE_MS),
    truth: worth,
    holdings: [{ asset: 'BTC', truth: worth }],
    majorityLagMs: new Float64Array(count),
    honestQuorum: new Uint8Array(count).fill(honest),
    quorumLost: new Uint8Array(count),
    venues: [],
  };
}

type Second = readonly [price: number, status: number, half?: number];

function trackOf(seconds: readonly Second[]): Track {
  const track = newTrack('assay', seconds.length * SECOND);
  for (let index = 0; index < track.price.length; index++) {
    const [price, status, half = NaN] = seconds[Math.floor(index / SECOND)]!;
    track.price[index] = status === HALTED ? NaN : price;
    track.low[index] = price - half;
    track.high[index] = price + half;
    track.status[index] = status;
    track.permits[index] = status === OK ? 1 : 0;
    track.flagged[index] = status === OK ? 0 : 1;
  }
  return track;
}

const NO_PYTH = { pythBps: undefined, profitShare: 0 };

const repeat = <T>(value: T, times: number): T[] => Array.from({ length: times }, () => value);

describe('errors', () => {
  it('are measured while not halted, and apart where liquidation is permitted', () => {
    const track = trackOf([
      [10_000, OK],
      [10_007, OK],
      [9_970, DEGRADED],
      [0, HALTED],
    ]);
    const errors = measureErrors(tapeOf(repeat(10_000, 4)), track, 2);
    expect(errors.maxErrorBps).toBeCloseTo(30, 9);
    expect(errors.maxErrorLiquidateBps).toBeCloseTo(7, 9);
    // One second 5 bp and one 28 bp beyond the floor of 2.
    expect(errors.errorBpsSeconds).toBeCloseTo(33, 6);
    expect(errors).toMatchObject({ haltedSeconds: 1, falseHaltSeconds: 1, missedHaltSeconds: 0 });
  });

  it('count a halt as false only while an honest quorum stands', () => {
    const track = trackOf([[0, HALTED]]);
    expect(measureErrors(tapeOf([10_000], 0), track, 0)).toMatchObject({ haltedSeconds: 1, falseHaltSeconds: 0 });
  });

  it('count a halt as missed where an answer 50 bp off calls itself ok', () => {
    const track = trackOf([
      [10_051, OK],
      [10_051, DEGRADED],
      [10_049, OK],
    ]);
    expect(measureErrors(tapeOf(repeat(10_000, 3)), track, 0).missedHaltSeconds).toBe(1);
  });

  it('see a price that no price can be', () => {
    expect(measureErrors(tapeOf([10_000]), trackOf([[0, OK]]), 0).hasImpossiblePrice).toBe(true);
  });

  it('read percentiles as the value that a share does not exceed', () => {
    expect(percentile([4, 1, 3, 2], 0.5)).toBe(2);
    expect(percentile([4, 1, 3, 2], 0.99)).toBe(4);
    expect(percentile([], 0.5)).toBe(0);
  });
});

describe('liquidations', () => {
  const within = (bps: number): number => BUFFERS_BPS.filter((buffer) => buffer <= bps).length;

  it('are wrongful where the truth did not move: every long whose buffer the error exceeds', () => {
    const track = trackOf([...repeat<Second>([10_000, OK], 8), [9_900, OK], ...repeat<Second>([10_000, OK], 6)]);
    const seen = liquidate(tapeOf(repeat(10_000, 15)), track, [0]);
    // Half of a thousand accounts are long, four for each buffer.
    expect(seen).toEqual({ wrongful: 4 * within(100), wrongfulUnflagged: 4 * within(100), badDebtBps: 0 });
    expect(within(100)).toBe(54);
  });

  it('are none where nobody may be liquidated, or where the band is wide enough', () => {
    const truth = tapeOf(repeat(10_000, 15));
    const around = (second: Second): Track =>
      trackOf([...repeat<Second>([10_000, OK], 8), second, ...repeat<Second>([10_000, OK], 6)]);
    expect(liquidate(truth, around([9_900, DEGRADED]), [0]).wrongful).toBe(0);
    expect(liquidate(truth, around([9_900, OK, 100]), [0]).wrongful).toBe(0);
  });

  it('are right where the truth shows the breach within five seconds', () => {
    const truth = tapeOf([...repeat(10_000, 10), ...repeat(9_900, 5)]);
    const early = trackOf([...repeat<Second>([10_000, OK], 8), ...repeat<Second>([9_900, OK], 7)]);
    expect(liquidate(truth, early, [0]).wrongful).toBe(0);
  });

  it('come too late for accounts that lose more than their margin', () => {
    const truth = tapeOf([...repeat(10_000, 8), ...repeat(9_500, 7)]);
    const halted = trackOf([...repeat<Second>([10_000, OK], 8), ...repeat<Second>([0, HALTED], 7)]);
    // 500 bp down: an account with a buffer of 10 loses it and 200 of maintenance, and 290 beyond.
    const owed =
      BUFFERS_BPS.reduce((sum, buffer) => sum + Math.max(0, 500 - buffer - 200), 0) / (2 * BUFFERS_BPS.length);
    expect(liquidate(truth, halted, [0]).badDebtBps).toBeCloseTo(owed, 6);
  });
});

describe('liquidations of several holdings', () => {
  const halfway = (usdt: Second): Pick<Track, 'holdings'> => ({
    holdings: [
      trackOf([...repeat<Second>([10_000, OK], 8), [9_800, OK], ...repeat<Second>([10_000, OK], 6)]),
      trackOf([...repeat<Second>([1, OK], 8), usdt, ...repeat<Second>([1, OK], 6)]),
    ],
  });
  const within = (bps: number): number => BUFFERS_BPS.filter((buffer) => buffer <= bps).length;
  const tape = tapeOf(repeat(10_000, 15));
  const both = { ...tape, holdings: [...tape.holdings, { asset: 'USDT' as const, truth: tape.truth.map(() => 1) }] };

  it('weigh what is wrong with one by what it is of the whole', () => {
    const track = { ...trackOf(repeat<Second>([10_000, OK], 15)), ...halfway([1, OK]) };
    // 250 longs of one holding see 200 bp, as many of two see 100; an account stands for two of a thousand.
    expect(liquidate(both, track, [0, 0]).wrongful).toBe(2 * (within(200) + within(100)));
  });

  it('count what may not be liquidated by at the last edge that might', () => {
    const track = { ...trackOf(repeat<Second>([10_000, OK], 15)), ...halfway([0.9, DEGRADED]) };
    expect(liquidate(both, track, [0, 0]).wrongful).toBe(2 * (within(200) + within(99.9)));
  });
});

describe('bands', () => {
  it('score their width, and what stands outside two hundredfold', () => {
    const track = trackOf([
      [10_000, OK, 10],
      [10_015, OK, 10],
    ]);
    const { coverage, intervalScoreBps, widening } = measureBands(tapeOf([10_000, 10_000]), track, 1_000);
    expect(coverage).toEqual({ banded: 2 * SECOND, held: SECOND });
    expect(intervalScoreBps).toBeCloseTo(20 + (200 * 5) / 2, 6);
    expect(widening).toBeCloseTo(1, 6);
  });

  it('take a rule without one at its word', () => {
    const { coverage, intervalScoreBps } = measureBands(tapeOf([10_000]), trackOf([[10_003, OK]]), 1_000);
    expect(coverage.banded).toBe(0);
    expect(intervalScoreBps).toBeCloseTo(600, 6);
  });
});

describe('lag', () => {
  const truth = tapeOf([10_000, 10_000, 10_100, 10_100, 10_100]);
  const moves = [move(100, 2_000, 0)];

  it('is the age of the youngest truth like the price, less that of what the majority shows', () => {
    const late = trackOf([
      [10_000, OK],
      [10_000, OK],
      [10_000, OK],
      [10_100, OK],
      [10_100, OK],
    ]);
    expect(measureLag(truth, late, moves, 1)).toEqual({ p50Ms: 0, p99Ms: 980, bestFitMs: 1_000 });
    truth.majorityLagMs.fill(400);
    expect(measureLag(truth, late, moves, 1)).toEqual({ p50Ms: 0, p99Ms: 580, bestFitMs: 1_000 });
  });

  it('is absent where nothing moves', () => {
    expect(measureLag(truth, trackOf(repeat<Second>([1, OK], 5)), [], 1)).toBeUndefined();
  });
});

describe('steps', () => {
  it('are made to a half and to nine tenths, behind the majority', () => {
    const truth = tapeOf([10_000, 10_000, 10_100, 10_100, 10_100]);
    truth.majorityLagMs.fill(400);
    const track = trackOf([
      [10_000, OK],
      [10_000, OK],
      [10_000, OK],
      [10_060, OK],
      [10_100, OK],
    ]);
    expect(measureSteps(truth, track)).toEqual({ behindMs: [600], t50Ms: [1_000], t90Ms: [2_000] });
    expect(measureSteps(tapeOf(repeat(10_000, 5)), track).behindMs).toEqual([]);
  });
});

describe("a manipulator's books", () => {
  it('cost half of the way squared times the depth, fees, and the same with each refill', () => {
    // v7: $ 200,000 a basis point. 10 bp: $ 2,000,000 traded at 5 bp slippage and 5 bp fees, twice in ten seconds.
    const injections = [inject(['v7'], shift(10), { from: 0, to: 10_000 })];
    expect(costToPushUsd(injections, 'BTC')).toBeCloseTo(4_000, -1);
    expect(gainUsd(100, 'BTC')).toBeCloseTo(100_000, 6);
  });

  it('are pushed as far as the budget goes', () => {
    const bps = pushedBps(1_000_000, ['v6', 'v7'], 5_000, 'BTC');
    const injections = [inject(['v6', 'v7'], shift(bps), { from: 0, to: 5_000 })];
    expect(costToPushUsd(injections, 'BTC')).toBeCloseTo(1_000_000, 3);
  });
});

describe('the composite', () => {
  const calm = scenario({ name: 'x', about: '', captured: 'nothing', required: { errorBps: 1, haltWithinMs: 100 } });
  const perfect = scoreTrack(
    { seed: 1, tape: tapeOf(repeat(10_000, 15)) },
    calm,
    trackOf(repeat<Second>([10_000, OK], 15)),
    {
      noiseFloorsBps: [0],
      clean: undefined,
    },
  );

  it('takes nothing from a perfect run, and from others by weights and caps', () => {
    expect(loss(perfect, NO_PYTH)).toBe(0);
    expect(loss({ ...perfect, maxErrorBps: 50, wrongful: 1_000 }, NO_PYTH)).toBeCloseTo(0.05 + 0.25, 12);
    expect(loss({ ...perfect, intervalScoreBps: 8 }, { pythBps: 4, profitShare: 0 })).toBeCloseTo(0.025, 12);
    expect(loss(perfect, { pythBps: undefined, profitShare: 0.005 })).toBeCloseTo(0.025, 12);
  });

  it('gives a scenario up for lost after five seconds of false halt', () => {
    expect(loss({ ...perfect, falseHaltSeconds: 5.02 }, NO_PYTH)).toBe(1);
  });

  it('is half mean and half worst tenth', () => {
    expect(compositeOf([...repeat(0, 19), 1])).toBeCloseTo(100 * (1 - 0.05 / 2 - 0.5 / 2), 9);
  });

  it('is nothing behind a closed gate, and has an interval over seeds', () => {
    expect(composite([[0.5]], ['spoof'])).toMatchObject({ composite: 0, ungated: 50, gatedBy: ['spoof'] });
    const { low, composite: middle, high } = composite([[0.1], [0.2], [0.3], [0.2]], []);
    expect(low).toBeLessThan(middle);
    expect(high).toBeGreaterThan(middle);
    expect(composite([[0.1], [0.2]], [])).toEqual(composite([[0.1], [0.2]], []));
  });

  it('judges by the worst seed', () => {
    const checks = judge(calm.required, [perfect, { ...perfect, maxErrorBps: 2 }]);
    expect(checks).toEqual([
      { required: 'error ≤ 1 bp', seen: 'error 2 bp', met: false },
      { required: 'halted after ≤ 100 ms', seen: 'halted after never', met: false },
    ]);
  });
});
