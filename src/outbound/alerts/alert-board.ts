import type { AlertChange } from './alert';

/** Resolved alerts that are remembered. */
export const MAX_RESOLVED = 200;

/** What stands now and what was lately resolved, built from changes in order. */
export class AlertBoard {
  private readonly firing = new Map<string, AlertChange>();
  private readonly past: AlertChange[] = [];

  /** Starts over from alerts that fire already. */
  reset(firing: readonly AlertChange[]): void {
    this.firing.clear();
    for (const alert of firing) this.firing.set(alert.id, alert);
  }

  take(change: AlertChange): void {
    if (change.state === 'firing') {
      this.firing.set(change.id, change);
      return;
    }
    this.firing.delete(change.id);
    this.past.unshift(change);
    if (this.past.length > MAX_RESOLVED) this.past.pop();
  }

  /** In the order in which they fired. */
  active(): AlertChange[] {
    return [...this.firing.values()];
  }

  /** Newest first. */
  resolved(offset: number, limit: number): AlertChange[] {
    return this.past.slice(offset, offset + limit);
  }
}
