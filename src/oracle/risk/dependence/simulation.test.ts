import { planOf } from '../../../../test/support/plans';
import { Random } from '../../../lab/market/random';
import { RISK_STEP_MS } from '../feed-risk-past';
import { DependencePast } from './dependence-past';

const STEP_SECONDS = RISK_STEP_MS / 1_000;
const TICK_SECONDS = 5;
const SIGMA_PER_TICK = 0.0002;
const STEPS = 4 * 288;
const RUNS = 3;
/** How long the market stays as excited as it is. */
const SHOCK_SECONDS = 60;

interface Market {
  readonly rho: number;
  /** Mean seconds between the prices of either feed; 0: at every tick. */
  readonly waits: readonly [number, number];
  /** Returns over a minute have Student's law with so many degrees of freedom; absent: normal. */
  readonly freedom?: number;
}

interface Estimate {
  readonly published: number;
  /** By the returns of the prices that stood at the grid points. */
  readonly synchronised: number;
}

/** Two diffusions of a known correlation, of which each feed's price is seen now and then. */
function estimateOf({ rho, waits, freedom }: Market, seed: number): Estimate {
  const random = new Random(seed);
  const past = new DependencePast(planOf({ 'A/USD': { sources: { a: {} } }, 'B/USD': { sources: { a: {} } } }).feeds);
  const due = waits.map((wait) => random.exponential(wait));
  const [latent, seen] = [
    [0, 0],
    [0, 0],
  ];
  let before = [NaN, NaN];
  const sums = { squareA: 0, squareB: 0, product: 0 };
  let scale = 1;
  for (let second = TICK_SECONDS; second <= STEPS * STEP_SECONDS; second += TICK_SECONDS) {
    if (freedom !== undefined && second % SHOCK_SECONDS === 0) scale = studentScale(random, freedom);
    const first = random.normal();
    const shocks = [first, rho * first + Math.sqrt(1 - rho * rho) * random.normal()];
    for (const feed of [0, 1]) {
      latent[feed]! += SIGMA_PER_TICK * scale * shocks[feed]!;
      if (second < due[feed]!) continue;
      due[feed] = second + random.exponential(waits[feed]!);
      seen[feed] = latent[feed]!;
      past.hold(feed, 100 * Math.exp(seen[feed]), second * 1_000 - 1);
    }
    if (second % STEP_SECONDS !== 0) continue;
    past.elapse(second * 1_000);
    const [a, b] = [seen[0]! - before[0]!, seen[1]! - before[1]!];
    if (!Number.isNaN(a)) {
      sums.squareA += a * a;
      sums.squareB += b * b;
      sums.product += a * b;
    }
    before = [...seen];
  }
  return {
    published: past.figures()?.correlation[1] ?? NaN,
    synchronised: sums.product / Math.sqrt(sums.squareA * sums.squareB),
  };
}

/** √(f/χ²): what makes a normal draw one of Student's law. Its variance is f/(f − 2), which no correlation sees. */
function studentScale(random: Random, freedom: number): number {
  let chi = 0;
  for (let index = 0; index < freedom; index++) {
    const draw = random.normal();
    chi += draw * draw;
  }
  return Math.sqrt(freedom / chi);
}

function errorsOf(market: Market): Record<keyof Estimate, { bias: number; rmse: number }> {
  const estimates = Array.from({ length: RUNS }, (_, seed) => estimateOf(market, seed));
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / RUNS;
  const errorOf = (of: keyof Estimate): { bias: number; rmse: number } => {
    const misses = estimates.map((estimate) => estimate[of] - market.rho);
    return { bias: mean(misses), rmse: Math.sqrt(mean(misses.map((miss) => miss * miss))) };
  };
  return { published: errorOf('published'), synchronised: errorOf('synchronised') };
}

/** docs/risk.md tabulates longer runs. */
describe('the correlation of simulated diffusions', () => {
  it.each([
    [{ rho: 0.8, waits: [0, 0] }, 0.02],
    [{ rho: 0.3, waits: [0, 0] }, 0.05],
    [{ rho: 0, waits: [0, 0] }, 0.05],
    [{ rho: -0.5, waits: [0, 0] }, 0.04],
    [{ rho: 0.8, waits: [0, 0], freedom: 4 }, 0.04],
  ] as [Market, number][])('is recovered: %j', (market, limit) => {
    expect(errorsOf(market).published.rmse).toBeLessThan(limit);
  });

  it.each([
    [{ rho: 0.8, waits: [60, 60] }, 0.06],
    [{ rho: 0.8, waits: [0, 150] }, 0.06],
    [{ rho: 0.8, waits: [150, 150] }, 0.08],
    [{ rho: 0.8, waits: [0, 1_200] }, 0.12],
  ] as [Market, number][])(
    'does not fade where prices come late, as that of returns over the grid does: %j',
    (market, limit) => {
      const { published, synchronised } = errorsOf(market);
      expect(synchronised.bias).toBeLessThan(-0.14);
      expect(Math.abs(published.bias)).toBeLessThan(limit);
    },
  );
});
