import type { OraclePlan } from '../../../oracle/plan';
import type { AlertChange } from '../alert';
import type { Facts } from '../facts';

/** When an alert of a rule fires and how grave it is: what the configuration decides. */
export interface RuleTerms {
  readonly severity: AlertChange['severity'];
  /** How long the condition holds before the alert fires. */
  readonly forMs: number;
}

/** A condition that may hold for each of its subjects. Pure: its answers follow from the facts alone. */
export interface AlertRule extends RuleTerms {
  readonly name: string;
  /** How long the condition must be gone before a firing alert is resolved, so that one that flickers is one alert. */
  readonly clearForMs: number;
  /** Names of the subjects; `subject` below is an index into them. */
  subjects(plan: OraclePlan): readonly string[];
  /** Undefined where the facts say nothing of the subject: then its alert stays as it is. */
  holds(facts: Facts, subject: number): boolean | undefined;
  /** Asked when an alert fires, and again when it is resolved. */
  describe(facts: Facts, subject: number, fires: boolean): AlertDescription;
}

export type AlertDescription = Pick<AlertChange, 'summary' | 'evidence'>;
