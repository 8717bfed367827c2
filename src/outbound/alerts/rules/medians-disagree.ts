import type { Reason } from '../../../oracle/report';
import type { AlertRule, RuleTerms } from './rule';

const DISAGREEMENT: readonly Reason[] = ['mediansDisagree', 'disagreementLasts'];

/** The equal-count and the liquidity-weighted median differ by more than the band: someone may hold a majority. */
export function mediansDisagree(terms: RuleTerms): AlertRule {
  return {
    ...terms,
    name: 'mediansDisagree',
    clearForMs: 5_000,
    subjects: (plan) => plan.feeds.map(({ id }) => id),
    holds: (facts, feed) => facts.report(feed)?.reasons.some((reason) => DISAGREEMENT.includes(reason)),
    describe(facts, feed, fires) {
      const { id = '' } = facts.plan.feeds[feed] ?? {};
      const { status = 'halted', reasons = [], dispersionBps = 0, sources } = facts.report(feed) ?? {};
      return {
        summary: fires
          ? `${id}: the equal and the weighted median disagree by more than the band, dispersion ${dispersionBps} bps ` +
            `among ${sources?.upstreams ?? 0} upstreams; see who moved alone`
          : `${id}: the medians agree again`,
        evidence: { feed: id, status, reasons, dispersionBps, upstreams: sources?.upstreams ?? 0 },
      };
    },
  };
}
