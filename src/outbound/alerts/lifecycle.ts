import type { Cut } from '../../oracle/cut';
import type { OraclePlan } from '../../oracle/plan';
import type { EpochMs } from '../../oracle/units/time';
import type { AlertChange } from './alert';
import { Facts } from './facts';
import type { AlertRule } from './rules/rule';

/** What a restart needs, as JSON. Facts are not in it: until a cut speaks of a subject, its alert stays as it is. */
export interface AlertLifecycleState {
  /** Conditions that hold, with no alert yet: since when, by alert id. */
  readonly pending: Readonly<Record<string, EpochMs>>;
  readonly firing: readonly FiringState[];
}

interface FiringState {
  readonly alert: AlertChange;
  /** Since when the condition has been gone. */
  readonly clearSince?: EpochMs;
}

/** One rule's eye on one subject. */
interface Watch {
  readonly id: string;
  readonly rule: AlertRule;
  readonly subject: number;
  readonly subjectName: string;
  heldSince: EpochMs | undefined;
  clearSince: EpochMs | undefined;
  fired: AlertChange | undefined;
}

/**
 * The life of each alert: its condition holds (pending), has held for `forMs` (firing), has been gone for `clearForMs`
 * (resolved). Deterministic: time is that of the cuts, which come at least every `maxIntervalMs`.
 */
export class AlertLifecycle {
  private readonly facts: Facts;
  private readonly watches: readonly Watch[];
  /** Alerts of a former configuration whose rule or subject is gone. */
  private orphans: readonly AlertChange[] = [];

  constructor(plan: OraclePlan, rules: readonly AlertRule[], state?: AlertLifecycleState) {
    this.facts = new Facts(plan);
    this.watches = rules.flatMap((rule) =>
      rule.subjects(plan).map((subjectName, subject) => ({
        id: `${rule.name}:${subjectName}`,
        rule,
        subject,
        subjectName,
        heldSince: undefined,
        clearSince: undefined,
        fired: undefined,
      })),
    );
    if (state !== undefined) this.restore(state);
  }

  /** Takes the next cut and returns what changed, in the order of the rules and their subjects. */
  evaluate(cut: Cut): AlertChange[] {
    this.facts.learn(cut);
    const changes = this.orphans.map((alert) => retired(alert, cut));
    this.orphans = [];
    for (const watch of this.watches) {
      const change = this.look(watch, cut);
      if (change !== undefined) changes.push(change);
    }
    return changes;
  }

  state(): AlertLifecycleState {
    const pending: Record<string, EpochMs> = {};
    const firing: FiringState[] = this.orphans.map((alert) => ({ alert }));
    for (const { id, heldSince, clearSince, fired } of this.watches) {
      if (fired !== undefined) firing.push(clearSince === undefined ? { alert: fired } : { alert: fired, clearSince });
      else if (heldSince !== undefined) pending[id] = heldSince;
    }
    return { pending, firing };
  }

  private restore({ pending, firing }: AlertLifecycleState): void {
    const fired = new Map(firing.map((each) => [each.alert.id, each]));
    for (const watch of this.watches) {
      const own = fired.get(watch.id);
      fired.delete(watch.id);
      watch.fired = own?.alert;
      watch.clearSince = own?.clearSince;
      watch.heldSince = own?.alert.since ?? pending[watch.id];
    }
    this.orphans = [...fired.values()].map(({ alert }) => alert);
  }

  private look(watch: Watch, cut: Cut): AlertChange | undefined {
    const holds = watch.rule.holds(this.facts, watch.subject);
    if (holds === undefined) return undefined;
    if (holds) {
      watch.clearSince = undefined;
      watch.heldSince ??= cut.at;
      if (watch.fired !== undefined || cut.at - watch.heldSince < watch.rule.forMs) return undefined;
      watch.fired = this.change(watch, watch.heldSince, true, cut);
      return watch.fired;
    }
    if (watch.fired === undefined) {
      watch.heldSince = undefined;
      return undefined;
    }
    watch.clearSince ??= cut.at;
    if (cut.at - watch.clearSince < watch.rule.clearForMs) return undefined;
    const resolved = this.change(watch, watch.fired.since, false, cut);
    watch.heldSince = watch.clearSince = watch.fired = undefined;
    return resolved;
  }

  private change({ id, rule, subject, subjectName }: Watch, since: EpochMs, fires: boolean, cut: Cut): AlertChange {
    return {
      id,
      rule: rule.name,
      subject: subjectName,
      severity: rule.severity,
      state: fires ? 'firing' : 'resolved',
      since,
      at: cut.at,
      cut: cut.number,
      ...rule.describe(this.facts, subject, fires),
    };
  }
}

function retired(alert: AlertChange, cut: Cut): AlertChange {
  const summary = `${alert.subject} is no longer watched by ${alert.rule}: the configuration changed`;
  return { ...alert, state: 'resolved', at: cut.at, cut: cut.number, summary };
}
