import fc from 'fast-check';
import { PERMITS, REASONS, type Figures, type Permit, type Report, type Status } from '../../src/oracle/report';

const mantissa = fc.integer({ min: 1, max: 10 ** 12 });
const RESCUE: readonly Permit[] = ['repay', 'topUp'];

const statusAndPermits: fc.Arbitrary<{ status: Status; permits: readonly Permit[] }> = fc.oneof(
  fc.constant({ status: 'ok' as const, permits: PERMITS }),
  fc.constant({ status: 'degraded' as const, permits: RESCUE }),
  fc.constant({ status: 'degraded' as const, permits: ['liquidate', ...RESCUE] as const }),
  fc
    .constantFrom('grace' as const, 'warming' as const, 'halted' as const)
    .map((status) => ({ status, permits: RESCUE })),
);

const prices = fc
  .record({ low: mantissa, up: mantissa, further: mantissa, stable: fc.option(mantissa, { nil: undefined }) })
  .map(({ low, up, further, stable }) => {
    const high = low + up + further;
    const known = stable !== undefined;
    return {
      price: low + up,
      low,
      high,
      collateral: known ? Math.min(low, stable) : undefined,
      liability: known ? Math.max(high, stable) : undefined,
    };
  });

/** Any report that does not contradict itself, of feed 0. */
export const arbitraryReport: fc.Arbitrary<Report> = fc
  .record({
    said: statusAndPermits,
    prices,
    withoutPrice: fc.boolean(),
    sequence: fc.integer({ min: 1, max: 2 ** 48 - 1 }),
    cut: fc.integer({ min: 0, max: 2 ** 40 - 1 }),
    observedAt: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
    reasons: fc.subarray([...REASONS]),
  })
  .map(({ said, prices: known, withoutPrice, observedAt, ...rest }) => {
    const absent = said.status === 'halted' || (said.status === 'warming' && withoutPrice);
    return {
      feed: 0,
      ...said,
      ...rest,
      observedAt: absent ? undefined : observedAt,
      prices: absent ? undefined : known,
      sources: { used: 0, upstreams: 0 },
      dispersionBps: 0,
    };
  });

const twap = fc.oneof(
  fc.record({ price: mantissa, coverageBps: fc.integer({ min: 9_000, max: 10_000 }) }),
  fc.record({ price: fc.constant(undefined), coverageBps: fc.integer({ min: 0, max: 8_999 }) }),
);

/** Any figures of feed 0. */
export const arbitraryFigures: fc.Arbitrary<Figures> = fc.record({
  feed: fc.constant(0),
  cut: fc.integer({ min: 0, max: 2 ** 40 - 1 }),
  twaps: fc.tuple(twap, twap, twap, twap),
  stable: fc.option(mantissa, { nil: undefined }),
  volatilityPpm: fc.option(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { nil: undefined }),
  observations: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
});
