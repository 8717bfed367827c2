import fc from 'fast-check';
import type { HaircutPolicy } from '../plan';
import type { HorizonRisk } from './figures';
import { HaircutPast, rawHaircut } from './haircut';
import { Memory } from './memory';

const MINUTE = 60_000;
const STEP = 5 * MINUTE;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const FREE = { halfSpread: 0, pegGap: 0 };
const POLICY: HaircutPolicy = {
  liquidationHorizonMs: DAY,
  floor: 0.01,
  steadyWeight: 0.6,
  stressWeight: 0,
  maxFallPerDay: 0.05,
};

/** Horizons by their shortfall at 99 %; undefined where a tail reaches no further than 97.5 %. */
function horizonsOf(...shortfalls: readonly (number | undefined)[]): HorizonRisk[] {
  return shortfalls.map((shortfall) => {
    const tail = { valueAtRisk: shortfall ?? 0.5, expectedShortfall: shortfall ?? 0.5 };
    const fall = shortfall === undefined ? [tail, tail] : [tail, tail, tail];
    return { sigma: 0.01, observations: 1_000, fall, rise: fall };
  });
}

function pastOf(policy: Partial<HaircutPolicy> = {}): { past: HaircutPast; memory: Memory } {
  const memory = new Memory();
  return { past: new HaircutPast(memory, { ...POLICY, ...policy }), memory };
}

describe('rawHaircut', () => {
  it.each([
    ['of a horizon that is forecast', [0.001, 0.002, 0.02, 0.1, 0.3], DAY, FREE, 1 - Math.exp(-0.1)],
    ['of the shortest', [0.001, 0.002, 0.02, 0.1, 0.3], MINUTE, FREE, 1 - Math.exp(-0.001)],
    ['between two, as a power of time', [0.01, 0.02, 0.03, 0.12, 0.3], HOUR * Math.sqrt(24), FREE, 1 - Math.exp(-0.06)],
    ['with what a sale costs', [0, 0, 0, 0.1, 0], DAY, { halfSpread: 0.01, pegGap: 0.04 }, 1 - Math.exp(-0.15)],
    ['of what never falls', [0, 0, 0, 0, 0], DAY, FREE, 0],
    ['of a tail without 99 %', [0.001, 0.002, 0.02, undefined, undefined], DAY, FREE, undefined],
    ['beside one', [0.001, 0.002, 0.02, undefined, undefined], 2 * HOUR, FREE, undefined],
    ['beyond one', [undefined, 0.002, 0.02, 0.1, undefined], 2 * MINUTE, FREE, undefined],
    ['beyond all horizons', [0.001, 0.002, 0.02, 0.1, 0.3], 11 * DAY, FREE, undefined],
  ])('is known %s, or absent', (_, shortfalls, horizonMs, costs, expected) => {
    const haircut = rawHaircut(horizonsOf(...shortfalls), horizonMs, costs);
    if (expected === undefined) expect(haircut).toBeUndefined();
    else expect(haircut).toBeCloseTo(expected, 12);
  });

  const loss = fc.double({ min: 0, max: 1_000, noNaN: true });

  it('is a part of the value, whatever may be lost', () => {
    fc.assert(
      fc.property(loss, loss, loss, (shortfall, halfSpread, pegGap) => {
        const haircut = rawHaircut(horizonsOf(0, 0, 0, shortfall), DAY, { halfSpread, pegGap });
        expect(haircut).toBeGreaterThanOrEqual(0);
        expect(haircut).toBeLessThan(1);
      }),
    );
  });

  it('falls with none of what it is made of', () => {
    fc.assert(
      fc.property(loss, loss, loss, loss, loss, loss, (shortfall, spread, peg, worse, wider, further) => {
        const before = rawHaircut(horizonsOf(0, 0, 0, shortfall), DAY, { halfSpread: spread, pegGap: peg });
        const costs = { halfSpread: spread + wider, pegGap: peg + further };
        expect(rawHaircut(horizonsOf(0, 0, 0, shortfall + worse), DAY, costs)).toBeGreaterThanOrEqual(before ?? NaN);
      }),
    );
  });
});

describe('HaircutPast', () => {
  const haircuts = fc.array(fc.double({ min: 0, max: 0.99, noNaN: true }), { minLength: 1, maxLength: 50 });

  it('has nothing before a figure had a basis', () => {
    const { past } = pastOf();
    past.observe(0, undefined);
    expect(past.smoothed).toBeUndefined();
  });

  it('begins at the first and stays at what stays', () => {
    const { past } = pastOf({ stressWeight: 0.25 });
    for (let step = 0; step < 100; step++) past.observe(step * STEP, 0.2);
    expect(past.smoothed).toBeCloseTo(0.2, 12);
  });

  it('never lies below its floor', () => {
    fc.assert(
      fc.property(haircuts, fc.double({ min: 0, max: 0.5, noNaN: true }), (raws, floor) => {
        const { past } = pastOf({ floor });
        raws.forEach((raw, step) => {
          past.observe(step * STEP, raw);
          expect(past.smoothed).toBeGreaterThanOrEqual(floor);
        });
      }),
    );
  });

  it('rises at once, by the part that is not steadied', () => {
    const { past } = pastOf();
    for (let step = 0; step < 12 * 24 * 90; step++) past.observe(step * STEP, 0.1);
    past.observe(12 * 24 * 90 * STEP, 0.5);
    expect(past.smoothed).toBeGreaterThanOrEqual(1 - Math.exp(0.4 * Math.log(0.5) + 0.6 * Math.log(0.9)));
  });

  it('leaves next to nothing of what may lose next to all, however steady it was', () => {
    const { past } = pastOf();
    for (let step = 0; step < 12 * 24 * 90; step++) past.observe(step * STEP, 0.003);
    past.observe(12 * 24 * 90 * STEP, 1 - Math.exp(-7));
    expect(past.smoothed).toBeGreaterThan(0.93);
  });

  it('falls by five in a hundred a day after a peak, in however many steps', () => {
    const coarse = pastOf().past;
    const fine = pastOf().past;
    for (const past of [coarse, fine]) past.observe(0, 0.5);
    coarse.observe(DAY, 0.01);
    for (let at = STEP; at <= DAY; at += STEP) fine.observe(at, 0.01);
    expect(coarse.smoothed).toBeCloseTo(0.5 * 0.95, 12);
    expect(fine.smoothed).toBeCloseTo(0.5 * 0.95, 12);
  });

  it('falls no faster than its bound, whatever comes', () => {
    fc.assert(
      fc.property(haircuts, (raws) => {
        const { past } = pastOf({ stressWeight: 0.25 });
        let before = 0;
        raws.forEach((raw, step) => {
          past.observe(step * 6 * HOUR, raw);
          const now = past.smoothed ?? NaN;
          expect(now).toBeGreaterThanOrEqual(before * Math.exp(Math.log(0.95) / 4) * (1 - 1e-12));
          before = now;
        });
      }),
    );
  });

  it('gives stressed observations their weight, long after', () => {
    const smoothedWith = (stressWeight: number): number => {
      const { past } = pastOf({ stressWeight });
      for (let day = 0; day < 20; day++) past.observe(day * DAY, 0.4);
      for (let day = 20; day < 200; day++) past.observe(day * DAY, 0.1);
      return past.smoothed ?? NaN;
    };
    expect(smoothedWith(0.25)).toBeGreaterThan(smoothedWith(0) + 0.05);
  });

  it('lets time without a figure change nothing', () => {
    const { past } = pastOf();
    past.observe(0, 0.5);
    past.observe(STEP, undefined);
    past.observe(10 * DAY, undefined);
    expect(past.smoothed).toBe(0.5);
    past.observe(10 * DAY + STEP, 0.01);
    expect(past.smoothed).toBeGreaterThan(0.499);
  });

  it('goes on from a saved state as if it had never stopped', () => {
    fc.assert(
      fc.property(haircuts, fc.nat(49), (raws, stop) => {
        const { past, memory } = pastOf();
        const resumed = pastOf();
        raws.forEach((raw, step) => {
          if (step === stop % raws.length) resumed.memory.restore(memory.save());
          past.observe(step * STEP, raw);
          if (step >= stop % raws.length) resumed.past.observe(step * STEP, raw);
        });
        expect(resumed.memory.save()).toEqual(memory.save());
      }),
    );
  });
});
