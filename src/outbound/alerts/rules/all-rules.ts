import { cheapToMove, type CheapToMoveTerms } from './cheap-to-move';
import { feedHalted } from './feed-halted';
import { mediansDisagree } from './medians-disagree';
import type { AlertRule, RuleTerms } from './rule';
import { sourceDown } from './source-down';

/** The rules that every configuration has, by the name that configuration and alerts know it by. */
const RULES = { sourceDown, mediansDisagree, feedHalted };

export type RuleName = keyof typeof RULES;

/** Those of a configuration that has no floors leave out `cheapToMove`. */
export type AlertTerms = Readonly<Record<RuleName, RuleTerms>> & {
  readonly cheapToMove?: CheapToMoveTerms | undefined;
};

/** The rules under the terms of the configuration, in the order in which a cut reports their alerts. */
export function alertRules(terms: AlertTerms): readonly AlertRule[] {
  const rules = (Object.keys(RULES) as RuleName[]).map((name) => RULES[name](terms[name]));
  return terms.cheapToMove === undefined ? rules : [...rules, cheapToMove(terms.cheapToMove)];
}
