import fc from 'fast-check';
import { TWAP_WINDOWS, type TwapWindow } from '../report';
import { PriceHistory } from './price-history';

const T0 = 1_700_000_040_000;
const SECONDS: Readonly<Record<TwapWindow, number>> = { '1m': 60, '5m': 300, '30m': 1_800, '1h': 3_600 };

interface Step {
  readonly at: number;
  /** Held from `at` on; NaN is a halt. */
  readonly price: number;
}

function historyOf(steps: readonly Step[], until: number): PriceHistory {
  const history = new PriceHistory();
  for (const { at, price } of steps) {
    history.elapse(at);
    history.hold(price);
  }
  history.elapse(until);
  return history;
}

/** ∫ price dt ÷ ∫ dt over a window, over the parts that had a price: by definition, step by step. */
function naiveTwap(steps: readonly Step[], end: number, seconds: number): { price: number; coverage: number } {
  const start = end - seconds * 1_000;
  let priceMs = 0;
  let coveredMs = 0;
  steps.forEach(({ at, price }, index) => {
    const from = Math.max(at, start);
    const to = Math.min(steps[index + 1]?.at ?? Infinity, end);
    if (to <= from || Number.isNaN(price)) return;
    priceMs += price * (to - from);
    coveredMs += to - from;
  });
  return { price: priceMs / coveredMs, coverage: coveredMs / (seconds * 1_000) };
}

describe('PriceHistory', () => {
  it('weighs each price by the time it was held', () => {
    const history = historyOf(
      [
        { at: T0, price: 100 },
        { at: T0 + 15_000, price: 200 },
      ],
      T0 + 60_000,
    );
    expect(history.twap('1m')).toEqual({ price: 175, coverageBps: 10_000 });
  });

  it('lets a window end with the newest full second', () => {
    const history = historyOf([{ at: T0, price: 100 }], T0 + 60_000);
    history.hold(900);
    history.elapse(T0 + 60_999);
    expect(history.twap('1m').price).toBe(100);
    history.elapse(T0 + 61_000);
    expect(history.twap('1m').price).toBeCloseTo((59 * 100 + 900) / 60, 9);
  });

  it.each([
    ['ninety per cent of the window suffice', 54_000, { price: 100, coverageBps: 9_000 }],
    ['a moment less does not', 53_999, { price: undefined, coverageBps: 8_999 }],
    ['nothing is nothing', 0, { price: undefined, coverageBps: 0 }],
  ])('publishes the coverage: %s', (_reason, covered, twap) => {
    const history = historyOf(
      [
        { at: T0, price: 100 },
        { at: T0 + covered, price: NaN },
      ],
      T0 + 60_000,
    );
    expect(history.twap('1m')).toEqual(twap);
  });

  it('leaves a halt out: neither an old price nor zero stands in for it', () => {
    const history = historyOf(
      [
        { at: T0, price: 100 },
        { at: T0 + 30_000, price: NaN },
        { at: T0 + 33_000, price: 200 },
      ],
      T0 + 60_000,
    );
    expect(history.twap('1m')).toEqual({ price: (30 * 100 + 27 * 200) / 57, coverageBps: 9_500 });
  });

  it('starts in the middle of a second without a debt', () => {
    const history = historyOf([{ at: T0 + 400, price: 100 }], T0 + 60_000);
    expect(history.twap('1m')).toEqual({ price: 100, coverageBps: 9_933 });
    expect(history.coveredTotalMs).toBe(59_600);
  });

  it('knows how far the stable price may go as the second ends, and no further', () => {
    const prices = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), prices, (before, within) => {
        const history = historyOf([{ at: T0, price: before }], T0 + 10_000);
        within.forEach((price, index) => {
          history.elapse(T0 + 10_000 + index * 100);
          history.hold(price);
        });
        const { low, high } = history.stableBounds;
        history.elapse(T0 + 11_000);
        expect(history.stable).toBeGreaterThanOrEqual(low);
        expect(history.stable).toBeLessThanOrEqual(high);
        expect(high - low).toBeLessThanOrEqual((Math.max(before, ...within) - Math.min(before, ...within)) * 0.00028);
      }),
    );
  });

  it('counts the seconds that end', () => {
    const history = new PriceHistory();
    expect([T0 + 400, T0 + 999, T0 + 1_000, T0 + 1_000.5, T0 + 4_000].map((at) => history.elapse(at))).toEqual([
      1, 0, 1, 0, 3,
    ]);
  });

  it('agrees with a naive integrator, over any steps and every window', () => {
    const step = fc.record({
      waitMs: fc.oneof(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 1, max: 900_000 })),
      price: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 100_000 }) }, fc.constant(NaN)),
    });
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 25 }),
        fc.integer({ min: 0, max: 999 }),
        (waits, offset) => {
          let at = T0 + offset;
          const steps: Step[] = waits.map(({ waitMs, price }) => ({ at: (at += waitMs), price }));
          const until = at + 5_000;
          const end = Math.floor(until / 1_000) * 1_000;
          const history = historyOf(steps, until);
          for (const window of TWAP_WINDOWS) {
            const naive = naiveTwap(steps, end, SECONDS[window]);
            const twap = history.twap(window);
            expect(twap.coverageBps).toBe(Math.floor(naive.coverage * 10_000));
            if (naive.coverage < 0.9) expect(twap.price).toBeUndefined();
            else expect(Math.abs(twap.price! / naive.price - 1)).toBeLessThan(1e-9);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('does not care in how many steps time passes', () => {
    const waits = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(waits, (steps) => {
        const once = new PriceHistory();
        const often = new PriceHistory();
        for (const history of [once, often]) {
          history.elapse(T0);
          history.hold(123);
        }
        let at = T0;
        for (const wait of steps) often.elapse((at += wait));
        once.elapse(at);
        expect(often.twaps()).toEqual(once.twaps());
        expect(often.stable).toEqual(Number.isNaN(once.stable) ? NaN : expect.closeTo(once.stable, 9));
      }),
      { numRuns: 50 },
    );
  });
});

describe('stable price', () => {
  it('starts at the first second that had a price, and is unknown before', () => {
    const history = historyOf([{ at: T0 + 400, price: 100 }], T0 + 999);
    expect(history.stable).toBeNaN();
    history.elapse(T0 + 1_000);
    expect(history.stable).toBe(100);
  });

  it('goes 1 − 1/e of the way in one hour', () => {
    const history = historyOf(
      [
        { at: T0, price: 100 },
        { at: T0 + 1_000, price: 200 },
      ],
      T0 + 3_601_000,
    );
    expect(history.stable).toBeCloseTo(200 - 100 / Math.E, 6);
  });

  it('stands still while there is no price', () => {
    const history = historyOf(
      [
        { at: T0, price: 100 },
        { at: T0 + 1_000, price: NaN },
      ],
      T0 + 600_000,
    );
    expect(history.stable).toBe(100);
  });

  it('is pulled only by the time that had a price', () => {
    const history = historyOf(
      [
        { at: T0, price: 100 },
        { at: T0 + 1_000, price: NaN },
        { at: T0 + 1_500, price: 200 },
      ],
      T0 + 2_000,
    );
    expect(history.stable).toBeCloseTo(100 + 100 * (1 - Math.exp(-500 / 3_600_000)), 9);
  });
});

describe('PriceHistory restored', () => {
  it('goes on exactly as if nothing had happened, and shares nothing with the state', () => {
    const prices = fc.array(fc.record({ waitMs: fc.integer({ min: 1, max: 90_000 }), price: fc.integer({ min: 1 }) }), {
      minLength: 2,
      maxLength: 20,
    });
    fc.assert(
      fc.property(prices, fc.nat(), (waits, split) => {
        const whole = new PriceHistory();
        let parts = new PriceHistory();
        let at = T0;
        waits.forEach(({ waitMs, price }, index) => {
          at += waitMs;
          if (index === split % waits.length) {
            const state = parts.state();
            parts = new PriceHistory();
            parts.restore(state);
            state.priceMs.fill(0);
          }
          for (const history of [whole, parts]) {
            history.elapse(at);
            history.hold(price);
          }
        });
        expect(parts.state()).toEqual(whole.state());
      }),
      { numRuns: 30 },
    );
  });
});
