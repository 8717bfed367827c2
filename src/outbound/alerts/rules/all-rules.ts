import { feedHalted } from './feed-halted';
import { mediansDisagree } from './medians-disagree';
import type { AlertRule, RuleTerms } from './rule';
import { sourceDown } from './source-down';

/** Every rule there is, by the name that configuration and alerts know it by. */
const RULES = { sourceDown, mediansDisagree, feedHalted };

export type RuleName = keyof typeof RULES;

/** The rules under the terms of the configuration, in the order in which a cut reports their alerts. */
export function alertRules(terms: Readonly<Record<RuleName, RuleTerms>>): readonly AlertRule[] {
  return (Object.keys(RULES) as RuleName[]).map((name) => RULES[name](terms[name]));
}
