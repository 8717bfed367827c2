import { Random } from '../../market/random';
import { EwmaRival } from './ewma';
import { GarchRival } from './garch';
import { GjrTRival } from './gjr-t';
import { HarRival } from './har';
import { NormalTails } from './normal-tails';
import { RealizedGarchRival } from './realized-garch';
import type { Observed, Rival } from './rival';
import { SimulatedTails } from './simulated-tails';

/** Returns of a Realized GARCH whose daily persistence is 0.95, and the noisy variance that goes with each. */
function simulated(count: number): { returns: Float64Array; variances: Float64Array } {
  const random = new Random(11);
  const [returns, variances] = [new Float64Array(count), new Float64Array(count)];
  let logH = Math.log(1e-4);
  for (let index = 0; index < count; index++) {
    const z = random.normal();
    returns[index] = Math.exp(logH / 2) * z;
    const logX = logH - 0.1 + 0.05 * (z * z - 1) - 0.05 * z + 0.3 * random.normal();
    variances[index] = Math.exp(logX);
    logH = 0.05 * Math.log(1e-4) + 0.04 + 0.55 * logH + 0.4 * logX;
  }
  return { returns, variances };
}

const { returns, variances } = simulated(5_000);
const gap: Observed = { return_: NaN, variance: NaN };

function observing(rival: Rival): void {
  returns.forEach((return_, index) => rival.observe({ return_, variance: variances[index]! }));
}

const rivals: readonly Rival[] = [
  new EwmaRival(1, 24),
  new GarchRival(),
  new GjrTRival(),
  new RealizedGarchRival(),
  new HarRival(1, 24, false),
  new HarRival(1, 24, true),
];

describe.each(rivals.map((rival) => [rival.name, rival] as const))('%s', (_, rival) => {
  it('is silent before it has learnt, and near the truth after', () => {
    expect(rival.variance(1)).toBeNaN();
    rival.refit?.(returns, variances);
    observing(rival);
    expect(rival.variance(1)).toBeGreaterThan(2e-5);
    expect(rival.variance(1)).toBeLessThan(5e-4);
  });

  it('is moved by a large return, and by no gap', () => {
    const before = rival.variance(1);
    if (!rival.name.startsWith('har')) rival.observe(gap);
    expect(rival.variance(1)).toBe(before);
    rival.observe({ return_: 0.05, variance: 0.002 });
    expect(rival.variance(1)).toBeGreaterThan(before);
  });
});

describe('EwmaRival', () => {
  it('decays by 0.94 in the time of its horizon, and of a day at most', () => {
    const decayOf = (rival: EwmaRival): number => {
      rival.observe({ return_: 1, variance: 1 });
      for (let bar = 0; bar < 24; bar++) rival.observe({ return_: 0, variance: 0 });
      return rival.variance(1);
    };
    expect(decayOf(new EwmaRival(24, 24))).toBeCloseTo(0.94, 12);
    expect(decayOf(new EwmaRival(240, 24))).toBeCloseTo(0.94, 12);
    expect(decayOf(new EwmaRival(1, 24))).toBeCloseTo(0.94 ** 24, 12);
  });
});

describe('GjrTRival', () => {
  it('finds that falls weigh more where they do', () => {
    const random = new Random(5);
    let h = 1e-4;
    const skewed = Float64Array.from({ length: 6_000 }, () => {
      const r = Math.sqrt(h) * random.normal();
      h = 2e-6 + (0.02 + (r < 0 ? 0.12 : 0)) * r * r + 0.9 * h;
      return r;
    });
    const [fall, rise] = [new GjrTRival(), new GjrTRival()];
    for (const one of [fall, rise]) one.refit(skewed);
    fall.observe({ return_: -0.03, variance: 0 });
    rise.observe({ return_: 0.03, variance: 0 });
    expect(fall.variance(1) / rise.variance(1)).toBeGreaterThan(1.3);
  });
});

describe('RealizedGarchRival', () => {
  it('returns to the long run over many steps', () => {
    const rival = new RealizedGarchRival();
    rival.refit(returns, variances);
    const spread = returns.reduce((sum, r) => sum + r * r, 0) / returns.length;
    expect(rival.variance(2_000) / (2_000 * spread)).toBeGreaterThan(0.7);
    expect(rival.variance(2_000) / (2_000 * spread)).toBeLessThan(1.4);
  });
});

describe('NormalTails', () => {
  it('are the quantiles of the normal at the model’s σ', () => {
    const steady: Rival = { name: 'steady', observe: () => undefined, variance: (steps) => 4 * steps };
    const tails = new NormalTails(steady, 4);
    expect(tails.valueAtRisk(0, 2)).toBeCloseTo(4 * 2.3263479, 6);
    expect(tails.shortfall(1, 2)).toBeCloseTo(4 * 2.6652142, 6);
  });
});

describe('SimulatedTails', () => {
  it('are past returns over their σ in their own order, times the σ of now', () => {
    const tails = new SimulatedTails(1, 300);
    // Each return is told a bar after its variance: z is 1, 2 … 300, and no other.
    for (let bar = 0; bar <= 300; bar++) tails.observe(2 * bar, 4);
    tails.observe(NaN, 9);
    // The 15.05th and the 1.5th of the 300 largest, and the mean of those down to them.
    expect(tails.valueAtRisk(1, 0)).toBeCloseTo(3 * (301 - 15.05), 10);
    expect(tails.shortfall(1, 0)).toBeCloseTo(3 * (301 - 8), 10);
    expect(tails.valueAtRisk(1, 3)).toBeCloseTo(3 * (301 - 1.505), 10);
    expect(tails.valueAtRisk(0, 0)).toBe(0);
  });

  it('are silent before 250 outcomes, and without a variance', () => {
    const tails = new SimulatedTails(1, 300);
    for (let bar = 0; bar < 250; bar++) tails.observe(bar, 1);
    expect([tails.valueAtRisk(1, 0), tails.shortfall(1, 0)]).toEqual([NaN, NaN]);
    tails.observe(1, 1);
    expect(tails.valueAtRisk(1, 0)).toBeGreaterThan(0);
    tails.observe(1, NaN);
    expect(tails.valueAtRisk(1, 0)).toBeNaN();
  });
});
