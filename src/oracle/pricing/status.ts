import { DISPUTED, halts, IMPRECISE, reasonBit, type ReasonSet } from '../guarding/reasons';
import { PERMITS, type Permit, type Status } from '../report';

const WARMING_UP = reasonBit('warmingUp');
const RESUMING = reasonBit('resuming');

export interface StatusDecision {
  readonly status: Status;
  readonly reasons: ReasonSet;
  readonly permits: readonly Permit[];
}

const ALWAYS: readonly Permit[] = ['repay', 'topUp'];
const LIQUIDATE: readonly Permit[] = ['liquidate', ...ALWAYS];

/** What the reasons amount to, by the table of docs/pricing.md. The first line that applies decides. */
export function decideStatus(reasons: ReasonSet, isWarm: boolean, inGrace: boolean): StatusDecision {
  if (halts(reasons)) return { status: 'halted', reasons, permits: ALWAYS };
  if (!isWarm) return { status: 'warming', reasons: reasons | WARMING_UP, permits: ALWAYS };
  if (inGrace) return { status: 'grace', reasons: reasons | RESUMING, permits: ALWAYS };
  if (reasons & DISPUTED) return { status: 'degraded', reasons, permits: ALWAYS };
  if (reasons & IMPRECISE) return { status: 'degraded', reasons, permits: LIQUIDATE };
  return { status: 'ok', reasons, permits: PERMITS };
}
