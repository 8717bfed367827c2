import { Random } from '../../lab/market/random';
import { garmanKlass, rogersSatchell } from './bar';
import { EwmaVolatility } from './ewma-volatility';
import { MedianVariance } from './median-variance';
import { Memory } from './memory';
import { TwoScaleVariance } from './two-scale-variance';

const HOUR = 3_600;
const MINUTE = 60;
/** Integrated variance of an hour's diffusion: 1 % a root hour. */
const DIFFUSION = 1e-4;
const SAMPLES = 150;
/** Between two samples, so that an average over an hour has forgotten the one before. */
const HOURS_APART = 3;

interface Market {
  /** Standard deviation of what is published around the efficient log price. */
  readonly noise: number;
  /** Per hour, and how large. */
  readonly jumps: readonly [rate: number, size: number];
}

const MARKETS = {
  'a diffusion': { noise: 0, jumps: [0, 0] },
  'with noise of 3 bps': { noise: 3e-4, jumps: [0, 0] },
  'with a jump of 2 % every other hour': { noise: 0, jumps: [0.5, 0.02] },
} satisfies Record<string, Market>;

type Estimator = 'TSRV' | 'MedRV' | 'range' | 'EWMA';

/** Variance of the log price over an hour, as each estimator sees it at the end of hours of a market. */
function estimated({ noise, jumps: [rate, size] }: Market): Record<Estimator, number[]> {
  const random = new Random(11);
  const memory = new Memory();
  const twoScale = new TwoScaleVariance(memory);
  const median = new MedianVariance(memory, [MINUTE]);
  const ewma = new EwmaVolatility(0);
  const estimates: Record<Estimator, number[]> = { TSRV: [], MedRV: [], range: [], EWMA: [] };
  const step = Math.sqrt(DIFFUSION / HOUR);
  let [efficient, minuteAgo] = [0, 0];
  const bar = { open: 1, high: 1, low: 1, close: 1 };
  for (let second = 1; second <= SAMPLES * HOURS_APART * HOUR; second++) {
    efficient += step * random.normal();
    if (random.uniform() < rate / HOUR) efficient += size * (random.uniform() < 0.5 ? -1 : 1);
    const log = efficient + noise * random.normal();
    const price = Math.exp(log);
    twoScale.observe(second, log);
    ewma.observe(price);
    if (second % MINUTE === 0) {
      median.push(Math.abs(log - minuteAgo));
      minuteAgo = log;
    }
    bar.high = Math.max(bar.high, price);
    bar.low = Math.min(bar.low, price);
    if (second % HOUR !== 0) continue;
    bar.close = price;
    if (second % (HOURS_APART * HOUR) === 0) {
      estimates.TSRV.push(twoScale.variance * HOUR);
      estimates.MedRV.push(median.mean(0) * MINUTE);
      estimates.range.push(0.5 * (garmanKlass(bar) + rogersSatchell(bar)));
      estimates.EWMA.push(ewma.perRootSecond * ewma.perRootSecond * HOUR);
    }
    Object.assign(bar, { open: price, high: price, low: price });
  }
  return estimates;
}

/** Relative to the truth, in percent. */
function errorOf(estimates: readonly number[], truth: number): [bias: number, rmse: number] {
  const mean = estimates.reduce((sum, one) => sum + one / estimates.length, 0);
  const square = estimates.reduce((sum, one) => sum + (one - truth) * (one - truth), 0) / estimates.length;
  return [mean - truth, Math.sqrt(square)].map((error) => Math.round((100 * error) / truth) + 0) as [number, number];
}

// The table of docs/risk.md.
describe.each<[keyof typeof MARKETS, Record<Estimator, [number, number]>]>([
  ['a diffusion', { TSRV: [0, 23], MedRV: [-1, 19], range: [-7, 53], EWMA: [-3, 4] }],
  ['with noise of 3 bps', { TSRV: [0, 23], MedRV: [10, 22], range: [5, 56], EWMA: [622, 622] }],
  // The jumps add 200 % to the variance as a whole.
  ['with a jump of 2 % every other hour', { TSRV: [206, 293], MedRV: [6, 23], range: [88, 193], EWMA: [189, 328] }],
])('the diffusive variance of %s', (name, errors) => {
  const estimates = estimated(MARKETS[name]);
  test.each(Object.entries(errors) as [Estimator, [number, number]][])(
    '%s: bias and error as printed',
    (one, error) => {
      expect(errorOf(estimates[one], DIFFUSION)).toEqual(error);
    },
  );
});
