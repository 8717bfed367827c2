import type { Reason, Report, Status } from '../report';
import { FeedMemory } from './feed-memory';

function reportOf(status: Status, reasons: readonly Reason[] = [], sequence = 1): Report {
  return {
    feed: 0,
    sequence,
    cut: 1,
    observedAt: undefined,
    status,
    reasons,
    permits: ['repay', 'topUp'],
    prices: undefined,
    sources: { used: 0, upstreams: 0 },
    dispersionBps: 0,
  };
}

describe('FeedMemory', () => {
  it('takes a feed that never had a report for halted: its first price comes back from a halt', () => {
    expect(new FeedMemory().resumedAt(5_000)).toBe(5_000);
  });

  it('remembers when the price came back, through whatever status follows', () => {
    const memory = new FeedMemory();
    memory.absorb(reportOf('halted'), NaN, 1_000);
    memory.absorb(reportOf('grace'), 100, 2_000);
    memory.absorb(reportOf('degraded'), 100, 3_000);
    memory.absorb(reportOf('ok'), 100, 20_000);
    expect(memory.resumedAt(30_000)).toBe(2_000);
    memory.absorb(reportOf('halted'), NaN, 40_000);
    expect(memory.resumedAt(50_000)).toBe(50_000);
  });

  it('remembers when a disagreement began, until the medians agree again', () => {
    const memory = new FeedMemory();
    expect(memory.disagreeSince(1_000)).toBe(1_000);
    memory.absorb(reportOf('degraded', ['mediansDisagree']), 100, 1_000);
    memory.absorb(reportOf('halted', ['mediansDisagree', 'disagreementLasts']), NaN, 3_000);
    expect(memory.disagreeSince(4_000)).toBe(1_000);
    memory.absorb(reportOf('grace'), 100, 5_000);
    expect(memory.disagreeSince(6_000)).toBe(6_000);
  });

  it('remembers the last price on which both medians agreed', () => {
    const memory = new FeedMemory();
    expect(memory.lastAgreed).toBeNaN();
    memory.absorb(reportOf('ok'), 100, 1_000);
    memory.absorb(reportOf('degraded', ['mediansDisagree']), 120, 2_000);
    memory.absorb(reportOf('halted'), NaN, 3_000);
    expect(memory.lastAgreed).toBe(100);
  });

  it('takes a feed for halted after a restart: whatever it said, the time since had no price', () => {
    const memory = new FeedMemory();
    memory.absorb(reportOf('ok', [], 7), 100, 1_000);
    memory.resume();
    expect(memory.resumedAt(9_000)).toBe(9_000);
    expect(memory).toMatchObject({ report: undefined, sequence: 7, lastAgreed: 100 });
  });

  it('is restored from its state', () => {
    const memory = new FeedMemory();
    memory.absorb(reportOf('grace', ['mediansDisagree'], 7), 100, 1_000);
    const restored = new FeedMemory();
    restored.restore(memory.state());
    expect(restored.state()).toEqual(memory.state());
    expect([restored.resumedAt(9_000), restored.disagreeSince(9_000), restored.sequence]).toEqual([1_000, 1_000, 7]);
  });

  it('remembers since when the anchors contradict, and the last price that they did not', () => {
    const memory = new FeedMemory();
    memory.absorb(reportOf('ok'), 100, 1_000);
    memory.absorb(reportOf('degraded', ['anchorsDisagree']), 105, 2_000);
    memory.absorb(reportOf('halted', ['anchorsDisagree', 'anchorsAgainst']), NaN, 3_000);
    expect([memory.anchorsDisagreeSince(9_000), memory.lastWitnessed]).toEqual([2_000, 100]);
    memory.absorb(reportOf('grace'), 104, 4_000);
    expect([memory.anchorsDisagreeSince(9_000), memory.lastWitnessed]).toEqual([9_000, 104]);
  });

  it('remembers the last price that kept its pace, and when that was', () => {
    const memory = new FeedMemory();
    memory.absorb(reportOf('ok'), 100, 1_000);
    memory.absorb(reportOf('degraded', ['rateOutOfBounds']), 106, 2_000);
    expect([memory.lastCalm, memory.lastCalmAt, memory.isOutOfBounds]).toEqual([100, 1_000, true]);
    memory.absorb(reportOf('ok'), 106, 12_000);
    expect([memory.lastCalm, memory.lastCalmAt, memory.isOutOfBounds]).toEqual([106, 12_000, false]);
  });

  describe('of the breaker', () => {
    const tripped = (): FeedMemory => {
      const memory = new FeedMemory();
      memory.absorb(reportOf('ok'), 100, 1_000);
      memory.absorb(reportOf('halted', ['pathlessJump']), NaN, 2_000);
      return memory;
    };

    it('remembers what it holds the price against, for as long as it holds', () => {
      expect(tripped()).toMatchObject({ isTripped: true, lastAgreed: 100, lastAgreedAt: 1_000 });
    });

    it('remembers since when it settles, and forgets it when that is interrupted', () => {
      const memory = tripped();
      memory.absorb(reportOf('halted', ['resuming', 'pathlessJump']), NaN, 3_000);
      memory.absorb(reportOf('halted', ['resuming', 'pathlessJump', 'thinWeight']), NaN, 4_000);
      expect(memory.settlingSince(9_000)).toBe(3_000);
      memory.absorb(reportOf('halted', ['pathlessJump']), NaN, 5_000);
      expect(memory.settlingSince(9_000)).toBe(9_000);
    });

    it.each([
      ['with a price: that is what the next is held against', reportOf('grace'), 0.1, 0.1],
      ['without one: the next is a new beginning', reportOf('halted', ['tooOld']), NaN, NaN],
      ['with one that the medians dispute: likewise', reportOf('grace', ['mediansDisagree']), 0.1, NaN],
    ])('lets go %s', (_reason, report, price, lastAgreed) => {
      const memory = tripped();
      memory.absorb(report, price, 3_000);
      expect(memory.isTripped).toBe(false);
      expect(memory.lastAgreed).toBe(lastAgreed);
    });

    it('is restored as it was', () => {
      const restored = new FeedMemory();
      restored.restore(tripped().state());
      expect(restored.state()).toEqual(tripped().state());
    });
  });
});
