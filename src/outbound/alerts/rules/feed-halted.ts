import type { AlertRule, RuleTerms } from './rule';

/** A feed without a price: nobody can open, withdraw or be liquidated by it. */
export function feedHalted(terms: RuleTerms): AlertRule {
  return {
    ...terms,
    name: 'feedHalted',
    clearForMs: 5_000,
    subjects: (plan) => plan.feeds.map(({ id }) => id),
    holds(facts, feed) {
      const report = facts.report(feed);
      return report === undefined ? undefined : report.status === 'halted';
    },
    describe(facts, feed, fires) {
      const { id = '', policy } = facts.plan.feeds[feed] ?? {};
      const { status = 'halted', reasons = [], sources } = facts.report(feed) ?? {};
      const { used = 0, upstreams = 0 } = sources ?? {};
      const minUpstreams = policy?.minUpstreams ?? 0;
      return {
        summary: fires
          ? `${id} is halted (${reasons.join(', ')}): ${upstreams} upstreams speak, ${minUpstreams} are needed`
          : `${id} has a price again, status ${status}`,
        evidence: { feed: id, status, reasons, used, upstreams, minUpstreams },
      };
    },
  };
}
