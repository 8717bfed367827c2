import type { Appraisal } from './appraiser';
import { reasonList } from './guarding/reasons';
import type { FeedMemory } from './pricing/feed-memory';
import type { Report } from './report';
import { saysTheSame } from './same-report';

/** What a feed publishes after an appraisal: the next report, or undefined where the one that stands says the same. */
export function nextReport(
  { decision, prices, observedAt, sources, dispersionBps }: Appraisal,
  memory: FeedMemory,
  { feed, cut }: Pick<Report, 'feed' | 'cut'>,
): Report | undefined {
  const { status, permits } = decision;
  const reasons = reasonList(decision.reasons);
  const sequence = memory.sequence + 1;
  const next = { feed, sequence, cut, observedAt, status, reasons, permits, prices, sources, dispersionBps };
  return memory.report !== undefined && saysTheSame(memory.report, next) ? undefined : next;
}
