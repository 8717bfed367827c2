import { quoteOf } from '../../../test/support/oracle-driver';
import { planOf, policyOf } from '../../../test/support/plans';
import { Roster } from '../aggregation/roster';
import { Slots } from '../observation/slots';
import { guardClock, Clocks, type ClockReading } from './clock';
import { NO_REASONS } from './reasons';

const PLAN = planOf({ 'BTC/USD': { sources: { a: {}, b: {}, c: {}, d: { maxAgeMs: 3_000 } } } });
const NOW = 1_000_000;

/** Each venue has just spoken, by its own clock that much before; undefined: it gives no time. */
function read(agoMs: readonly (number | undefined)[], at = NOW): ClockReading {
  const slots = new Slots(PLAN);
  agoMs.forEach((ago, source) => {
    slots.observe(source, quoteOf(100, { eventAt: ago === undefined ? undefined : NOW - ago }), NOW);
  });
  return new Clocks(PLAN, slots, new Roster(PLAN, 0).constituents).read(at);
}

describe('this machine’s clock', () => {
  it.each([
    ['agrees with venues that are some milliseconds away', [20, 60, 80, 140], 70],
    ['is not held against a single venue’s that is an hour ahead', [-3_600_000, 60, 80, 140], 70],
    ['is not judged by two', [30_000, 30_000, undefined, undefined], NaN],
    ['is ahead where all are behind it', [6_000, 6_020, 6_040, 6_100], 6_030],
    [
      'is behind where their quotes come from the future, although those are refused',
      [-5_000, -5_000, -5_000, -4_000],
      -5_000,
    ],
  ])('%s', (_reason, ago, aheadMs) => {
    expect(read(ago).aheadMs).toBe(aheadMs);
  });

  it('is not judged by words that are too old, and is looked at again when the first will be', () => {
    expect(read([60, 60, 60, 60])).toEqual({ aheadMs: 60, expiresAt: NOW + 3_000 });
    expect(read([60, 60, undefined, 60], NOW + 3_000)).toEqual({ aheadMs: NaN, expiresAt: NOW + 10_000 });
  });

  it.each([
    ['within the limit', 5_000, false],
    ['ahead of it', 5_001, true],
    ['behind it', -5_001, true],
    ['not known', NaN, false],
  ])('halts the feed by its distance: %s', (_reason, aheadMs, halts) => {
    const reasons = guardClock({ aheadMs, expiresAt: Infinity }, policyOf({ maxClockMs: 5_000 }));
    expect(reasons !== NO_REASONS).toBe(halts);
  });
});
