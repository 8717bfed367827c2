import type { Verdict } from '../../../oracle/verdict';
import type { Facts, SourceFact } from '../facts';
import type { AlertRule, RuleTerms } from './rule';

const DOWN: ReadonlySet<Verdict> = new Set(['silent', 'staleReceived', 'staleEvent']);

/** A source that has said nothing, or nothing new, for longer than it may. */
export function sourceDown(terms: RuleTerms): AlertRule {
  return {
    ...terms,
    name: 'sourceDown',
    clearForMs: 5_000,
    subjects: (plan) => plan.sources.map(({ id }) => id),
    holds(facts, source) {
      const verdict = facts.verdict(source);
      return verdict === undefined ? undefined : DOWN.has(verdict);
    },
    describe(facts, source, fires) {
      const { id = '', venue = '', feed } = facts.plan.sources[source] ?? {};
      const fact = facts.source(source);
      return {
        summary: fires ? `${id} ${complaint(fact)}; it has no vote` : `${id} speaks again`,
        evidence: { source: id, venue, feed: feedId(facts, feed), ...evidenceOf(fact) },
      };
    },
  };
}

function complaint(fact: SourceFact | undefined): string {
  switch (fact?.verdict) {
    case 'staleReceived':
      return `was last heard ${fact.measured} ms ago, more than ${fact.limit} ms`;
    case 'staleEvent':
      return `sends quotes that are ${fact.measured} ms old by its own clock, more than ${fact.limit} ms`;
    default:
      return 'has said nothing since its connection opened';
  }
}

function evidenceOf(fact: SourceFact | undefined): Record<string, string | number> {
  if (fact === undefined) return {};
  const { verdict, measured, limit } = fact;
  return {
    verdict,
    ...(Number.isFinite(measured) ? { measured } : {}),
    ...(Number.isFinite(limit) ? { limit } : {}),
  };
}

function feedId({ plan }: Facts, feed: number | undefined): string {
  return plan.feeds[feed ?? -1]?.id ?? '';
}
