import type { AlertRule, RuleTerms } from './rule';

export interface CheapToMoveTerms extends RuleTerms {
  /** By feed id, in the feed's quote currency; a feed without a floor has no such alert. */
  readonly floors: Readonly<Record<string, number>>;
}

/** A feed's price can be pushed for less than what is at stake on it. */
export function cheapToMove(terms: CheapToMoveTerms): AlertRule {
  return {
    severity: terms.severity,
    forMs: terms.forMs,
    name: 'cheapToMove',
    clearForMs: 5_000,
    subjects: (plan) => plan.feeds.map(({ id }) => id),
    holds(facts, feed) {
      const cost = facts.costToMove(feed);
      const floor = terms.floors[facts.plan.feeds[feed]?.id ?? ''];
      return cost === undefined || floor === undefined ? undefined : cost < floor;
    },
    describe(facts, feed, fires) {
      const { id = '', quote = '' } = facts.plan.feeds[feed] ?? {};
      const costToMove = facts.costToMove(feed) ?? 0;
      const floor = terms.floors[id] ?? 0;
      return {
        summary: fires
          ? `${id} can be moved by 1 % for ${costToMove} ${quote}, less than its floor of ${floor}; ` +
            'lower what may be borrowed against it, or add sources'
          : `it takes ${costToMove} ${quote} again to move ${id} by 1 %, the floor is ${floor}`,
        evidence: { feed: id, costToMove, floor },
      };
    },
  };
}
