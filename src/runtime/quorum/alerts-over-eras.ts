import type { Cut } from '../../oracle/cut';
import type { AlertChange } from '../../outbound/alerts/alert';
import { AlertLifecycle } from '../../outbound/alerts/lifecycle';
import { alertRules } from '../../outbound/alerts/rules/all-rules';
import type { Configuration } from '../../platform/config/configuration';

type State = ReturnType<AlertLifecycle['state']>;

/** Alerts by the rules and the feeds of each cut's own era; what fires goes over to the next, by its name. */
export class AlertsOverEras implements Pick<AlertLifecycle, 'evaluate' | 'state'> {
  private lifecycle: AlertLifecycle;
  private configuration: Configuration;

  /** @param through the newest cut that the state knows of */
  constructor(
    private readonly configurationOf: (cut: number) => Configuration,
    through: number,
    state: State | undefined,
  ) {
    this.configuration = configurationOf(through);
    this.lifecycle = open(this.configuration, state);
  }

  evaluate(cut: Cut): AlertChange[] {
    const configuration = this.configurationOf(cut.number);
    if (configuration !== this.configuration) {
      this.lifecycle = open(configuration, this.lifecycle.state());
      this.configuration = configuration;
    }
    return this.lifecycle.evaluate(cut);
  }

  state(): State {
    return this.lifecycle.state();
  }
}

function open({ plan, alerts }: Configuration, state: State | undefined): AlertLifecycle {
  return new AlertLifecycle(plan, alertRules(alerts.rules), state);
}
