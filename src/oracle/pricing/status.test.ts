import { reasonBit } from '../guarding/reasons';
import { REASONS, type Reason } from '../report';
import { decideStatus } from './status';

const ALL = ['open', 'withdraw', 'liquidate', 'repay', 'topUp'];
const LIQUIDATE = ['liquidate', 'repay', 'topUp'];
const RESCUE = ['repay', 'topUp'];

const decide = (reasons: readonly Reason[], isWarm = true, inGrace = false) =>
  decideStatus(
    reasons.reduce((set, reason) => set | reasonBit(reason), 0),
    isWarm,
    inGrace,
  );

describe('status', () => {
  it('without a reason is ok and permits everything', () => {
    expect(decide([])).toEqual({ status: 'ok', reasons: 0, permits: ALL });
  });

  // The table of DESIGN §6, and what each reason means in it.
  const byReason: Record<Reason, [status: string, permits: readonly string[]]> = {
    tooFewUpstreams: ['halted', RESCUE],
    thinUpstreams: ['degraded', LIQUIDATE],
    thinWeight: ['degraded', LIQUIDATE],
    tooFewNative: ['degraded', RESCUE],
    nativeGap: ['degraded', RESCUE],
    wideBand: ['degraded', LIQUIDATE],
    mediansDisagree: ['degraded', RESCUE],
    legDegraded: ['ok', ALL],
    legHalted: ['ok', ALL],
    anchorApart: ['ok', ALL],
    operatorHalt: ['halted', RESCUE],
    warmingUp: ['ok', ALL],
    resuming: ['ok', ALL],
    tooOld: ['halted', RESCUE],
    disagreementLasts: ['halted', RESCUE],
    outliers: ['ok', ALL],
    leading: ['ok', ALL],
    weightLost: ['halted', RESCUE],
    anchorsAgainst: ['halted', RESCUE],
    unwitnessed: ['ok', ALL],
    pathlessJump: ['halted', RESCUE],
    rateOutOfBounds: ['degraded', RESCUE],
    twapApart: ['ok', ALL],
    marketClosed: ['degraded', RESCUE],
    clockApart: ['halted', RESCUE],
    redemptionOutOfBounds: ['degraded', RESCUE],
    pegGap: ['ok', ALL],
    redemptionUnknown: ['degraded', LIQUIDATE],
    observersApart: ['halted', RESCUE],
    anchorsDisagree: ['degraded', RESCUE],
    dissent: ['degraded', RESCUE],
  };
  it.each(REASONS.map((reason) => [reason, ...byReason[reason]] as const))(
    'for %s alone is %s',
    (reason, status, permits) => {
      expect(decide([reason])).toMatchObject({ status, permits });
    },
  );

  it.each([
    ['a halt outranks warming', ['tooOld'], false, false, 'halted', RESCUE],
    ['a halt outranks grace', ['operatorHalt', 'thinWeight'], true, true, 'halted', RESCUE],
    ['warming outranks grace', [], false, true, 'warming', RESCUE],
    ['warming outranks a degradation that would liquidate', ['thinWeight'], false, false, 'warming', RESCUE],
    ['grace outranks a degradation that would liquidate', ['thinWeight'], true, true, 'grace', RESCUE],
    ['what may be wrong outranks what is merely imprecise', ['wideBand', 'nativeGap'], true, false, 'degraded', RESCUE],
    ['several imprecisions are still imprecise', ['wideBand', 'thinWeight'], true, false, 'degraded', LIQUIDATE],
  ] as [string, Reason[], boolean, boolean, string, string[]][])(
    '%s',
    (_reason, reasons, isWarm, inGrace, status, permits) => {
      expect(decide(reasons, isWarm, inGrace)).toMatchObject({ status, permits });
    },
  );

  it('names warming and grace among the reasons, beside those that stand anyway', () => {
    expect(decide(['thinWeight'], false).reasons).toBe(reasonBit('thinWeight') | reasonBit('warmingUp'));
    expect(decide(['thinWeight'], true, true).reasons).toBe(reasonBit('thinWeight') | reasonBit('resuming'));
    expect(decide(['tooOld'], false, true).reasons).toBe(reasonBit('tooOld'));
  });
});
